#pragma once

#include <string>
#include <string_view>

namespace runtime {

// `text` as a JSON string with its quotes. Quotes, backslashes, control characters (C1 too) and line
// separators are escaped; each byte that is not part of valid UTF-8 becomes U+FFFD, so that the result is
// always valid JSON on one line.
std::string json_quoted(std::string_view text);

// `text` for a person: as it is when it is one plain word, else in quotes with the same escapes. A byte that
// is not part of valid UTF-8 becomes \xNN.
std::string quoted_if_needed(std::string_view text);

// `text` always in quotes, escaped like quoted_if_needed().
std::string quoted(std::string_view text);

} // namespace runtime
