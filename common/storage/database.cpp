#include "common/storage/database.hpp"

#include "common/storage/disk_health.hpp"
#include "common/storage/file_lock.hpp"
#include "common/storage/open_file.hpp"
#include "common/storage/readers.hpp"
#include "common/storage/work_queue.hpp"
#include "common/storage/writer.hpp"

#include <atomic>
#include <optional>
#include <stdexcept>
#include <thread>

namespace storage {

namespace {

free_disk_options of_database(const database_options& options)
{
    auto of_its_disk = options.free_disk;
    if (!of_its_disk.ask)
        of_its_disk.ask = [path = options.path] { return free_bytes(path); };
    return of_its_disk;
}

} // namespace

// In the order of their making, so that the lock is the last to go.
struct database::state
{
    file_lock lock;
    disk_health health;
    free_disk space;
    work_queue writes;
    work_queue reads{read_queue_max};
    std::unique_ptr<connection> db;
    std::optional<writer> commits;
    std::optional<readers> queries;
    std::thread committing;
    std::atomic<bool> stopping = false;

    state(database_options&& options, std::span<const migration> migrations)
        : lock(options.path),
          health(std::move(options.on_fatal)),
          space(of_database(options)),
          writes(options.write_queue_max),
          db(open_for_writing(options.path, options.owner, migrations))
    {
        commits.emplace(*db, writes, health, space, options.checkpoint_pages);
        queries.emplace(options.path, options.own_threads ? options.reader_threads : 1, reads, health);
    }
    ~state() { stop(); }
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    // Apart from the constructor, so that the destructor ends the threads when not all could be started.
    void start_threads()
    {
        queries->start_threads();
        committing = std::thread([this] { commits->run(); });
    }

    bool step()
    {
        const bool read = queries->step();
        return commits->step() || read;
    }

    bool has_threads() const { return committing.joinable(); }

    void stop()
    {
        if (stopping.exchange(true)) {
            return;
        }
        writes.close();
        reads.close();
        if (has_threads()) {
            committing.join();
        }
        else {
            while (step()) {
            }
        }
        queries.reset(); // joins; and no reader is in the way of the last checkpoint
        commits->finish();
        commits.reset();
        db.reset();
    }
};

database::database(database_options options, std::span<const migration> migrations)
{
    const bool own_threads = options.own_threads;
    state_ = std::make_unique<state>(std::move(options), migrations);
    if (own_threads) {
        state_->start_threads();
    }
}

database::~database() = default;

bool database::healthy() const
{
    return !state_->health.failed() && !state_->stopping;
}

void database::stop()
{
    state_->stop();
}

bool database::step()
{
    if (state_->has_threads()) {
        throw std::logic_error("a database that has threads of its own is not stepped");
    }
    return !state_->stopping && state_->step();
}

void database::enqueue(std::unique_ptr<operation> queued, lane where, admission how)
{
    if (state_->health.failed()) {
        queued->complete(make_unavailable(disk_failed));
        return;
    }
    if (where == lane::writer && how == admission::bounded && state_->space.low()) {
        queued->complete(make_unavailable("too little disk is free"));
        return;
    }
    auto& queue = where == lane::writer ? state_->writes : state_->reads;
    switch (queue.push(queued, how)) {
    case work_queue::pushed::taken:
        break;
    case work_queue::pushed::full:
        queued->complete(make_unavailable(where == lane::writer ? "too many writes wait for the disk"
                                                                : "too many queries wait"));
        break;
    case work_queue::pushed::closed:
        queued->complete(make_unavailable("the service is stopping"));
        break;
    }
}

} // namespace storage
