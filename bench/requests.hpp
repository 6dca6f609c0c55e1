#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

// The id of the `index`-th user: the same in every run, and in no order, as real ones are.
std::string user_id(std::size_t index);

// Where the receiver of `origin`, which is as "http://127.0.0.1:8081", takes webhooks.
std::string callback_url(const std::string& origin);

// Registers the user at the callback of `origin`.
std::string register_request(std::size_t user, const std::string& origin);
std::string start_request(std::size_t user);

// The sender's POST for a session that nobody started, signed now.
std::vector<std::string> signed_posts(std::size_t count, std::uint16_t port);

} // namespace bench
