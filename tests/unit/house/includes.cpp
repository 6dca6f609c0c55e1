#include "tests/unit/house/rooms.hpp"

#include <algorithm>

namespace house {

namespace {

const rule narrow{"umbrella", "No file includes an umbrella header"};
const rule homeless{"room", "each file has a room"};

const std::vector<std::string_view> umbrellas{
    "boost/asio.hpp",       "boost/asio/ssl.hpp",   "boost/beast.hpp",
    "boost/beast/core.hpp", "boost/beast/http.hpp", "boost/beast/ssl.hpp",
    "boost/json.hpp",       "boost/url.hpp",        "bits/stdc++.h"};

// Of the standard library, what reaches outside of a function's arguments.
const std::vector<std::string_view> io_headers{"condition_variable",
                                               "cstdio",
                                               "filesystem",
                                               "fstream",
                                               "future",
                                               "iostream",
                                               "mutex",
                                               "ostream",
                                               "istream",
                                               "syncstream",
                                               "thread",
                                               "semaphore",
                                               "csignal",
                                               "cstdlib"};

struct include
{
    std::size_t line;
    std::string name;
    bool quoted;
};

std::vector<include> includes_of(const source& file)
{
    std::vector<include> found;
    const auto lines = lines_of(file.text);
    const auto code = lines_of(file.code);
    for (std::size_t at = 0; at < code.size(); ++at) {
        const auto begin = code[at].find_first_not_of(' ');
        if (begin == std::string_view::npos || !code[at].substr(begin).starts_with("#include"))
            continue;
        const auto open = lines[at].find_first_of("\"<", begin);
        const auto close = lines[at].find_first_of("\">", open + 1);
        found.push_back(
            {at + 1, std::string(lines[at].substr(open + 1, close - open - 1)), lines[at][open] == '"'});
    }
    return found;
}

const room* room_of(std::string_view path)
{
    const room* best = nullptr;
    std::size_t longest = 0;
    for (const auto& each : rooms()) {
        for (const auto prefix : each.files) {
            if (path.starts_with(prefix) && prefix.size() > longest) {
                best = &each;
                longest = prefix.size();
            }
        }
    }
    return best;
}

bool is_standard(std::string_view name)
{
    return name.find_first_of("./") == std::string_view::npos;
}

bool is_library(std::string_view name)
{
    return begins_with_one_of(name, {"boost/", "catch2/", "openssl/", "sqlite3", "libpq", "pqxx/", "common/",
                                     "sender-service/", "receiver-service/", "tests/", "bench/"});
}

bool permitted(const room& where, const include& what)
{
    if (begins_with_one_of(what.name, where.never))
        return false;
    if (what.quoted)
        return begins_with_one_of(what.name, where.ours);
    if (is_library(what.name))
        return begins_with_one_of(what.name, where.others);
    if (where.how == purity::may_do_io)
        return true;
    return is_standard(what.name) &&
           std::find(io_headers.begin(), io_headers.end(), what.name) == io_headers.end();
}

} // namespace

std::vector<violation> check_includes(const source& file)
{
    const auto* const where = room_of(file.path);
    if (where == nullptr)
        return {{file.path, 1, std::string(homeless.name), "tests/unit/house/rooms.cpp has no room for it"}};
    std::vector<violation> found;
    for (const auto& each : includes_of(file)) {
        if (std::find(umbrellas.begin(), umbrellas.end(), each.name) != umbrellas.end())
            found.push_back({file.path, each.line, std::string(narrow.name), "includes all of " + each.name});
        else if (!permitted(*where, each))
            found.push_back(
                {file.path, each.line, std::string(where->from.name), "may not include " + each.name});
    }
    return found;
}

std::vector<rule> include_rules()
{
    std::vector<rule> rules{narrow, homeless};
    for (const auto& each : rooms())
        rules.push_back(each.from);
    return rules;
}

} // namespace house
