#include "common/storage/readers.hpp"

#include <utility>

namespace storage {

namespace {

using steady_time = std::chrono::steady_clock::time_point;

// How often SQLite asks whether to go on: some 10 µs of work.
constexpr int steps_between_looks = 1'000;

// Interrupts the connection's statements once a deadline has passed, as long as it lives.
class time_limit
{
public:
    time_limit(connection& db, steady_time deadline) : db_(db), deadline_(deadline)
    {
        const auto passed = [](void* limit) {
            return std::chrono::steady_clock::now() > static_cast<time_limit*>(limit)->deadline_ ? 1 : 0;
        };
        sqlite3_progress_handler(db_.handle(), steps_between_looks, passed, this);
    }
    ~time_limit() { sqlite3_progress_handler(db_.handle(), 0, nullptr, nullptr); }
    time_limit(const time_limit&) = delete;
    time_limit& operator=(const time_limit&) = delete;

private:
    connection& db_;
    steady_time deadline_;
};

// Nothing was written, so there is nothing that could fail to be undone.
void end_snapshot(connection& db)
{
    sqlite3_exec(db.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace

readers::readers(const std::string& path, std::size_t connections, work_queue& queue, disk_health& health)
    : queue_(queue),
      health_(health)
{
    for (std::size_t i = 0; i < connections; ++i) {
        connections_.push_back(std::make_unique<connection>(path, connection::mode::read_only));
    }
}

readers::~readers()
{
    for (auto& thread : threads_) {
        thread.join();
    }
}

void readers::start_threads()
{
    for (const auto& db : connections_) {
        threads_.emplace_back([this, own = db.get()] { run(*own); });
    }
}

bool readers::step()
{
    const auto taken = queue_.take(read_queue_max);
    for (const auto& one : taken) {
        read(*connections_.front(), *one);
    }
    return !taken.empty();
}

void readers::run(connection& db)
{
    for (auto taken = queue_.wait_and_take(1); !taken.empty(); taken = queue_.wait_and_take(1)) {
        read(db, *taken.front());
    }
}

void readers::read(connection& db, operation& one)
{
    if (health_.failed()) {
        one.complete(make_unavailable(disk_failed));
        return;
    }
    std::exception_ptr failure;
    try {
        db.prepare("BEGIN").execute();
        const time_limit limit(db, std::chrono::steady_clock::now() + read_time_max);
        one.run(db);
    }
    catch (const sqlite_error& error) {
        if (error.code() == SQLITE_INTERRUPT) {
            failure = make_unavailable("the query took longer than 1 s");
        }
        else if (is_fatal(error.code())) {
            health_.fail(error.what());
            failure = make_unavailable(disk_failed);
        }
        else {
            failure = std::current_exception();
        }
    }
    catch (...) {
        failure = std::current_exception();
    }
    end_snapshot(db);
    one.complete(std::move(failure));
}

} // namespace storage
