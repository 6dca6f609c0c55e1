#include "common/http/health_routes.hpp"
#include "sender-service/api.hpp"
#include "tests/catch.hpp"
#include "tests/support/openapi.hpp"
#include "tests/unit/sender/world.hpp"

TEST_CASE("the sender's OpenAPI document and its routes name the same operations")
{
    test::world w;
    sender::api api{*w.store, w.clock, [] { return std::uint64_t{0}; }, {}, {}};
    auto routes = api.routes();
    for (auto& route : http::health_routes([] { return true; }, sender::openapi_document()))
        routes.push_back(std::move(route));
    CHECK(test::documented_operations(sender::openapi_document()) == test::routed_operations(routes));
    CHECK(test::dangling_references(sender::openapi_document()).empty());
}
