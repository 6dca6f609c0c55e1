#include "bench/run.hpp"

#include "bench/aged.hpp"
#include "bench/arrivals.hpp"
#include "bench/failing_callbacks.hpp"
#include "bench/programs.hpp"
#include "bench/requests.hpp"
#include "bench/sink.hpp"
#include "common/runtime/descriptors.hpp"

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

sender_past past_of_sender(const options& asked, const std::string& dead_origin)
{
    return {asked.aged, asked.backlog, asked.waiting, dead_origin};
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

void register_users(asio::io_context& loop, const options& asked, std::uint16_t port,
                    const std::vector<std::string>& living, const std::vector<std::string>& failing)
{
    const auto who = population_of(asked);
    auto plan = plan_of(asked, "registrations", port);
    plan.request = [&](std::size_t user) {
        const auto& origins = who.fails(user) ? failing : living;
        return register_request(user, origins[who.rank(user) % origins.size()]);
    };
    run_unrefused(loop, plan);
}

load_result start_users(asio::io_context& loop, const options& asked, std::uint16_t port,
                        const std::function<std::size_t()>& arrived)
{
    const auto who = population_of(asked);
    std::size_t failing = 0; // started; they are on their way to nowhere, and nobody is to wait for them
    auto plan = plan_of(asked, "starts", port);
    plan.rate = asked.rate;
    plan.request = [&](std::size_t user) {
        failing += who.fails(user);
        return start_request(user);
    };
    plan.on_its_way_max = asked.on_its_way_max;
    plan.arrived = [&] { return arrived() + failing; };
    return run_unrefused(loop, plan);
}

// For a port and a connection of each origin, the generator's connections, and what the sender opens besides.
void require_descriptors(const options& asked)
{
    constexpr std::size_t besides = 1'000;
    const auto needed = 2 * asked.origins + asked.connections + besides;
    const auto permitted = runtime::raise_descriptor_limit();
    if (permitted < needed)
        throw std::runtime_error("so many --origins need " + std::to_string(needed) +
                                 " open descriptors, and " + std::to_string(permitted) +
                                 " are permitted (ulimit -n)");
}

// Where the living users' events go: the receiver's inbox or, when there is none, the sink.
class destination
{
public:
    destination(asio::io_context& loop, const options& asked)
    {
        if (asked.what == target::sink) {
            require_descriptors(asked);
            counting_.emplace(loop, conduct::takes, asked.origins);
        }
        else {
            receiver_.emplace(with_probe(receiver_options(asked), asked.events * 2));
        }
    }

    std::vector<std::string> origins() const
    {
        return counting_ ? counting_->origins()
                         : std::vector{"http://127.0.0.1:" + std::to_string(receiver_->process().port())};
    }

    std::size_t arrived() const
    {
        return counting_ ? counting_->arrivals().size() : receiver_->process().commits().events_added.load();
    }

    void begin()
    {
        if (receiver_)
            receiver_->begin();
    }

    std::optional<daemon_share> stop()
    {
        if (!receiver_)
            return std::nullopt;
        receiver_->end();
        return receiver_->stop();
    }

    // Once it has stopped.
    std::vector<arrival> arrivals() const
    {
        return counting_ ? counting_->arrivals()
                         : read_arrivals(receiver_->process().commits(), receiver_->database());
    }

private:
    std::optional<sink> counting_;
    std::optional<measured_daemon> receiver_;
};

// A living user's session changes its row for READY and for the outcome; that of one who fails, for READY and
// after each attempt, of which there are 20 at most.
std::size_t session_changes_max(const population& who)
{
    return who.living() * 6 + who.failing * 24;
}

// From start to the inbox of the receiver, or to the sink when there is no receiver.
run_figures run_flow(const options& asked)
{
    run_figures figures;
    figures.who = population_of(asked);
    asio::io_context loop{1};
    destination living(loop, asked);
    failing_callbacks failing(asked.failing_as);
    auto probed = with_probe(sender_options(asked), session_changes_max(figures.who));
    probed.sessions_known = static_cast<std::int64_t>(past_of_sender(asked, {}).sessions());
    measured_daemon sender(probed);
    const auto arrived = [&] { return living.arrived(); };

    register_users(loop, asked, sender.process().port(), living.origins(), failing.origins());
    std::this_thread::sleep_for(settle_time);
    sender.begin();
    living.begin();
    figures.requests = start_users(loop, asked, sender.process().port(), arrived);
    wait_for(loop, figures.who.living(), asked.limit_s, arrived);
    std::this_thread::sleep_for(settle_time);
    sender.end();
    figures.failed_posts = failing.close();
    figures.sender = sender.stop();
    figures.receiver = living.stop();
    judge_arrivals(living.arrivals(), read_ready(sender.process().commits(), sender.database()), figures);
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
    figures.who.users = asked.events;
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

void fill_databases(const options& asked, const std::string& dead_origin)
{
    if (asked.aged > 0 && asked.what != target::sink)
        age_receiver(receiver_options(asked).database, asked.aged);
    const auto past = past_of_sender(asked, dead_origin);
    if (past.sessions() > 0 && asked.what != target::receiver)
        age_sender(sender_options(asked).database, past);
}

run_figures run(const options& asked)
{
    return asked.what == target::receiver ? run_receiver(asked) : run_flow(asked);
}

} // namespace bench
