#pragma once

#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

namespace integration {

// A user with one delivery that has had an attempt and cannot succeed.
struct pending_user
{
    std::string user = unique("pending");
    std::string session;
    std::string id;

    pending_user()
    {
        sender_api::register_user(wire().sender, user, wire().unanswered_callback_url());
        session = sender_api::start(wire().sender, user);
        eventually([&] {
            const auto found = sender_api::delivery_of(wire().sender, user, session);
            if (!found || found->at("attempts").to_number<int>() < 1)
                return false;
            id = text_of(*found, "id");
            return true;
        });
        REQUIRE(!id.empty());
    }

    ~pending_user() { ask(wire().sender, "DELETE", "/ticketmaster/register/" + user); }

    pending_user(const pending_user&) = delete;
    pending_user& operator=(const pending_user&) = delete;
};

} // namespace integration
