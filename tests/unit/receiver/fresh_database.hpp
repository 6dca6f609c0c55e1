#pragma once

#include "common/storage/open_file.hpp"
#include "receiver-service/sqlite_store.hpp"
#include "receiver-service/sqlite_transactions.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/support/temporary_folder.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace test {

// A connection to a fresh database of the receiver.
struct fresh_database
{
    temporary_folder folder;
    std::unique_ptr<storage::connection> db =
        storage::open_for_writing(folder.file("r.db"), receiver::sqlite_owner, receiver::sqlite_migrations());
};

// What arrives for this user and session.
inline receiver::incoming event_of(std::string_view user, std::string_view session, std::string body = "{}")
{
    receiver::incoming made;
    made.event = webhook::make_ready_event(user, session, fixed_clock{}.now());
    made.received_at = fixed_clock{}.now();
    made.body = std::move(body);
    return made;
}

// Every user has the same hash, and every key; only the shift tells them apart, as it always does.
inline std::int64_t worst_hash(std::initializer_list<std::string_view> parts)
{
    return parts.size() == 1 ? 7 : std::stoll(std::string(*(parts.end() - 1)));
}

} // namespace test
