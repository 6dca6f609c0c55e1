#include "tests/sim/disk.hpp"

#include <algorithm>

namespace sim {

namespace {

constexpr std::size_t sector_bytes = 512; // a write is torn between sectors only

void carry_out(std::string& image, const disk_file::change& what)
{
    if (what.truncation) {
        image.resize(std::min(image.size(), what.offset));
        return;
    }
    image.resize(std::max(image.size(), what.offset + what.bytes.size()));
    image.replace(what.offset, what.bytes.size(), what.bytes);
}

} // namespace

std::shared_ptr<disk_file> disk::open(const std::string& name)
{
    auto& file = files_[name];
    if (!file)
        file = std::make_shared<disk_file>();
    return file;
}

disk_result disk::remove(const std::string& name)
{
    const auto allowed = begin_operation(disk_operation::write);
    if (allowed == disk_result::done)
        files_.erase(name);
    return allowed;
}

disk_result disk::begin_operation(disk_operation which)
{
    if (!powered_)
        return disk_result::off;
    if (meanwhile)
        meanwhile();
    if (operations_left_ > 0 && --operations_left_ == 0) {
        power_off();
        on_death();
        return disk_result::off;
    }
    if (breaking_ == which) {
        breaking_.reset();
        return disk_result::broken;
    }
    return powered_ ? disk_result::done : disk_result::off;
}

disk_result disk::write(disk_file& file, std::size_t offset, std::string_view bytes)
{
    const auto allowed = begin_operation(disk_operation::write);
    if (allowed != disk_result::done)
        return allowed;
    if (full_ && offset + bytes.size() > file.content.size())
        return disk_result::full;
    file.unsynced.push_back({offset, std::string(bytes), false});
    carry_out(file.content, file.unsynced.back());
    return disk_result::done;
}

disk_result disk::truncate(disk_file& file, std::size_t size)
{
    const auto allowed = begin_operation(disk_operation::write);
    if (allowed != disk_result::done)
        return allowed;
    file.unsynced.push_back({size, {}, true});
    carry_out(file.content, file.unsynced.back());
    return disk_result::done;
}

disk_result disk::sync(disk_file& file)
{
    const auto allowed = begin_operation(disk_operation::sync);
    if (allowed == disk_result::off)
        return allowed;
    if (allowed == disk_result::done)
        for (const auto& each : file.unsynced)
            carry_out(file.synced, each);
    file.unsynced.clear();
    return allowed;
}

// The disk writes back when and in which order it likes: any of the changes may have reached it, whole or in
// part, or none.
void disk::lose_unsynced(disk_file& file)
{
    const double kept = random_.chance(0.5) ? 0.0 : 0.5;
    for (auto& each : file.unsynced) {
        if (random_.chance(kept)) {
            carry_out(file.synced, each);
        }
        else if (each.bytes.size() > sector_bytes && random_.chance(kept / 2)) {
            faults_.count(fault::unsynced_write_torn);
            each.bytes.resize(sector_bytes * (1 + random_.below(each.bytes.size() / sector_bytes)));
            carry_out(file.synced, each);
        }
        else {
            faults_.count(fault::unsynced_write_dropped);
        }
    }
    file.unsynced.clear();
    file.content = file.synced;
}

void disk::mend()
{
    full_ = false;
    breaking_.reset();
    operations_left_ = 0;
}

void disk::restart(bool power_failed)
{
    if (power_failed)
        for (auto& [name, file] : files_)
            lose_unsynced(*file);
    powered_ = true;
}

} // namespace sim
