#include "common/runtime/settings.hpp"

#include "common/runtime/quoted.hpp"
#include "common/runtime/settings_names.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <unistd.h>

namespace runtime {

namespace {

constexpr std::size_t small_file_bytes_max = 65'536;
constexpr std::size_t value_shown_bytes_max = 80;

// A bad value as a message shows it.
std::string shown(std::string_view value)
{
    return quoted(value.substr(0, value_shown_bytes_max)) + (value.size() > value_shown_bytes_max ? "…" : "");
}

// The value of a variable that is set to more than nothing.
std::optional<std::string> non_empty(const environment& values, const std::string& name)
{
    const auto found = values.find(name);
    return found == values.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
}

template <class Number>
std::optional<Number> whole_number(std::string_view text)
{
    Number number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    return failure == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

std::optional<listen_address> parse_listen(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    auto host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) {
        host = host.substr(1, host.size() - 2);
    }
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(std::string(host), failure);
    const auto port = whole_number<std::uint16_t>(text.substr(colon + 1));
    if (failure || !port || bracketed != address.is_v6()) {
        return std::nullopt;
    }
    return listen_address{address.to_string(), *port};
}

// A file's last line break was an editor's, not the secret's.
void cut_line_break(std::string& text)
{
    if (text.ends_with('\n')) {
        text.pop_back();
    }
    if (text.ends_with('\r')) {
        text.pop_back();
    }
}

} // namespace

environment process_environment()
{
    environment values;
    for (auto entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) {
            values.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return values;
}

bool listen_address::is_loopback() const
{
    return boost::asio::ip::make_address(host).is_loopback();
}

std::string listen_address::to_string() const
{
    const auto shown_host = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return shown_host + ":" + std::to_string(port);
}

settings_reader::settings_reader(const environment& values) : values_(values) {}

void settings_reader::declare(std::string_view name, std::string_view default_shown, std::string_view meaning)
{
    declared_.emplace_back(name);
    help_.push_back({std::string(name), std::string(default_shown), std::string(meaning)});
}

std::uint64_t settings_reader::number(std::string_view name, std::uint64_t default_value, std::uint64_t min,
                                      std::uint64_t max, std::string_view meaning)
{
    declare(name, std::to_string(default_value), meaning);
    const auto value = non_empty(values_, std::string(name));
    if (!value) {
        return default_value;
    }
    const auto parsed = whole_number<std::uint64_t>(*value);
    if (!parsed || *parsed < min || *parsed > max) {
        problem(name, shown(*value) + " is not a whole number from " + std::to_string(min) + " to " +
                          std::to_string(max));
        return default_value;
    }
    return *parsed;
}

std::chrono::milliseconds settings_reader::milliseconds(std::string_view name, std::uint64_t default_value,
                                                        std::uint64_t min, std::uint64_t max,
                                                        std::string_view meaning)
{
    return std::chrono::milliseconds(number(name, default_value, min, max, meaning));
}

std::string settings_reader::text(std::string_view name, std::string_view default_value,
                                  std::string_view meaning)
{
    declare(name, default_value, meaning);
    return non_empty(values_, std::string(name)).value_or(std::string(default_value));
}

std::optional<std::string> settings_reader::text_if_set(std::string_view name, std::string_view default_shown,
                                                        std::string_view meaning)
{
    declare(name, default_shown, meaning);
    const auto found = values_.find(std::string(name));
    return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::string settings_reader::choice(std::string_view name, std::string_view default_value,
                                    std::initializer_list<std::string_view> allowed, std::string_view meaning)
{
    declare(name, default_value, meaning);
    auto value = non_empty(values_, std::string(name)).value_or(std::string(default_value));
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
        std::string list;
        for (const auto one : allowed) {
            list += (list.empty() ? "" : ", ") + std::string(one);
        }
        problem(name, shown(value) + " is not one of " + list);
        return std::string(default_value);
    }
    return value;
}

listen_address settings_reader::listen(std::string_view name, std::string_view default_value,
                                       std::string_view meaning)
{
    declare(name, default_value, meaning);
    if (const auto value = non_empty(values_, std::string(name))) {
        if (auto parsed = parse_listen(*value)) {
            return *std::move(parsed);
        }
        problem(name, shown(*value) + " is not an address and a port, such as 127.0.0.1:8080 or [::1]:8080");
    }
    return parse_listen(default_value).value();
}

settings_reader::secret_source settings_reader::secret(std::string_view name, bool required,
                                                       std::string_view meaning)
{
    const auto file_name = std::string(name) + "_FILE";
    declare(name, "", meaning);
    declare(file_name, "", "file to read " + std::string(name) + " from instead");
    const auto value = non_empty(values_, std::string(name));
    const auto file = non_empty(values_, file_name);
    if (value && file) {
        problem(name, "set both here and through " + file_name + "; set only one of them");
        return {};
    }
    if (value) {
        return {*value, {}};
    }
    if (!file) {
        if (required) {
            problem(name, "not set; set it, or set " + file_name + " to a file that holds it");
        }
        return {};
    }
    auto content = read_small_file(*file);
    if (!content) {
        problem(file_name, shown(*file) + " cannot be read, or is larger than " +
                               std::to_string(small_file_bytes_max) + " bytes");
        return {{}, *file};
    }
    cut_line_break(*content);
    if (content->empty()) {
        problem(file_name, shown(*file) + " is empty");
    }
    return {*std::move(content), *file};
}

void settings_reader::belongs_elsewhere(std::string_view name)
{
    declared_.emplace_back(name);
}

void settings_reader::problem(std::string_view name, std::string_view what)
{
    problems_.push_back(std::string(name) + ": " + std::string(what));
}

void settings_reader::refuse_unknown(std::initializer_list<std::string_view> prefixes)
{
    for (const auto& entry : values_) {
        const auto& name = entry.first;
        const bool ours = std::any_of(prefixes.begin(), prefixes.end(),
                                      [&](std::string_view prefix) { return name.starts_with(prefix); });
        const bool known = std::find(declared_.begin(), declared_.end(), name) != declared_.end();
        if (!ours || known || is_injected_address(name)) {
            continue;
        }
        const auto meant = nearest_name(name, declared_);
        problem(name, "unknown to this version" + (meant ? "; did you mean " + *meant + "?" : std::string()));
    }
}

std::optional<std::string> read_small_file(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return std::nullopt;
    }
    std::string content;
    std::array<char, 4'096> part{};
    ::ssize_t got = 0;
    do {
        got = ::read(file, part.data(), part.size());
        if (got > 0) {
            content.append(part.data(), static_cast<std::size_t>(got));
        }
    } while (content.size() <= small_file_bytes_max && (got > 0 || (got < 0 && errno == EINTR)));
    ::close(file);
    return got < 0 || content.size() > small_file_bytes_max ? std::nullopt : std::optional(content);
}

} // namespace runtime
