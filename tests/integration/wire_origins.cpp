// The sender's list of callback origins, and their pauses.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/pending_user.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/wire.hpp"

#include <boost/json/serialize.hpp>

#include <set>

using namespace integration;

namespace {

std::string callback_origin()
{
    return origin::parse(wire().callback_url).url();
}

boost::json::object page(std::string_view query)
{
    const auto answer = get(wire().sender, std::string("/ticketmaster/origins").append(query));
    INFO(shown(answer));
    REQUIRE(answer.status == 200);
    return object_of(answer);
}

// The origin of the callbacks, as it is listed.
boost::json::object listed()
{
    const auto found = page("?origin=" + callback_origin());
    REQUIRE(found.at("items").as_array().size() == 1);
    return found.at("items").as_array().front().as_object();
}

reply pause_or_resume(std::string_view what, std::string_view body)
{
    return post_json(wire().sender, std::string("/ticketmaster/origins/").append(what), body);
}

std::string body_of(std::string_view origin)
{
    return boost::json::serialize(boost::json::object{{"origin", origin}});
}

// The origin of the callbacks is paused while this lives.
class held_origin
{
public:
    held_origin() : answer(pause_or_resume("pause", body_of(callback_origin()))) {}
    ~held_origin() { resume(); }
    held_origin(const held_origin&) = delete;
    held_origin& operator=(const held_origin&) = delete;

    static reply resume() { return pause_or_resume("resume", body_of(callback_origin())); }

    const reply answer;
};

} // namespace

TEST_CASE("an origin is listed with its backlog, its breaker and what failed last", "[wire]")
{
    const pending_user one;
    const auto found = listed();
    INFO(boost::json::serialize(found));
    CHECK(text_of(found, "origin") == callback_origin());
    CHECK(found.at("backlog").to_number<std::size_t>() >= 1);
    CHECK(text_of(found, "oldestDueAt").ends_with("Z"));
    CHECK(found.at("dead").is_int64());
    CHECK(found.at("pausedAt").is_null());
    CHECK(found.at("breaker") == "closed"); // a 404 is one user's
    CHECK(found.at("blockedUntil").is_null());
    CHECK(found.at("failuresInRow") == 0);
    CHECK(found.at("cap").to_number<std::size_t>() >= 1);
    CHECK(found.at("inFlight").to_number<std::size_t>() <= found.at("cap").to_number<std::size_t>());
    CHECK(found.at("lastError") == "answered 404");
    CHECK(text_of(found, "lastFailedAt").ends_with("Z"));
    CHECK(found.size() == 12);
}

TEST_CASE("origins are listed by what they have", "[wire]")
{
    const pending_user one;
    const auto name = callback_origin();
    CHECK(page("?with=pending&origin=" + name).at("items").as_array().size() == 1);
    CHECK(page("?with=pause&origin=" + name).at("items").as_array().empty());
    CHECK(page("?origin=http://nobody.example:81").at("items").as_array().empty());
    CHECK(page("?origin=http://nobody.example:81").at("next").is_null());
}

TEST_CASE("the pages of origins hold each once", "[wire]")
{
    for (const char* host : {"http://one.example", "http://two.example:81", "https://three.example"}) {
        const auto user = unique("origins");
        sender_api::register_user(wire().sender, user, std::string(host) + "/hook");
        sender_api::unregister(wire().sender, user); // nobody is registered there, and it is known still
    }
    std::set<std::string> seen;
    std::size_t items = 0;
    std::string query = "?limit=2";
    for (int pages = 0; pages < 1'000; ++pages) {
        const auto one = page(query);
        for (const auto& each : one.at("items").as_array())
            seen.insert(text_of(each, "origin"));
        items += one.at("items").as_array().size();
        if (one.at("next").is_null())
            break;
        query = "?limit=2&after=" + text_of(one, "next");
    }
    CHECK(seen.size() == items);
    CHECK(seen.contains("http://one.example"));
    CHECK(seen.contains("http://two.example:81"));
    CHECK(seen.contains("https://three.example"));
}

TEST_CASE("a list of origins refuses what it does not know", "[wire]")
{
    const auto query = GENERATE(as<std::string>{}, "?colour=red", "?limit=0", "?limit=501", "?limit=x",
                                "?after=!", "?with=", "?with=dead", "?with=pause&with=pause",
                                "?origin=app.example", "?origin=http://app.example/hook", "?origin=");
    const auto answer = get(wire().sender, std::string("/ticketmaster/origins") + query);
    INFO(query << " " << shown(answer));
    CHECK(is_problem(answer, 400));
}

TEST_CASE("nothing is delivered to an origin while it is paused, and all of it afterwards", "[wire]")
{
    const auto user = unique("paused");
    sender_api::register_user(wire().sender, user, wire().callback_url);
    {
        const held_origin held;
        INFO(shown(held.answer));
        REQUIRE(held.answer.status == 200);
        CHECK(object_of(held.answer) == boost::json::object{{"origin", callback_origin()}, {"paused", true}});
        const auto session = sender_api::start(wire().sender, user);
        const auto status = sender_api::status_when(wire().sender, user, "READY");
        CHECK(status.at("notification").at("status") == "pending");
        CHECK(text_of(listed(), "pausedAt").ends_with("Z"));
        CHECK(page("?with=pause&origin=" + callback_origin()).at("items").as_array().size() == 1);
        const auto attempted = [&] {
            return sender_api::delivery_of(wire().sender, user, session)->at("attempts") != 0;
        };
        CHECK_FALSE(eventually(attempted, std::chrono::milliseconds(300)));
        CHECK(receiver_api::inbox(wire().receiver, user).empty());
        const auto resumed = held_origin::resume();
        CHECK(object_of(resumed) == boost::json::object{{"origin", callback_origin()}, {"paused", false}});
    }
    CHECK(receiver_api::inbox_when(wire().receiver, user, 1).size() == 1);
    CHECK(listed().at("pausedAt").is_null());
}

TEST_CASE("an origin can be paused and resumed again and again, and by another spelling", "[wire]")
{
    const held_origin held;
    CHECK(pause_or_resume("pause", body_of(callback_origin())).status == 200);
    auto spelt = callback_origin();
    spelt.replace(0, 4, "HTTP");
    CHECK(pause_or_resume("resume", body_of(spelt)).status == 200);
    CHECK(pause_or_resume("resume", body_of(callback_origin())).status == 200);
    CHECK(listed().at("pausedAt").is_null());
}

TEST_CASE("an origin that nobody was registered at cannot be paused", "[wire]")
{
    const auto* const what = GENERATE("pause", "resume");
    const auto answer = pause_or_resume(what, body_of("http://nobody.example:81"));
    INFO(shown(answer));
    CHECK(is_problem(answer, 404));
}

TEST_CASE("a body that names no origin pauses nothing", "[wire]")
{
    const auto body =
        GENERATE(as<std::string>{}, "", "{}", "[]", "null", "{", R"({"origin":5})", R"({"origin":null})",
                 R"({"origin":"app.example"})", R"({"origin":"http://app.example/"})",
                 R"({"origin":"ftp://app.example"})", R"({"origin":"http://app.example","for":"an hour"})",
                 R"({"origin":"http://app.example","origin":"http://app.example"})");
    for (const auto* const what : {"pause", "resume"}) {
        const auto answer = pause_or_resume(what, body);
        INFO(what << " " << body << " " << shown(answer));
        CHECK(is_problem(answer, 400));
    }
}

TEST_CASE("a pause that is too large, or not said to be JSON, is refused", "[wire]")
{
    const auto large = pause_or_resume("pause", body_of(callback_origin()) + std::string(70'000, ' '));
    INFO(shown(large));
    CHECK(is_problem(large, 413));
    for (const headers& fields : {headers{}, headers{{"Content-Type", "text/plain"}}}) {
        const auto answer =
            ask(wire().sender, "POST", "/ticketmaster/origins/pause", fields, body_of(callback_origin()));
        INFO(shown(answer));
        CHECK(is_problem(answer, 415));
    }
    CHECK(listed().at("pausedAt").is_null());
}

TEST_CASE("origins are paused with POST and listed with GET", "[wire]")
{
    CHECK(is_problem(get(wire().sender, "/ticketmaster/origins/pause"), 405));
    CHECK(is_problem(post_json(wire().sender, "/ticketmaster/origins", "{}"), 405));
}
