#include "tests/catch.hpp"
#include "tests/unit/receiver/fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace json = boost::json;
using test::event_body;
using test::receiver_fixture;

namespace {

json::value parsed(const http::response& response)
{
    return json::parse(response.body);
}

} // namespace

TEST_CASE("an event is accepted and shown in its user's inbox with exactly its six members")
{
    receiver_fixture r;
    const auto body = event_body("alice", "wr_1");
    const auto answer = r.post(body, "evt_wr_1_active");
    CHECK(answer.status == 200);
    CHECK(answer.body == R"({"result":"accepted"})");
    CHECK(r.get("/user-app/inbox/alice").body == "[" + body + "]");
    CHECK(r.get("/user-app/inbox/bob").body == "[]");
}

TEST_CASE("an event that comes again is a duplicate, and the first is kept")
{
    receiver_fixture r;
    const auto body = event_body("alice", "wr_1");
    r.post(body, "evt_wr_1_active");
    CHECK(r.post(body, "evt_wr_1_active").body == R"({"result":"duplicate"})");
    const auto other_body = body + " ";
    CHECK(r.post(other_body, "evt_wr_1_active").body == R"({"result":"duplicate"})");
    const auto list = parsed(r.get("/user-app/events"));
    REQUIRE(list.at("items").as_array().size() == 1);
    const auto& kept = list.at("items").at(0);
    CHECK(kept.at("duplicates").as_int64() == 2);
    CHECK(kept.at("duplicatesWithOtherBody").as_int64() == 1);
    const auto detail = parsed(r.get("/user-app/events/" + std::string(kept.at("id").as_string())));
    CHECK(detail.at("body").as_string() == body);
}

TEST_CASE("two users may have the same idempotency key")
{
    receiver_fixture r;
    r.post(event_body("alice", "wr_1"), "evt_wr_1_active");
    CHECK(r.post(event_body("bob", "wr_1"), "evt_wr_1_active").body == R"({"result":"accepted"})");
    CHECK(r.get("/user-app/inbox/bob").body == "[" + event_body("bob", "wr_1") + "]");
}

TEST_CASE("an inbox shows the events in the order of their arrival")
{
    receiver_fixture r;
    for (const auto* session : {"wr_c", "wr_a", "wr_b"})
        r.post(event_body("alice", session), "evt_" + std::string(session) + "_active");
    CHECK(r.get("/user-app/inbox/alice").body == "[" + event_body("alice", "wr_c") + "," +
                                                     event_body("alice", "wr_a") + "," +
                                                     event_body("alice", "wr_b") + "]");
}

TEST_CASE("an inbox shows the newest thousand, oldest first")
{
    receiver_fixture r;
    for (std::size_t i = 0; i < receiver::inbox_events_max + 2; ++i)
        r.post(event_body("alice", "wr_" + std::to_string(i)), "evt_wr_" + std::to_string(i) + "_active");
    const auto inbox = parsed(r.get("/user-app/inbox/alice"));
    REQUIRE(inbox.as_array().size() == receiver::inbox_events_max);
    CHECK(inbox.at(0).at("sessionId").as_string() == "wr_2");
    CHECK(inbox.as_array().back().at("sessionId").as_string() == "wr_1001");
}

TEST_CASE("the request is kept as it came, and how it was verified")
{
    receiver_fixture r;
    r.post(event_body("alice", "wr_1"), "evt_wr_1_active");
    const auto detail = parsed(r.get("/user-app/events/1"));
    CHECK(detail.at("remote").as_string() == "127.0.0.1:40000");
    CHECK(detail.at("headers").as_array().size() == 6);
    CHECK(detail.at("headers").at(3).at("name").as_string() == "webhook-id");
    CHECK(detail.at("headers").at(3).at("value").as_string() == "evt_wr_1_active");
    CHECK(detail.at("verification").at("xSignatureSecret").as_int64() == 1);
    CHECK(detail.at("verification").at("standardSecret").as_int64() == 1);
    CHECK(detail.at("verification").at("skewSeconds").as_int64() == 0);
    CHECK(detail.at("receivedAt").as_string() == "2026-01-02T03:04:05.678Z");
}

TEST_CASE(
    "a request signed with another secret is refused with 401, stored nowhere, and listed with its reason")
{
    receiver_fixture r;
    const auto answer = r.post(event_body("alice", "wr_1"), "evt_wr_1_active", "another-secret-of-mine");
    CHECK(answer.status == 401);
    CHECK(answer.body.find("mismatch") == std::string::npos);
    CHECK(r.get("/user-app/inbox/alice").body == "[]");
    const auto list = parsed(r.get("/user-app/rejections"));
    REQUIRE(list.at("items").as_array().size() == 1);
    CHECK(list.at("items").at(0).at("reason").as_string() == "signature_mismatch");
    CHECK(list.at("items").at(0).at("status").as_int64() == 401);
    CHECK(list.at("counts").at("signature_mismatch").as_int64() == 1);
    CHECK(r.get("/user-app/rejections").body.find("secret-of") == std::string::npos);
    REQUIRE(r.log_lines.size() == 1);
    CHECK(r.log_lines[0].find("signature_mismatch") != std::string::npos);
}

TEST_CASE("every failed authentication gets the same answer")
{
    receiver_fixture r;
    const auto wrong_secret =
        r.post(event_body("alice", "wr_1"), "evt_wr_1_active", "another-secret-of-mine");
    http::request unsigned_request;
    unsigned_request.method = "POST";
    unsigned_request.headers = {{"Content-Type", "application/json"}};
    unsigned_request.body = event_body("alice", "wr_1");
    const auto no_signature = r.answer(unsigned_request, "/user-app/webhooks/waiting-room");
    CHECK(no_signature.status == 401);
    CHECK(no_signature.body == wrong_secret.body);
}

TEST_CASE("a body that is signed but no event is refused with 400")
{
    receiver_fixture r;
    CHECK(r.post("{}", "evt_wr_1_active").status == 400);
    CHECK(r.post("[1", "evt_wr_1_active").status == 400);
    CHECK(r.post(event_body("alice", "wr_2"), "evt_wr_1_active").status != 200);
    CHECK(parsed(r.get("/user-app/events")).at("items").as_array().empty());
}

TEST_CASE("a body that is not declared as JSON is refused with 415")
{
    receiver_fixture r;
    http::request request;
    request.method = "POST";
    request.headers = {{"Content-Type", "text/plain"}};
    CHECK(r.answer(request, "/user-app/webhooks/waiting-room").status == 415);
}

TEST_CASE("only the last hundred rejections are kept, the newest first, and all are counted")
{
    receiver::rejections list;
    for (unsigned i = 0; i < 150; ++i)
        list.add({.at = {}, .remote = "", .status = i, .reason = "reason", .detail = ""});
    CHECK(list.newest_first().size() == 100);
    CHECK(list.newest_first().front().status == 149);
    CHECK(list.newest_first().back().status == 50);
    CHECK(list.counts().at("reason") == 150);
}
