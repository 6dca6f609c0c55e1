#include "common/storage/disk_health.hpp"

#include "common/storage/sqlite_error.hpp"

#include <utility>

namespace storage {

disk_health::disk_health(std::function<void(const std::string& what)> on_fatal)
    : on_fatal_(std::move(on_fatal))
{}

void disk_health::fail(const std::string& what)
{
    if (!failed_.exchange(true) && on_fatal_) {
        on_fatal_(what);
    }
}

bool is_fatal(int code)
{
    switch (code & 0xff) {
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return true;
    default:
        return false;
    }
}

std::exception_ptr make_unavailable(const char* why)
{
    return std::make_exception_ptr(runtime::unavailable(why));
}

} // namespace storage
