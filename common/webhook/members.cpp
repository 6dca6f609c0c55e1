#include "common/webhook/members.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace webhook {
namespace {

namespace json = boost::json;

// What Boost.JSON's parser calls. boost::json::value will not do: of a member given twice it keeps the last
// in silence, and it turns numbers into doubles. Depth 1 is inside the outermost object or array.
class members_handler
{
public:
    members_handler(std::span<const std::string_view> names, other_members others)
        : names_(names),
          others_(others),
          found_(names.size())
    {}

    // The caller bounds the body, and with it all of these.
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }

    bool on_object_begin(json::error_code&)
    {
        is_object_ = is_object_ || depth_ == 0;
        return open();
    }
    bool on_object_end(std::size_t, json::error_code&) { return close(); }
    bool on_array_begin(json::error_code&) { return open(); }
    bool on_array_end(std::size_t, json::error_code&) { return close(); }

    bool on_key_part(json::string_view part, std::size_t, json::error_code&)
    {
        if (depth_ == 1)
            key_.append(part.data(), part.size());
        return true;
    }

    bool on_key(json::string_view part, std::size_t size, json::error_code& error)
    {
        if (depth_ != 1)
            return true;
        on_key_part(part, size, error);
        const auto name = std::find(names_.begin(), names_.end(), key_);
        key_.clear();
        current_ = nullptr;
        if (name == names_.end()) {
            if (others_ == other_members::dropped)
                return true;
            has_unknown_ = true;
            error = make_error_code(boost::system::errc::invalid_argument);
            return false;
        }
        current_ = &found_[static_cast<std::size_t>(name - names_.begin())];
        if (current_->what == member::kind::absent)
            return true;
        repeated_ = *name;
        error = make_error_code(boost::system::errc::invalid_argument);
        return false;
    }

    bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return append(part); }
    bool on_string(json::string_view part, std::size_t, json::error_code&)
    {
        return append(part) && end_value(member::kind::text);
    }

    bool on_number_part(json::string_view part, json::error_code&) { return append(part); }
    bool on_int64(std::int64_t, json::string_view part, json::error_code&) { return end_number(part); }
    bool on_uint64(std::uint64_t, json::string_view part, json::error_code&) { return end_number(part); }
    bool on_double(double, json::string_view part, json::error_code&) { return end_number(part); }

    bool on_bool(bool, json::error_code&) { return end_value(member::kind::other); }
    bool on_null(json::error_code&) { return end_value(member::kind::other); }

    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

    bool is_object() const { return is_object_; }
    std::optional<std::string_view> repeated() const { return repeated_; }
    bool has_unknown() const { return has_unknown_; }
    std::vector<member>& found() { return found_; }

private:
    bool open()
    {
        ++depth_;
        return true;
    }

    bool close()
    {
        --depth_;
        return end_value(member::kind::other);
    }

    bool append(json::string_view part)
    {
        if (depth_ == 1 && current_ != nullptr)
            current_->text.append(part.data(), part.size());
        return true;
    }

    bool end_number(json::string_view part) { return append(part) && end_value(member::kind::number); }

    bool end_value(member::kind what)
    {
        if (depth_ == 1 && current_ != nullptr) {
            current_->what = what;
            current_ = nullptr;
        }
        return true;
    }

    std::span<const std::string_view> names_;
    other_members others_;
    std::vector<member> found_;
    std::size_t depth_ = 0;
    bool is_object_ = false;
    std::string key_;           // of depth 1, as far as it has been read
    member* current_ = nullptr; // whose value is being read
    std::optional<std::string_view> repeated_;
    bool has_unknown_ = false;
};

// The names as a person is told them.
std::string listed(std::span<const std::string_view> names)
{
    std::string text;
    for (const auto name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

} // namespace

boost::system::result<std::vector<member>, body_error>
parse_members(std::string_view body, std::span<const std::string_view> names, other_members others)
{
    if (body.empty())
        return body_error{"the body is empty; a JSON object is expected"};
    json::parse_options options;
    options.max_depth = json_depth_max;
    json::basic_parser<members_handler> parser{options, names, others};
    json::error_code error;
    const auto read = parser.write_some(false, body.data(), body.size(), error);
    auto& handler = parser.handler();
    if (const auto name = handler.repeated())
        return body_error{"the member " + std::string(*name) + " is given twice"};
    if (handler.has_unknown())
        return body_error{"there is a member that is not known here; the known ones are " + listed(names)};
    if (!error && read < body.size())
        error = json::error::extra_data;
    if (error)
        return body_error{"the body is not JSON of at most " + std::to_string(json_depth_max) +
                          " levels in UTF-8: " + error.message()};
    if (!handler.is_object())
        return body_error{"the body is JSON, but not an object"};
    return std::move(handler.found());
}

} // namespace webhook
