#include "bench/run.hpp"

#include "bench/aged.hpp"
#include "bench/arrivals.hpp"
#include "bench/programs.hpp"
#include "bench/requests.hpp"
#include "bench/sink.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <stdexcept>
#include <thread>

namespace bench {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds settle_time{300}; // for what nobody waits for: outcomes, a checkpoint
constexpr std::chrono::milliseconds between_looks{2};

std::uintmax_t size_of(const std::filesystem::path& file)
{
    std::error_code none; // a log that was never made has no size
    const auto bytes = std::filesystem::file_size(file, none);
    return none ? 0 : bytes;
}

// A daemon under load, and what it used.
class measured_daemon
{
public:
    explicit measured_daemon(daemon_options made) : options_(std::move(made)), daemon_(options_) {}

    const daemon& process() const { return daemon_; }
    const std::filesystem::path& database() const { return options_.database; }

    void begin() { share_.before = daemon_.used(); }

    void end()
    {
        share_.after = daemon_.used();
        share_.log_bytes = size_of(options_.database.string() + "-wal");
    }

    daemon_share stop()
    {
        daemon_.stop();
        share_.database_bytes = size_of(options_.database);
        return share_;
    }

private:
    daemon_options options_;
    daemon daemon_;
    daemon_share share_;
};

daemon_options with_probe(daemon_options made, std::size_t records)
{
    made.commits_logged = records;
    return made;
}

load_result run_unrefused(asio::io_context& loop, const load_plan& plan)
{
    auto done = run_load(loop, plan);
    if (done.refused > 0)
        throw std::runtime_error(std::to_string(done.refused) + " " + plan.what + " were refused");
    return done;
}

// Keeps the loop going until `arrived` says that `count` events came.
void wait_for(asio::io_context& loop, std::size_t count, unsigned limit_s,
              const std::function<std::size_t()>& arrived)
{
    const auto give_up_ns = now_ns() + std::int64_t{limit_s} * 1'000'000'000;
    const auto waits = asio::make_work_guard(loop); // without work run_for returns at once
    while (arrived() < count) {
        if (now_ns() > give_up_ns)
            throw std::runtime_error(limit_text("events", arrived(), count, "in the inbox", limit_s));
        loop.restart();
        loop.run_for(between_looks);
    }
}

load_plan plan_of(const options& asked, const char* what, std::uint16_t port)
{
    load_plan plan;
    plan.what = what;
    plan.port = port;
    plan.connections = asked.connections;
    plan.requests = asked.events;
    plan.limit_s = asked.limit_s;
    return plan;
}

void register_users(asio::io_context& loop, const options& asked, std::uint16_t port, std::uint16_t callback)
{
    auto plan = plan_of(asked, "registrations", port);
    plan.request = [callback](std::size_t index) { return register_request(index, callback); };
    run_unrefused(loop, plan);
}

load_result start_users(asio::io_context& loop, const options& asked, std::uint16_t port,
                        const std::function<std::size_t()>& arrived)
{
    auto plan = plan_of(asked, "starts", port);
    plan.rate = asked.rate;
    plan.request = [](std::size_t index) { return start_request(index); };
    plan.backlog_max = asked.backlog_max;
    plan.arrived = arrived;
    return run_unrefused(loop, plan);
}

// From start to the inbox of the receiver, or to the sink when there is no receiver.
run_figures run_flow(const options& asked)
{
    asio::io_context loop{1};
    std::optional<sink> counting;
    std::optional<measured_daemon> receiver;
    if (asked.what == target::sink)
        counting.emplace(loop);
    else
        receiver.emplace(with_probe(receiver_options(asked), asked.events * 2));
    measured_daemon sender(with_probe(sender_options(asked), asked.events * 6));
    const auto arrived = [&]() -> std::size_t {
        return counting ? counting->arrivals().size() : receiver->process().commits().events_added.load();
    };

    register_users(loop, asked, sender.process().port(),
                   counting ? counting->port() : receiver->process().port());
    std::this_thread::sleep_for(settle_time);
    sender.begin();
    if (receiver)
        receiver->begin();
    run_figures figures;
    figures.events = asked.events;
    figures.requests = start_users(loop, asked, sender.process().port(), arrived);
    wait_for(loop, asked.events, asked.limit_s, arrived);
    std::this_thread::sleep_for(settle_time);
    sender.end();
    figures.sender = sender.stop();
    if (receiver) {
        receiver->end();
        figures.receiver = receiver->stop();
    }
    const auto events =
        counting ? counting->arrivals() : read_arrivals(receiver->process().commits(), receiver->database());
    const auto ready = read_ready(sender.process().commits(), sender.database());
    judge_arrivals(events, ready, figures);
    return figures;
}

run_figures run_receiver(const options& asked)
{
    asio::io_context loop{1};
    measured_daemon receiver(with_probe(receiver_options(asked), asked.events * 2));
    const auto posts = signed_posts(asked.events, receiver.process().port());
    auto plan = plan_of(asked, "posts", receiver.process().port());
    plan.request = [&](std::size_t index) { return posts[index]; };
    receiver.begin();
    run_figures figures;
    figures.events = asked.events;
    figures.requests = run_unrefused(loop, plan);
    figures.seconds = static_cast<double>(figures.requests.ended_ns - figures.requests.began_ns) / 1e9;
    receiver.end();
    figures.receiver = receiver.stop();
    judge_posts(posts, read_arrivals(receiver.process().commits(), receiver.database()));
    return figures;
}

} // namespace

daemon_options sender_options(const options& asked)
{
    return {.program = sender_program(asked.build),
            .prefix = "SENDER_",
            .database = asked.folder / "sender.db",
            .more = {{"SENDER_WAITING_AFTER_MS", "0"}, {"SENDER_READY_AFTER_MS", "1"}}};
}

daemon_options receiver_options(const options& asked)
{
    return {.program = receiver_program(asked.build),
            .prefix = "RECEIVER_",
            .database = asked.folder / "receiver.db",
            .more = {}};
}

run_figures run(const options& asked)
{
    if (asked.aged > 0 && asked.what != target::sink)
        age_receiver(receiver_options(asked).database, asked.aged);
    if (asked.aged > 0 && asked.what != target::receiver)
        age_sender(sender_options(asked).database, asked.aged);
    return asked.what == target::receiver ? run_receiver(asked) : run_flow(asked);
}

} // namespace bench
