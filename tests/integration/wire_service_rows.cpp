// What both services answer besides their own API, and what they do not answer yet.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/wire.hpp"

#include <set>

using namespace integration;

namespace {

using rows = std::set<std::string>; // "GET /path"

const rows sender_rows{"POST /ticketmaster/register/{userId}",
                       "DELETE /ticketmaster/register/{userId}",
                       "POST /ticketmaster/start/{userId}",
                       "GET /ticketmaster/status/{userId}",
                       "GET /ticketmaster/deliveries",
                       "GET /ticketmaster/deliveries/{id}",
                       "POST /ticketmaster/deliveries/{id}/redeliver",
                       "POST /ticketmaster/deliveries/redeliver",
                       "GET /ticketmaster/origins",
                       "POST /ticketmaster/origins/pause",
                       "POST /ticketmaster/origins/resume",
                       "GET /livez",
                       "GET /readyz",
                       "GET /openapi.json"};

const rows receiver_rows{"POST /user-app/webhooks/waiting-room",
                         "GET /user-app/inbox/{userId}",
                         "GET /user-app/events",
                         "GET /user-app/events/{id}",
                         "POST /user-app/events/{id}/reprocess",
                         "GET /user-app/rejections",
                         "GET /livez",
                         "GET /readyz",
                         "GET /openapi.json"};

rows documented(const origin& service)
{
    rows found;
    const auto document = object_of(get(service, "/openapi.json"));
    for (const auto& path : document.at("paths").as_object()) {
        for (const auto& operation : path.value().as_object()) {
            std::string method(operation.key());
            if (method == "parameters" || method == "summary" || method == "description")
                continue;
            for (auto& letter : method)
                letter = static_cast<char>(letter - 'a' + 'A');
            found.insert(method + " " + std::string(path.key()));
        }
    }
    return found;
}

} // namespace

TEST_CASE("a running service is alive and ready", "[wire]")
{
    for (const auto& service : {wire().sender, wire().receiver}) {
        for (const char* path : {"/livez", "/readyz"}) {
            INFO(service.authority() << path);
            CHECK(get(service, path).status == 200);
        }
    }
}

TEST_CASE("the OpenAPI documents list every row that is built and no other", "[wire]")
{
    CHECK(documented(wire().sender) == sender_rows);
    CHECK(documented(wire().receiver) == receiver_rows);
}

TEST_CASE("the OpenAPI documents are OpenAPI 3 in JSON", "[wire]")
{
    for (const auto& service : {wire().sender, wire().receiver}) {
        const auto answer = get(service, "/openapi.json");
        CHECK(answer.value("content-type") == "application/json");
        CHECK(text_of(object_of(answer), "openapi").starts_with("3."));
    }
}

TEST_CASE("a row that is not built yet is an unknown path", "[wire]")
{
    struct row
    {
        bool of_sender;
        const char* method;
        const char* path;
    };
    const auto one =
        GENERATE(row{false, "GET", "/user-app/events/stream"}, row{true, "GET", "/metrics"},
                 row{true, "GET", "/"}, row{false, "GET", "/user-app/inbox/alice/stream"},
                 row{false, "GET", "/metrics"}, row{false, "GET", "/"},
                 row{false, "GET", "/ticketmaster/status/alice"}, row{true, "GET", "/user-app/inbox/alice"},
                 row{true, "GET", "/livez/"}, row{true, "GET", "//livez"}, row{true, "GET", "/LIVEZ"});
    const auto answer = ask(one.of_sender ? wire().sender : wire().receiver, one.method, one.path);
    INFO(one.method << " " << one.path << " " << shown(answer));
    CHECK(is_problem(answer, 404));
}

TEST_CASE("another method on a known path is told which ones there are", "[wire]")
{
    struct row
    {
        bool of_sender;
        const char* method;
        const char* path;
        const char* allowed;
    };
    const auto one = GENERATE(
        row{true, "GET", "/ticketmaster/register/alice", "POST"},
        row{true, "GET", "/ticketmaster/register/alice", "DELETE"},
        row{true, "PUT", "/ticketmaster/start/alice", "POST"},
        row{true, "POST", "/ticketmaster/status/alice", "GET"},
        row{true, "DELETE", "/ticketmaster/deliveries", "GET"}, row{true, "POST", "/livez", "GET"},
        row{false, "GET", "/user-app/webhooks/waiting-room", "POST"},
        row{false, "POST", "/user-app/inbox/alice", "GET"}, row{false, "PATCH", "/user-app/events", "GET"},
        row{false, "DELETE", "/user-app/rejections", "GET"}, row{false, "OPTIONS", "/openapi.json", "GET"});
    const auto answer = ask(one.of_sender ? wire().sender : wire().receiver, one.method, one.path);
    INFO(one.method << " " << one.path << " " << shown(answer));
    CHECK(is_problem(answer, 405));
    CHECK(answer.value("allow").find(one.allowed) != std::string::npos);
    CHECK(answer.value("allow").find(one.method) == std::string::npos);
}

TEST_CASE("HEAD answers as GET does, without the body", "[wire]")
{
    connection link(wire().receiver);
    const auto target = "/user-app/inbox/alice-of-head";
    link.write(request_bytes(wire().receiver, "HEAD", target));
    const auto head = link.read(true);
    REQUIRE(head.has_value());
    CHECK(head->status == 200);
    link.write(request_bytes(wire().receiver, "GET", target)); // on the same connection: nothing is left over
    const auto whole = link.read();
    REQUIRE(whole.has_value());
    CHECK(head->value("content-length") == std::to_string(whole->body.size()));
}

TEST_CASE("requests sent together are answered in order on one connection", "[wire]")
{
    connection link(wire().sender);
    std::string bytes;
    for (int count = 0; count < 20; ++count)
        bytes += request_bytes(wire().sender, "GET", count % 2 == 0 ? "/livez" : "/nowhere");
    link.write(bytes);
    for (int count = 0; count < 20; ++count) {
        const auto answer = link.read();
        REQUIRE(answer.has_value());
        CHECK(answer->status == (count % 2 == 0 ? 200U : 404U));
    }
}
