#pragma once

#include "common/http/message.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

inline constexpr std::size_t page_items_default = 50;
inline constexpr std::size_t page_items_max = 500;

// Reads the query of a list. Each call declares one parameter; problem() then knows what was not declared.
class list_query
{
public:
    explicit list_query(const request& from) : query_(from.query) {}

    std::optional<std::string> text(std::string_view name);
    std::size_t limit();                 // `limit`: 1 to 500, 50 unless told
    std::optional<std::int64_t> after(); // `after`: a cursor as the page before gave it

    void refuse(std::string detail);

    // What is wrong with the query, for the client: the first thing found, an unknown parameter included.
    std::optional<std::string> problem() const;

private:
    std::string declared_names() const;

    const std::map<std::string, std::string>& query_;
    std::vector<std::string_view> declared_;
    std::optional<std::string> problem_;
};

// Reads an id or a cursor as this project writes them: a decimal number from 1, without leading zeros.
std::optional<std::int64_t> parse_id(std::string_view text);

} // namespace http
