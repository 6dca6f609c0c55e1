#include "common/storage/file_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace storage {

namespace {

std::string why_not_opened(const std::string& path, int error)
{
    auto folder = std::filesystem::path(path).parent_path().string();
    if (folder.empty()) {
        folder = ".";
    }
    if (error == ENOENT || error == ENOTDIR) {
        return "the folder " + folder + " of the database " + path + " does not exist";
    }
    return "the database " + path + " cannot be used: no file can be written in the folder " + folder + " (" +
           std::generic_category().message(error) + ")";
}

} // namespace

file_lock::file_lock(const std::string& path)
    : descriptor_(::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600))
{
    if (descriptor_ < 0) {
        throw std::runtime_error(why_not_opened(path, errno));
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;
        ::close(descriptor_);
        throw std::runtime_error(
            error == EWOULDBLOCK
                ? "the database " + path + " is in use: another process holds " + path + ".lock"
                : "the database " + path + " cannot be locked: " + std::generic_category().message(error));
    }
}

file_lock::~file_lock()
{
    ::close(descriptor_);
}

} // namespace storage
