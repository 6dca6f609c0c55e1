#include "common/http/serialize.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace http {

namespace {

constexpr std::size_t head_bytes_usual = 256;

constexpr std::array<std::string_view, 5> own_headers = {"Content-Type", "Content-Length",
                                                         "Transfer-Encoding", "Date", "Connection"};

bool is_writable_value(std::string_view value)
{
    return std::none_of(value.begin(), value.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

bool is_writable(const header& field)
{
    constexpr std::string_view name_characters =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const auto is_same = [&field](std::string_view own) { return equal_ignoring_case(own, field.name); };
    return !field.name.empty() && field.name.find_first_not_of(name_characters) == std::string::npos &&
           std::none_of(own_headers.begin(), own_headers.end(), is_same) && is_writable_value(field.value);
}

void append_header(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

std::string_view date_line::at(runtime::instant now)
{
    using namespace std::chrono;
    const auto second = floor<seconds>(now.time_since_epoch());
    if (second == written_)
        return text_;
    static constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = floor<std::chrono::days>(now);
    const year_month_day date{day};
    const hh_mm_ss time{floor<seconds>(now - day)};
    std::array<char, 64> line{};
    const int length = std::snprintf(
        line.data(), line.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT", days.at(weekday{day}.c_encoding()),
        static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
        static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
        static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    text_.assign(line.data(), static_cast<std::size_t>(length));
    written_ = second;
    return text_;
}

bool serialize(std::string& out, const response& answer, const response_framing& how)
{
    out.clear();
    const bool bodiless = answer.status == 204 || answer.status == 304;
    if (answer.status < 200 || answer.status > 599 || !is_writable_value(answer.content_type) ||
        !std::all_of(answer.headers.begin(), answer.headers.end(), is_writable))
        return false;

    out.reserve(head_bytes_usual + answer.body.size());
    out.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ");
    out.append(reason_phrase(answer.status)).append("\r\n");
    append_header(out, "Date", how.date);
    if (!bodiless && !answer.body.empty() && !answer.content_type.empty())
        append_header(out, "Content-Type", answer.content_type);
    if (!bodiless)
        append_header(out, "Content-Length", std::to_string(answer.body.size()));
    if (how.close)
        append_header(out, "Connection", "close");
    for (const auto& field : answer.headers)
        append_header(out, field.name, field.value);
    out.append("\r\n");
    if (!bodiless && !how.head_only)
        out.append(answer.body);
    return true;
}

} // namespace http
