#include "common/http/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace http {

namespace {

constexpr std::size_t digits_max = 10;
constexpr std::chrono::seconds seconds_max{9'999'999'999};

bool all_digits(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The number that `text` is, when it consists of digits alone.
std::optional<int> number(std::string_view text)
{
    int value = 0;
    if (!all_digits(text) || std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{})
        return std::nullopt;
    return value;
}

// "Sun, 06 Nov 1994 08:49:37 GMT": the one form of a date that HTTP's senders may produce.
std::optional<std::chrono::sys_seconds> parse_imf_fixdate(std::string_view text)
{
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
        text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT")
        return std::nullopt;
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    const auto day = number(text.substr(5, 2));
    const auto year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2));
    const auto minute = number(text.substr(20, 2));
    const auto second = number(text.substr(23, 2));
    if (std::find(days.begin(), days.end(), text.substr(0, 3)) == days.end() || month == months.end() ||
        !day || !year || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(month - months.begin()) + 1},
        std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

} // namespace

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, webhook::instant now)
{
    if (all_digits(value)) {
        std::int64_t seconds = 0;
        if (value.size() > digits_max)
            return seconds_max;
        std::from_chars(value.data(), value.data() + value.size(), seconds);
        return std::chrono::seconds{seconds};
    }
    const auto date = parse_imf_fixdate(value);
    if (!date)
        return std::nullopt;
    const auto wait = std::chrono::ceil<std::chrono::seconds>(*date - now);
    return std::max(wait, std::chrono::seconds{0});
}

} // namespace http
