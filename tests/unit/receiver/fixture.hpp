#pragma once

#include "receiver-service/api.hpp"
#include "receiver-service/intake.hpp"
#include "receiver-service/sqlite_store.hpp"
#include "tests/support/driven_storage.hpp"
#include "tests/support/fixed_clock.hpp"

#include <boost/json/value.hpp>

namespace test {

inline constexpr std::string_view receiver_secret = "a-secret-of-the-test";

// What a receiver that forwards has besides.
struct forwarding_hooks
{
    std::string url;
    receiver::intake::forward accepted;
    receiver::api::reprocessed reprocessed;
};

// The receiver's real intake, API and store on one thread, with the clock in the test's hands.
struct receiver_fixture : driven_storage
{
    explicit receiver_fixture(webhook::verify_policy policy = {}, const forwarding_hooks& forwarding = {})
        : driven_storage(receiver::sqlite_migrations()),
          store(receiver::open_sqlite_store(database, forwarding.url)),
          intake(*store, clock, *webhook::secrets::parse(receiver_secret), policy, log, forwarding.accepted),
          api(*store, intake, clock, forwarding.reprocessed)
    {}

    // Sends a request to the route of this method and target.
    http::response answer(http::request request, std::string_view target);
    http::response get(std::string_view target);
    boost::json::value get_json(std::string_view target);
    http::response reprocess(std::string_view id);

    // Posts this body, signed in both schemes under `key` with `secret`.
    http::response post(const std::string& body, std::string_view key,
                        std::string_view secret = receiver_secret);

    // Posts the event of this user and session.
    http::response receive(std::string_view user, std::string_view session);

    fixed_clock clock;
    std::vector<std::string> log_lines;
    runtime::log log{clock, runtime::log_level::debug, runtime::log_format::text,
                     [this](std::string_view line) { log_lines.emplace_back(line); }};
    std::unique_ptr<receiver::store> store;
    receiver::intake intake;
    receiver::api api;
};

// An event of this user and session, as the sender writes it.
std::string event_body(std::string_view user, std::string_view session);

} // namespace test
