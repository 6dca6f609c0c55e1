#include "tests/support/openapi.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cctype>

namespace test {

namespace json = boost::json;

namespace {

void collect_references(const json::value& node, std::set<std::string>& found)
{
    if (const auto* list = node.if_array())
        for (const auto& item : *list)
            collect_references(item, found);
    if (const auto* object = node.if_object())
        for (const auto& [key, value] : *object) {
            if (key == "$ref")
                found.emplace(value.as_string());
            collect_references(value, found);
        }
}

} // namespace

std::set<std::string> documented_operations(std::string_view document)
{
    std::set<std::string> operations;
    const auto root = json::parse(document);
    for (const auto& [path, item] : root.at("paths").as_object())
        for (const auto& [key, operation] : item.as_object()) {
            if (key == "parameters")
                continue;
            std::string method{key};
            std::transform(method.begin(), method.end(), method.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
            operations.insert(method + " " + std::string(path));
        }
    return operations;
}

std::set<std::string> routed_operations(const std::vector<http::route>& routes)
{
    std::set<std::string> operations;
    for (const auto& route : routes)
        operations.insert(std::string(route.method) + " " + std::string(route.pattern));
    return operations;
}

std::set<std::string> dangling_references(std::string_view document)
{
    constexpr std::string_view prefix = "#/components/schemas/";
    const auto root = json::parse(document);
    const auto& schemas = root.at("components").at("schemas").as_object();
    std::set<std::string> references;
    collect_references(root, references);
    std::erase_if(references, [&](const std::string& reference) {
        return reference.starts_with(prefix) && schemas.contains(reference.substr(prefix.size()));
    });
    return references;
}

} // namespace test
