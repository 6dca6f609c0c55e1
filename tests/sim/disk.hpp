#pragma once

#include "tests/sim/faults.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// A file of the simulated disk: what a program sees, and what would still be there after a power failure.
struct disk_file
{
    struct change
    {
        std::size_t offset = 0;
        std::string bytes;
        bool truncation = false; // to `offset` bytes
    };

    std::string content;
    std::string synced;
    std::vector<change> unsynced; // from `synced` to `content`
};

enum class disk_operation { write, sync };

enum class disk_result { done, full, broken, off };

// The disk of one machine, in memory. Creating and deleting a file is durable at once (SQLite syncs the
// folder when that matters); what is written to one is durable when it was synced.
class disk
{
public:
    disk(random& draws, faults& suffered) : random_(draws), faults_(suffered) {}

    // The file of that name, made when there is none.
    std::shared_ptr<disk_file> open(const std::string& name);
    bool exists(const std::string& name) const { return files_.count(name) > 0; }
    disk_result remove(const std::string& name);

    disk_result write(disk_file& file, std::size_t offset, std::string_view bytes);
    disk_result truncate(disk_file& file, std::size_t size);
    disk_result sync(disk_file& file);

    bool powered() const { return powered_; }

    // Every operation fails from now on, and changes nothing.
    void power_off() { powered_ = false; }

    // What a new life of the machine finds: everything, after the process alone had died; after a power
    // failure what was synced, and of the rest what the disk happened to have written.
    void restart(bool power_failed);

    // The machine dies in the n-th operation from now on that changes the disk.
    void die_after(std::size_t operations) { operations_left_ = operations; }

    void set_full(bool full) { full_ = full; }

    // The next write, or the next sync, fails. What a failed sync was to make durable never will be, though
    // everybody sees it still and the next sync succeeds, as on Linux.
    void break_next(disk_operation which) { breaking_ = which; }

    // Nothing is wrong with it any more, and nothing will be.
    void mend();

    // Called while an operation that changes the disk is under way: what else its machine does meanwhile.
    std::function<void()> meanwhile;
    // Called when the machine dies in an operation.
    std::function<void()> on_death;

private:
    disk_result begin_operation(disk_operation which);
    void lose_unsynced(disk_file& file);

    random& random_;
    faults& faults_;
    std::map<std::string, std::shared_ptr<disk_file>> files_;
    std::size_t operations_left_ = 0; // 0: it does not die
    bool powered_ = true;
    bool full_ = false;
    std::optional<disk_operation> breaking_;
};

} // namespace sim
