#include "bench/data_folder.hpp"

#include "bench/machine.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace bench {

namespace {

namespace fs = std::filesystem;

fs::path nearest_existing(fs::path folder)
{
    while (!fs::exists(folder))
        folder = folder.parent_path();
    return folder;
}

// Whether the folder that was opened is still the one at `path`: a run that ends removes its folder, perhaps
// between another's open and its lock.
bool is_at(int opened, const fs::path& path)
{
    struct stat one = {};
    struct stat other = {};
    return ::fstat(opened, &one) == 0 && ::stat(path.c_str(), &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

// No link is followed: it could lead to where the files are not the bench's.
int locked(const fs::path& folder)
{
    const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0)
        throw std::system_error(errno, std::generic_category(), folder.string());
    if (::flock(opened, LOCK_EX | LOCK_NB) == 0 && is_at(opened, folder))
        return opened;
    ::close(opened);
    throw std::runtime_error("another run of flow uses " + folder.parent_path().string() +
                             "; choose another with --folder");
}

} // namespace

data_folder::data_folder(const fs::path& folder, bool keep)
    : path_(fs::absolute(folder)),
      keep_(keep),
      held_(-1)
{
    disk_file_system(nearest_existing(path_));
    fs::create_directories(path_);
    held_ = locked(path_);
    try {
        empty();
    }
    catch (...) {
        ::close(held_);
        throw;
    }
}

data_folder::~data_folder()
{
    std::error_code ignored; // the next run says what cannot be removed
    if (!keep_)
        fs::remove_all(path_, ignored);
    ::close(held_);
}

void data_folder::empty() const
{
    for (const auto& entry : fs::directory_iterator(path_))
        fs::remove_all(entry.path());
}

} // namespace bench
