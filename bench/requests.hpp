#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

// The id of the `index`-th user: the same in every run, and in no order, as real ones are.
std::string user_id(std::size_t index);

std::string register_request(std::size_t user, std::uint16_t callback_port);
std::string start_request(std::size_t user);

// The sender's POST for a session that nobody started, signed now.
std::vector<std::string> signed_posts(std::size_t count, std::uint16_t port);

} // namespace bench
