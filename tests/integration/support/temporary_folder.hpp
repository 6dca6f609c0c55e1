#pragma once

#include <filesystem>
#include <string_view>

namespace integration {

// A new folder of this process's own, removed with all that is in it.
class temporary_folder
{
public:
    temporary_folder();
    ~temporary_folder();

    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Writes a file whole.
void write_file(const std::filesystem::path& path, std::string_view content);

// Reads a file whole.
std::string read_file(const std::filesystem::path& path);

} // namespace integration
