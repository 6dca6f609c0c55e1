#pragma once

#include "common/runtime/clock.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

namespace runtime {

enum class log_level { debug, info, warn, error };
enum class log_format { text, json };

struct log_field
{
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double, bool> value;

    log_field(std::string_view field, std::string_view text) : name(field), value(text) {}
    log_field(std::string_view field, const std::string& text) : name(field), value(std::string_view(text)) {}
    log_field(std::string_view field, const char* text) : name(field), value(std::string_view(text)) {}
    log_field(std::string_view field, bool truth) : name(field), value(truth) {}
    log_field(std::string_view field, double number) : name(field), value(number) {}
    template <std::integral N>
    log_field(std::string_view field, N number) : name(field),
                                                  value(static_cast<std::int64_t>(number))
    {}
};

// A longer text value is cut there, so that no input can fill the log by itself.
inline constexpr std::size_t log_value_bytes_max = 4'096;

using log_fields = std::initializer_list<log_field>;

// A structured log, one line an event, escaped so that no value can start a line of its own. Thread-safe.
// `event` is a fixed snake_case word; what varies is in the fields. Never given a secret.
class log
{
public:
    using sink = std::function<void(std::string_view line)>; // the line ends with \n

    log(const clock& now, log_level threshold, log_format format, sink out);

    // Writes to standard error with one write(2) a line.
    static sink standard_error();

    void debug(std::string_view event, log_fields fields = {});
    void info(std::string_view event, log_fields fields = {});
    void warn(std::string_view event, log_fields fields = {});
    void error(std::string_view event, log_fields fields = {});

private:
    void write(log_level level, std::string_view event, log_fields fields);

    const clock& clock_;
    log_level threshold_;
    log_format format_;
    sink out_;
    std::mutex mutex_;
};

} // namespace runtime
