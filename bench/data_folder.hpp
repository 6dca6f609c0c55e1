#pragma once

#include <filesystem>

namespace bench {

// A folder of the bench's own, for the databases of a run: nothing beside it is touched, since the folder
// around it may be anybody's. While this lives, it is locked.
class data_folder
{
public:
    // Makes the folder, and those around it that are not there, and empties it of what an interrupted run
    // left. Throws std::runtime_error when it would be in memory (then nothing is made), when another run
    // holds it, or when it cannot be made or emptied. With `keep`, what is in it in the end stays.
    data_folder(const std::filesystem::path& folder, bool keep);
    ~data_folder();
    data_folder(const data_folder&) = delete;
    data_folder& operator=(const data_folder&) = delete;

    // Removes everything in it. Throws std::filesystem::filesystem_error.
    void empty() const;

private:
    std::filesystem::path path_;
    bool keep_;
    int held_; // a descriptor of the folder itself, with an exclusive flock(2)
};

} // namespace bench
