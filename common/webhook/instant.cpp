#include "common/webhook/instant.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>

namespace webhook {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t seconds_max = 253'402'300'799; // 9999-12-31T23:59:59Z
constexpr std::size_t fraction_digits_max = 9;
constexpr int exponent_max = 400; // beyond what a double holds; bounds the work that a short text can ask for

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void append(std::string& text, unsigned value, std::size_t width)
{
    const auto digits = std::to_string(value);
    text.append(width - std::min(width, digits.size()), '0');
    text += digits;
}

// "2025-12-24T12:34:56", without the fraction and the zone.
std::string date_and_time(instant at)
{
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<seconds>(at - day)};
    std::string text;
    append(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    text += '-';
    append(text, static_cast<unsigned>(date.month()), 2);
    text += '-';
    append(text, static_cast<unsigned>(date.day()), 2);
    text += 'T';
    append(text, static_cast<unsigned>(time.hours().count()), 2);
    text += ':';
    append(text, static_cast<unsigned>(time.minutes().count()), 2);
    text += ':';
    append(text, static_cast<unsigned>(time.seconds().count()), 2);
    return text;
}

// The number that is written at `position` in `width` digits, which are known to be digits.
int number_at(std::string_view text, std::size_t position, std::size_t width)
{
    int value = 0;
    std::from_chars(text.data() + position, text.data() + position + width, value);
    return value;
}

// True when `text` has the shape of `pattern`, in which 0 stands for any digit.
bool has_shape(std::string_view text, std::string_view pattern)
{
    return std::equal(text.begin(), text.end(), pattern.begin(), pattern.end(),
                      [](char c, char shape) { return shape == '0' ? is_digit(c) : c == shape; });
}

// The milliseconds of the digits after a decimal point; what is finer is cut.
milliseconds fraction_of(std::string_view digits)
{
    int value = 0;
    for (std::size_t i = 0; i < 3; ++i)
        value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    return milliseconds{value};
}

// The exponent of a JSON number, without its `e`.
std::optional<int> exponent_of(std::string_view text)
{
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc{} || end != text.data() + text.size() || exponent < -exponent_max ||
        exponent > exponent_max)
        return std::nullopt;
    return exponent;
}

} // namespace

std::string to_iso8601_seconds(instant at)
{
    return date_and_time(at) + 'Z';
}

std::string to_iso8601_millis(instant at)
{
    auto text = date_and_time(at) + '.';
    append(text, static_cast<unsigned>((at.time_since_epoch() - epoch_seconds(at)).count()), 3);
    return text + 'Z';
}

std::optional<instant> parse_iso8601(std::string_view text)
{
    constexpr std::string_view shape = "0000-00-00T00:00:00";
    if (!has_shape(text.substr(0, shape.size()), shape))
        return std::nullopt;
    auto rest = text.substr(shape.size());
    if (!rest.ends_with('Z'))
        return std::nullopt;
    rest.remove_suffix(1);
    if (!rest.empty()) {
        if (rest.front() != '.' || rest.size() < 2 || rest.size() > fraction_digits_max + 1)
            return std::nullopt;
        rest.remove_prefix(1);
        if (!std::all_of(rest.begin(), rest.end(), is_digit))
            return std::nullopt;
    }
    const std::chrono::year_month_day date{
        std::chrono::year{number_at(text, 0, 4)},
        std::chrono::month{static_cast<unsigned>(number_at(text, 5, 2))},
        std::chrono::day{static_cast<unsigned>(number_at(text, 8, 2))},
    };
    const std::chrono::hours hours{number_at(text, 11, 2)};
    const std::chrono::minutes minutes{number_at(text, 14, 2)};
    const seconds whole_seconds{number_at(text, 17, 2)};
    if (!date.ok() || date.year() < std::chrono::year{1970} || hours.count() > 23 || minutes.count() > 59 ||
        whole_seconds.count() > 59)
        return std::nullopt;
    return std::chrono::sys_days{date} + hours + minutes + whole_seconds + fraction_of(rest);
}

std::optional<instant> parse_epoch_number(std::string_view number)
{
    const auto exponent_at = std::min(number.find_first_of("eE"), number.size());
    const std::optional<int> exponent =
        exponent_at == number.size() ? 0 : exponent_of(number.substr(exponent_at + 1));
    if (!exponent)
        return std::nullopt;
    const auto mantissa = number.substr(0, exponent_at);
    const auto point = std::min(mantissa.find('.'), mantissa.size());
    std::string digits{mantissa.substr(0, point)};
    if (point != mantissa.size())
        digits += mantissa.substr(point + 1);
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) // a minus sign among others
        return std::nullopt;
    // The digits stay as they are and the point moves, so that no milliseconds are lost to a double.
    const auto whole_digits = static_cast<std::int64_t>(point) + *exponent;
    const auto digit_at = [&](std::int64_t i) {
        return i >= 0 && i < std::ssize(digits) ? digits[static_cast<std::size_t>(i)] : '0';
    };
    std::int64_t whole = 0;
    for (std::int64_t i = 0; i < whole_digits; ++i) {
        whole = whole * 10 + (digit_at(i) - '0');
        if (whole > seconds_max)
            return std::nullopt;
    }
    const std::string fraction{digit_at(whole_digits), digit_at(whole_digits + 1),
                               digit_at(whole_digits + 2)};
    return instant{seconds{whole} + fraction_of(fraction)};
}

} // namespace webhook
