#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace bench {

// Fills a receiver's database with `count` events of users who are not the generator's.
void age_receiver(const std::filesystem::path& database, std::size_t count);

// The id of the `index`-th user of a past.
std::string past_user(std::size_t index);

// What is in a sender's database beforehand, in this order, each of a user of their own who is not the
// generator's.
struct sender_past
{
    std::size_t delivered = 0; // sessions; the users are those of age_receiver()
    std::size_t backlog = 0;   // deliveries that have failed for an hour, at dead_origin
    std::size_t waiting = 0;   // sessions whose READY is a day away
    std::string dead_origin;   // as "http://127.0.0.1:40000"

    std::size_t sessions() const { return delivered + backlog + waiting; }
};

// Fills a sender's database that is not there yet: its sessions have the rows from 1 on. Half of the backlog
// is due already and the rest in the next half hour, evenly; each has failed 12 times, so that it is not due
// again soon when it fails once more, and is neither dead nor expired for days.
void age_sender(const std::filesystem::path& database, const sender_past& past);

} // namespace bench
