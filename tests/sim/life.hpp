#pragma once

#include "common/http/responder.hpp"
#include "common/outbox/dispatcher.hpp"
#include "common/runtime/log.hpp"
#include "common/storage/database.hpp"
#include "tests/sim/journal.hpp"
#include "tests/sim/time.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace sim {

// What a life is given.
struct life_setting
{
    std::string name; // of its machine, for the journal
    std::string database_path;
    scheduler& time;
    const wall_clock& clock;
    random& draws;
    journal& log;
    std::function<void(const std::string&)> on_fatal; // the disk failed: the process must end
};

// The product's chance, out of the seed.
runtime::random_source source_of(random& draws);

// One life of a service, from the start of its process to its end: the real parts of its main(), on one
// thread and one loop, with the borders in the simulation's hands.
class life
{
public:
    life(const life_setting& given, storage::application_id owner,
         std::span<const storage::migration> migrations);
    virtual ~life() = default;
    life(const life&) = delete;
    life& operator=(const life&) = delete;

    // Does what can be done at this instant without the disk; false when there was nothing.
    bool poll();

    // Lets the disk do what is queued for it; false when there was nothing.
    bool step_disk() { return database_.step(); }

    // Takes one connection's bytes; answers unless they are less than a request.
    void receive(const std::string& bytes, std::function<void(std::string)> answer);

    // Has `message` to `target` answered as if it had come over the network.
    void ask(http::request message, std::string target, std::function<void(http::response)> answer);

    // Begins the orderly end of what runs by itself.
    virtual void begin_stop() {}

    // Lets go, within what an orderly stop or a death allows, until the loop has nothing left to do. False
    // when it does not come to that. `dead`: whatever still happens, happens to nobody.
    bool unwind(bool dead);

    // Commits what is queued and closes the database.
    void close() { database_.stop(); }

protected:
    // The paths of the service; called once, by the constructor of what is derived.
    void serve(std::vector<http::route> routes);

    // One try to end what still waits.
    virtual void let_go() {}

    // Ends the attempts of a dispatcher that was told to stop, without any grace.
    void drain(outbox::dispatcher& what);

    // A request was answered.
    virtual void answered(const http::request&, const http::response&) {}

    boost::asio::io_context loop_;
    const life_setting setting_;
    bool dying_ = false;
    runtime::log log_;
    runtime::log* log_or_null_ = &log_;
    storage::database database_;

private:
    boost::asio::awaitable<void> respond(http::request message, std::string target,
                                         std::function<void(http::response)> answer);

    std::optional<http::responder> responder_;
};

} // namespace sim
