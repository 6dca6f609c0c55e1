#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace webhook {

inline constexpr std::size_t json_depth_max = 32;

// Why a body cannot be used: a sentence that the caller can act on, which quotes no more than a name.
struct body_error
{
    std::string detail;
};

// What a JSON object holds under one name, not judged yet.
struct member
{
    enum class kind { absent, text, number, other };
    kind what = kind::absent;
    std::string text; // of a text, unescaped; of a number, as it was written
};

// What becomes of a member that nobody asked for.
enum class other_members { dropped, refused };

// Reads one JSON object (RFC 8259) of at most 32 levels, all of it valid UTF-8, and answers with a member for
// each of `names`, in their order. What has another name is checked for its grammar and dropped, or refused;
// one of the names given twice is refused.
boost::system::result<std::vector<member>, body_error>
parse_members(std::string_view body, std::span<const std::string_view> names,
              other_members others = other_members::dropped);

} // namespace webhook
