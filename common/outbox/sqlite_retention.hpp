#pragma once

#include "common/outbox/store.hpp"
#include "common/storage/database.hpp"

#include <boost/asio/awaitable.hpp>

#include <string_view>
#include <vector>

// What the two stores do alike for their housekeeper.
namespace outbox::sqlite {

// A service's statements to give up what is too old.
struct expiry
{
    // Rows of (major, id, from when its age counts) of what is still to be sent, those behind the position
    // (?1, ?2), in that order, at most ?4. It may leave out what is not due at ?3.
    std::string_view find;
    // Makes the one with the id ?3 dead at ?1 for the reason ?2, if it still is to be sent and its age counts
    // from ?4 or before.
    std::string_view give_up;
};

// What is about to be given up, and where the next turn goes on.
struct expirable
{
    std::vector<delivery_id> ids;
    std::optional<walk_position> next;
};

// For a reader, since it nearly always finds nothing.
expirable find_expired(storage::connection& db, const expiry& by, instant since, instant now,
                       const walk_position& from, std::size_t limit);

// Of those that were found, gives up the ones that still are as they were; answers with how many.
std::size_t give_up(storage::connection& db, const expiry& by, const std::vector<delivery_id>& ids,
                    instant since, instant now);

// store::expire(): both of the above.
boost::asio::awaitable<walk_turn> expire(storage::database& database, expiry by, instant since, instant now,
                                         walk_position from, std::size_t limit);

// Deletes as store::prune() does, in the transaction that runs.
using pruning = walk_turn (*)(storage::connection& db, instant before, const walk_position& from,
                              std::size_t limit);

// store::prune(). Gives back some of what that leaves unused in the file, in the same transaction.
boost::asio::awaitable<walk_turn> prune(storage::database& database, pruning by, instant before,
                                        walk_position from, std::size_t limit);

} // namespace outbox::sqlite
