#pragma once

#include "common/http/router.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace test {

// "GET /path" of each operation in an OpenAPI document.
std::set<std::string> documented_operations(std::string_view document);

// "GET /path" of each route.
std::set<std::string> routed_operations(const std::vector<http::route>& routes);

// What a document refers to with $ref and does not define.
std::set<std::string> dangling_references(std::string_view document);

} // namespace test
