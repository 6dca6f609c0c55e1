#pragma once

#include "common/storage/database.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace storage::detail {

// What the caller asked for, and its answer. It stays in the frame of the coroutine that awaits it, so that
// neither has to be copied or made up: a result may be move-only and need not be default-constructible.
template <class Op>
struct request
{
    using result = std::invoke_result_t<Op&, connection&>;
    static_assert(!std::is_reference_v<result>,
                  "a row does not outlive its transaction: answer with a value");

    Op op;
    std::optional<std::conditional_t<std::is_void_v<result>, std::monostate, result>> answer;

    explicit request(Op asked) : op(std::move(asked)) {}

    void run(connection& db)
    {
        if constexpr (std::is_void_v<result>) {
            op(db);
        }
        else {
            answer.emplace(op(db));
        }
    }
};

// A request with the handler that resumes its caller.
template <class Op, class Handler>
class bound_operation final : public operation
{
public:
    bound_operation(request<Op>& asked, Handler handler)
        : request_(asked),
          handler_(std::move(handler)),
          work_(boost::asio::get_associated_executor(handler_))
    {}

    void run(connection& db) override { request_.run(db); }

    void complete(std::exception_ptr failure) override
    {
        // One post to the caller's loop, which the guard keeps running until then. The failure moves along,
        // so that the last to hold the exception is the thread that looks at it.
        boost::asio::post(work_.get_executor(),
                          [handler = std::move(handler_), failure = std::move(failure)]() mutable {
                              std::move(handler)(std::move(failure));
                          });
        work_.reset();
    }

private:
    request<Op>& request_;
    Handler handler_;
    boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> work_;
};

} // namespace storage::detail

namespace storage {

template <class Op>
boost::asio::awaitable<std::invoke_result_t<Op&, connection&>> database::perform(Op op, lane where,
                                                                                 admission how)
{
    detail::request<Op> asked(std::move(op));
    auto initiate = [this, &asked, where, how](auto handler) {
        using bound = detail::bound_operation<Op, decltype(handler)>;
        enqueue(std::make_unique<bound>(asked, std::move(handler)), where, how);
    };
    co_await boost::asio::async_initiate<const boost::asio::deferred_t, void(std::exception_ptr)>(
        initiate, boost::asio::deferred);
    if constexpr (!std::is_void_v<typename detail::request<Op>::result>) {
        co_return *std::move(asked.answer);
    }
}

} // namespace storage
