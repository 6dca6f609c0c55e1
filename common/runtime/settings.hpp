#pragma once

#include "common/runtime/log.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runtime {

using environment = std::map<std::string, std::string>;

// The process's environment: the only place that reads it.
environment process_environment();

// One setting as --help lists it.
struct setting_help
{
    std::string name;
    std::string default_value;
    std::string meaning;
};

struct listen_address
{
    std::string host; // an address, not a name
    std::uint16_t port = 0;

    bool is_loopback() const;
    std::string to_string() const; // "127.0.0.1:8080", "[::1]:8080"
};

// Reads settings from an environment, collecting every problem instead of stopping at the first. Each call
// declares one setting (for --help and for the check of unknown names), answers with its value, and with its
// default where the value is bad. An empty value counts as not set where no text is meaningful.
class settings_reader
{
public:
    // `values` outlives the reader.
    explicit settings_reader(const environment& values);

    // A decimal number in [min, max].
    std::uint64_t number(std::string_view name, std::uint64_t default_value, std::uint64_t min,
                         std::uint64_t max, std::string_view meaning);
    std::chrono::milliseconds milliseconds(std::string_view name, std::uint64_t default_value,
                                           std::uint64_t min, std::uint64_t max, std::string_view meaning);
    std::string text(std::string_view name, std::string_view default_value, std::string_view meaning);
    // Nothing when the variable is not set at all; set to nothing it is the empty text.
    std::optional<std::string> text_if_set(std::string_view name, std::string_view default_shown,
                                           std::string_view meaning);
    std::string choice(std::string_view name, std::string_view default_value,
                       std::initializer_list<std::string_view> allowed, std::string_view meaning);
    // "address:port"; port 0 takes a free one.
    listen_address listen(std::string_view name, std::string_view default_value, std::string_view meaning);

    // What of a secret was given, by value or by NAME_FILE; both at once, or an unreadable file, is a
    // problem.
    struct secret_source
    {
        std::string value;
        std::string file; // empty when it was given by value
    };
    secret_source secret(std::string_view name, bool required, std::string_view meaning);

    // Declares a name that the other service reads, so that one file of settings can serve both.
    void belongs_elsewhere(std::string_view name);

    void problem(std::string_view name, std::string_view what);

    // Reports each variable that begins with one of `prefixes` and was not declared. Names that an
    // orchestrator injects for a service's address (…_SERVICE_HOST, …_PORT…) are passed over.
    void refuse_unknown(std::initializer_list<std::string_view> prefixes);

    const std::vector<std::string>& problems() const { return problems_; } // "NAME: what is wrong"
    const std::vector<setting_help>& help() const { return help_; }

private:
    void declare(std::string_view name, std::string_view default_shown, std::string_view meaning);

    const environment& values_;
    std::vector<std::string> problems_;
    std::vector<setting_help> help_;
    std::vector<std::string> declared_;
};

// Reads a small file whole (64 KiB at most), for secrets. Nothing when it cannot be read.
std::optional<std::string> read_small_file(const std::string& path);

} // namespace runtime
