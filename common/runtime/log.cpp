#include "common/runtime/log.hpp"

#include "common/runtime/quoted.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <unistd.h>

namespace runtime {

namespace {

std::string_view level_name(log_level level)
{
    switch (level) {
    case log_level::debug:
        return "debug";
    case log_level::info:
        return "info";
    case log_level::warn:
        return "warn";
    case log_level::error:
        return "error";
    }
    return "error";
}

// In capitals and of one width, so that the events of a terminal's lines stand in one column.
std::string_view level_column(log_level level)
{
    switch (level) {
    case log_level::debug:
        return "DEBUG";
    case log_level::info:
        return "INFO ";
    case log_level::warn:
        return "WARN ";
    case log_level::error:
        return "ERROR";
    }
    return "ERROR";
}

// Cuts a long value before the character that would pass the limit, not inside it.
std::string cut(std::string_view text)
{
    if (text.size() <= log_value_bytes_max) {
        return std::string(text);
    }
    auto end = log_value_bytes_max;
    while (end > log_value_bytes_max - 4 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) {
        --end;
    }
    return std::string(text.substr(0, end)) + "\xe2\x80\xa6";
}

template <class Number>
std::string decimal(Number number)
{
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return {digits.data(), end};
}

struct value_writer
{
    log_format format;

    std::string operator()(std::string_view text) const
    {
        return format == log_format::json ? json_quoted(cut(text)) : quoted_if_needed(cut(text));
    }
    std::string operator()(std::int64_t number) const { return decimal(number); }
    std::string operator()(double number) const
    {
        return std::isfinite(number) ? decimal(number) : "null"; // JSON has no other numbers
    }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
};

std::string text_line(const std::string& time, log_level level, std::string_view event, log_fields fields)
{
    auto line = time;
    line += ' ';
    line += level_column(level);
    line += ' ';
    line += quoted_if_needed(event);
    for (const auto& field : fields) {
        line += ' ';
        line += quoted_if_needed(field.name);
        line += '=';
        line += std::visit(value_writer{log_format::text}, field.value);
    }
    line += '\n';
    return line;
}

std::string json_line(const std::string& time, log_level level, std::string_view event, log_fields fields)
{
    std::string line = "{\"time\":\"";
    line += time;
    line += "\",\"level\":\"";
    line += level_name(level);
    line += "\",\"event\":";
    line += json_quoted(event);
    for (const auto& field : fields) {
        line += ',';
        line += json_quoted(field.name);
        line += ':';
        line += std::visit(value_writer{log_format::json}, field.value);
    }
    line += "}\n";
    return line;
}

} // namespace

log::log(const clock& now, log_level threshold, log_format format, sink out)
    : clock_(now),
      threshold_(threshold),
      format_(format),
      out_(std::move(out))
{}

log::sink log::standard_error()
{
    return [](std::string_view line) {
        while (!line.empty()) {
            const auto written = ::write(STDERR_FILENO, line.data(), line.size());
            if (written < 0 && errno != EINTR) {
                return; // a log that cannot be written must not stop the service
            }
            line.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
        }
    };
}

void log::debug(std::string_view event, log_fields fields)
{
    write(log_level::debug, event, fields);
}

void log::info(std::string_view event, log_fields fields)
{
    write(log_level::info, event, fields);
}

void log::warn(std::string_view event, log_fields fields)
{
    write(log_level::warn, event, fields);
}

void log::error(std::string_view event, log_fields fields)
{
    write(log_level::error, event, fields);
}

void log::write(log_level level, std::string_view event, log_fields fields)
{
    if (level < threshold_) {
        return;
    }
    const auto time = webhook::to_iso8601_millis(clock_.now());
    const auto line = format_ == log_format::json ? json_line(time, level, event, fields)
                                                  : text_line(time, level, event, fields);
    const std::lock_guard lock(mutex_);
    out_(line);
}

} // namespace runtime
