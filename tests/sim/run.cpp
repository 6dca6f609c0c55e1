#include "tests/sim/run.hpp"

#include "tests/sim/audit.hpp"
#include "tests/sim/chaos.hpp"
#include "tests/sim/neighbours.hpp"
#include "tests/sim/operator.hpp"
#include "tests/sim/receiver_life.hpp"
#include "tests/sim/scenario.hpp"
#include "tests/sim/sender_life.hpp"
#include "tests/sim/vfs.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace sim {

using namespace std::chrono_literals;

namespace {

constexpr duration settling_max = 4h; // with every retry at its latest, and the clock an hour off before
constexpr duration patience = 5min;   // for a start, or an answer
constexpr duration prompt = 1s;       // from READY's time to the inbox
constexpr duration look_pause = 10s;
constexpr duration blocked_max = 61s; // that an origin rests by its breaker or Retry-After
constexpr duration backlog_built = 60s;
constexpr duration prompt_retry = 10s; // from READY's time to the inbox, when the first attempts fail

// A service does not answer as it must, so that nothing more can be asked of it.
struct stopped_short : std::exception
{};

// One run's parts, in the order of their making.
class world
{
public:
    explicit world(std::uint64_t seed);

    void run();
    run_result result() const;

private:
    void begin();
    void advance();
    void run_until(duration at);
    void settle();
    void wait_until_settled();
    void all_come_again();
    void judge_promptness();
    void judge_beside_neighbours();
    void judge_after_restart();
    boost::json::value ask(machine& whom, const std::string& path);
    void wait_until_up();
    void wait_for(const std::function<bool()>& come, const std::string& what);

    random random_;
    scheduler time_;
    faults faults_{random_};
    journal journal_{time_};
    network network_{time_, random_, faults_};
    surroundings around_{time_, random_, faults_, journal_, network_};
    test::temporary_folder folder_; // for the lock files alone: the databases are on the simulated disks
    vfs vfs_{time_, random_};
    outbox::dispatch_settings settings_;
    forwarding forwarding_;
    machine sender_;
    machine receiver_;
    app app_;
    observer observer_;
    chaos chaos_;
    neighbours neighbours_;
    sender_operator operator_;
    std::vector<std::unique_ptr<visitor>> visitors_; // the neighbours behind the others
    std::size_t regulars_ = 0;                       // the others
    audit audit_;
};

std::string make_folder(const std::filesystem::path& under, const char* name)
{
    const auto made = under / name;
    std::filesystem::create_directory(made);
    return made.string();
}

world::world(std::uint64_t seed)
    : random_(seed),
      settings_(draw_sending(random_)),
      forwarding_{random_.chance(0.5), draw_forwarding(random_)},
      sender_(around_, "sender", make_folder(folder_.path(), "sender")),
      receiver_(around_, "receiver", make_folder(folder_.path(), "receiver")),
      app_(around_, receiver_.clock(), forwarding_.how),
      observer_(time_, sender_.clock(), settings_, journal_),
      chaos_(around_, sender_, receiver_, observer_, app_),
      neighbours_(around_, receiver_),
      operator_(around_, observer_.origins(), callback_origins()),
      audit_(sender_, receiver_, observer_, forwarding_.on ? &app_ : nullptr, settings_.retry, journal_,
             [this](machine& whom, const std::string& path) { return ask(whom, path); })
{
    journal_.hide(folder_.path().string());
    vfs_.mount(folder_.file("sender"), sender_.storage());
    vfs_.mount(folder_.file("receiver"), receiver_.storage());
    network_.connect(sender_name, sender_);
    for (const auto& name : callback_hosts)
        network_.connect(name, receiver_);
    network_.connect(app_host, app_);
}

void world::begin()
{
    sender_.start(
        [this](const life_setting& given) {
            return std::make_unique<sender_life>(given, network_, observer_, settings_);
        },
        [this] { observer_.sender_died(); });
    receiver_.start(
        [this](const life_setting& given) {
            return std::make_unique<receiver_life>(given, network_, observer_, app_, forwarding_);
        },
        [this] { app_.receiver_died(); });
    for (auto users = 2 + random_.below(11); users > 0; --users) {
        visitors_.push_back(std::make_unique<visitor>(around_, "user" + std::to_string(users), callbacks()));
        visitors_.back()->begin();
    }
    regulars_ = visitors_.size();
    if (settings_.in_flight_max > 1) // one slot is everybody's
        neighbours_.begin(visitors_);
    operator_.begin();
    if (forwarding_.on)
        app_.begin();
    chaos_.begin();
}

// One thing that was planned, and what follows from it at once.
void world::advance()
{
    if (!time_.run_next())
        throw std::logic_error("nothing is planned any more");
    sender_.settle();
    receiver_.settle();
}

void world::run_until(duration at)
{
    bool reached = false;
    time_.after(at - time_.now(), [&] { reached = true; });
    while (!reached && !journal_.violated())
        advance();
}

// Goes on until `come` is true; a violation when that takes longer than anything here should.
void world::wait_for(const std::function<bool()>& come, const std::string& what)
{
    const auto last = time_.now() + patience;
    while (!come()) {
        advance();
        if (time_.now() > last) {
            journal_.violation(what);
            throw stopped_short();
        }
    }
}

void world::wait_until_up()
{
    wait_for([this] { return sender_.listening() && receiver_.listening(); },
             "a service does not start again");
}

boost::json::value world::ask(machine& whom, const std::string& path)
{
    wait_until_up();
    const auto query = path.find('?');
    http::request message;
    message.method = "GET";
    message.path = path.substr(0, query);
    const auto answer = std::make_shared<std::optional<http::response>>();
    whom.ask(message, path, [answer](http::response made) { *answer = std::move(made); });
    wait_for([&] { return answer->has_value(); }, "GET " + path + " is not answered");
    if ((*answer)->status != 200) {
        journal_.violation("GET " + path + " was answered " + (*answer)->body);
        throw stopped_short();
    }
    return boost::json::parse((*answer)->body);
}

void world::settle()
{
    chaos_.cease();
    operator_.cease();
    neighbours_.mend_host();
    wait_until_settled();
    run_until(time_.now() + blocked_max);
}

void world::wait_until_settled()
{
    const auto last = time_.now() + settling_max;
    while (!journal_.violated() && !(operator_.done() && audit_.settled(visitors_))) {
        if (time_.now() > last)
            journal_.violation("it does not settle once nothing goes wrong any more");
        run_until(time_.now() + look_pause);
    }
}

// Where nothing goes wrong, nobody waits for longer than they must.
void world::judge_promptness()
{
    all_come_again();
    run_until(time_.now() + sender::room_waits{}.ready_after + prompt);
    audit_.judge_last(visitors_, regulars_);
}

void world::all_come_again()
{
    for (std::size_t i = 0; i < regulars_; ++i)
        visitors_[i]->come_again(callback_of(callback_hosts.front()), 3s);
    const auto all_came = [this] {
        return std::all_of(visitors_.begin(), visitors_.end(), [](const auto& each) { return each->done(); });
    };
    wait_for(all_came, "a start is not acknowledged, and nothing goes wrong any more");
}

// A backlog for a host where nobody is of use delays nobody else's retries.
void world::judge_beside_neighbours()
{
    if (!neighbours_.exist())
        return;
    observer_.excuse(dead_host);
    neighbours_.break_host();
    neighbours_.come_again();
    run_until(time_.now() + backlog_built);
    all_come_again();
    const auto ready = sender::room_waits{}.ready_after;
    network_.answer_for(callback_hosts.front(), 500, std::nullopt, ready);
    run_until(time_.now() + ready + prompt_retry);
    audit_.judge_last(visitors_, regulars_);
    neighbours_.mend_host();
    wait_until_settled();
}

// What was acknowledged is on the disk, not only in memory: the power fails once more, and all is still
// there.
void world::judge_after_restart()
{
    wait_until_up();
    sender_.kill(true);
    receiver_.kill(true);
    run_until(time_.now() + 20s);
    wait_until_settled(); // the app may be down still, for those who came again last
    if (!journal_.violated())
        audit_.judge(visitors_);
}

void world::run()
{
    begin();
    run_until(random_.between(1min, 8min));
    try {
        settle();
        if (!journal_.violated())
            judge_promptness();
        if (!journal_.violated())
            judge_beside_neighbours();
        if (!journal_.violated())
            judge_after_restart();
    }
    catch (const stopped_short&) {
        return; // the journal says why
    }
}

run_result world::result() const
{
    return {journal_.violated(), journal_.text(), faults_.counts(), audit_.deliveries()};
}

} // namespace

run_result run(std::uint64_t seed)
{
    world one{seed};
    one.run();
    return one.result();
}

} // namespace sim
