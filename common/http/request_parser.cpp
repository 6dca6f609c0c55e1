#include "common/http/request_parser.hpp"

#include "common/http/chunks.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <cstdint>
#include <utility>

namespace http {

namespace {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;
using text = boost::beast::string_view;

// Beast does not use up a chunk's header before its end is there, and looks for nothing but that end. Longer
// than this it is no plain header: a chunk size takes 16 digits at most, and nothing else is allowed in it.
constexpr std::size_t chunk_header_bytes_max = 32;

// Can `begun` still become what surrounds chunks: line ends and a hexadecimal size?
bool is_plain_chunk_header(std::string_view begun)
{
    for (auto line_feed = begun.find('\n'); line_feed != std::string_view::npos;
         line_feed = begun.find('\n', line_feed + 1))
        if (line_feed == 0 || begun[line_feed - 1] != '\r')
            return false;
    return begun.size() <= chunk_header_bytes_max &&
           begun.find_first_not_of("0123456789abcdefABCDEF\r\n") == std::string_view::npos;
}

// Writes what Beast finds into a request. Chunk extensions and trailers end it: nothing here needs them, and
// Beast would merge trailers into the headers.
class filler final : public beast_http::basic_parser<true>
{
public:
    filler(request& message, std::string& target) : message_(message), target_(target) {}

private:
    void on_request_impl(beast_http::verb, text method, text target, int, error_code&) override
    {
        message_.method.assign(method.data(), method.size());
        target_.assign(target.data(), target.size());
    }

    void on_response_impl(int, text, int, error_code& ec) override { ec = beast_http::error::bad_method; }

    void on_field_impl(beast_http::field, text name, text value, error_code& ec) override
    {
        if (is_header_done())
            ec = beast_http::error::unexpected_body; // a trailer
        else
            message_.headers.push_back({std::string(name), std::string(value)});
    }

    void on_header_impl(error_code&) override {}

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override
    {
        message_.body.reserve(static_cast<std::size_t>(length.value_or(0)));
    }

    std::size_t on_body_impl(text part, error_code&) override
    {
        message_.body.append(part.data(), part.size());
        return part.size();
    }

    void on_chunk_header_impl(std::uint64_t, text extensions, error_code& ec) override
    {
        if (!extensions.empty())
            ec = beast_http::error::bad_chunk_extension;
    }

    std::size_t on_chunk_body_impl(std::uint64_t, text part, error_code& ec) override
    {
        return on_body_impl(part, ec);
    }

    void on_finish_impl(error_code&) override {}

    request& message_;
    std::string& target_;
};

refusal explain(const error_code& ec)
{
    if (ec == beast_http::error::body_limit)
        return {413, "The body is too large."};
    if (ec == beast_http::error::unexpected_body)
        return {400, "Trailers after a chunked body are not accepted."};
    if (ec == beast_http::error::bad_chunk_extension)
        return {400, "Chunk extensions are not accepted."};
    if (ec == beast_http::error::bad_chunk)
        return {400, "The chunked body is malformed."};
    return {400, "The request is not plain HTTP/1.1: " + ec.message() + "."};
}

} // namespace

struct request_parser::state
{
    explicit state(request_limits bounds) : limits(bounds) {}

    std::size_t skip_empty_line(std::string_view received);
    std::size_t read_head(std::string_view received);
    std::size_t read_body(std::string_view received);

    request_limits limits;
    request message;
    std::string target;
    head_scanner scanner;
    bool empty_line_skipped = false;
    bool version_1_0 = false;
    bool expects_continue = false;
    std::optional<filler> reader; // from the end of the head on
    std::optional<refusal> refused;
};

// RFC 9112, 2.2: one empty line before a request is passed over, since old clients send it.
std::size_t request_parser::state::skip_empty_line(std::string_view received)
{
    empty_line_skipped = empty_line_skipped || (!received.empty() && received != "\r");
    return received.starts_with("\r\n") ? 2 : 0;
}

std::size_t request_parser::state::read_head(std::string_view received)
{
    auto progress = scanner.scan(received);
    refused = std::move(progress.refused);
    const auto length_min = progress.length > 0 ? progress.length : received.size() + 1;
    if (!refused && length_min > limits.header_bytes_max)
        refused = refusal{431, "The headers are too large."};
    if (refused || progress.length == 0)
        return 0;
    const auto head = received.substr(0, progress.length);
    refused = check_head(head);
    if (refused)
        return 0;

    reader.emplace(message, target);
    reader->eager(true);
    reader->header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    reader->body_limit(limits.body_bytes_max);
    error_code ec;
    const auto used = reader->put({head.data(), head.size()}, ec);
    if (ec || used != head.size() || !reader->is_header_done()) {
        refused = explain(ec);
        return 0;
    }
    message.head.assign(head);
    const std::string_view whole = target;
    message.path.assign(whole.substr(0, whole.find('?')));
    version_1_0 = head.substr(0, head.find('\r')).ends_with("HTTP/1.0");
    expects_continue = !version_1_0 && !message.values("Expect").empty();
    return used;
}

std::size_t request_parser::state::read_body(std::string_view received)
{
    if (reader->chunked() && received.size() < chunk_rest_bytes_min)
        return 0;
    error_code ec;
    const auto used = reader->put({received.data(), received.size()}, ec);
    if (ec && ec != beast_http::error::need_more)
        refused = explain(ec);
    else if (ec && !is_plain_chunk_header(received.substr(used)))
        refused = refusal{400, "The chunked body is malformed, or has chunk extensions or trailers."};
    return used;
}

request_parser::request_parser(request_limits limits) : state_(std::make_unique<state>(limits)) {}

request_parser::~request_parser() = default;

void request_parser::next()
{
    auto& message = state_->message;
    message.method.clear();
    message.path.clear();
    message.path_parameters.clear();
    message.query.clear();
    message.headers.clear();
    message.body.clear();
    state_->scanner = {};
    state_->empty_line_skipped = false;
    state_->reader.reset();
}

std::size_t request_parser::feed(std::string_view received)
{
    std::size_t used = 0;
    if (!state_->empty_line_skipped)
        used = state_->skip_empty_line(received);
    if (!state_->empty_line_skipped || state_->refused)
        return used;
    if (!state_->reader && used < received.size())
        used += state_->read_head(received.substr(used));
    if (state_->reader && !state_->refused && !complete() && used < received.size())
        used += state_->read_body(received.substr(used));
    return used;
}

bool request_parser::complete() const
{
    return state_->reader && state_->reader->is_done() && !state_->refused;
}

const std::optional<refusal>& request_parser::refused() const
{
    return state_->refused;
}

bool request_parser::in_body() const
{
    return state_->reader && !complete() && !state_->refused;
}

bool request_parser::take_expectation()
{
    return in_body() && std::exchange(state_->expects_continue, false);
}

bool request_parser::keep_alive() const
{
    return state_->reader && state_->reader->keep_alive() && !state_->version_1_0;
}

request& request_parser::message()
{
    return state_->message;
}

std::string_view request_parser::target() const
{
    return state_->target;
}

} // namespace http
