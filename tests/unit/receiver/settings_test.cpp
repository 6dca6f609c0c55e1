#include "common/http/url.hpp"
#include "receiver-service/settings.hpp"
#include "tests/catch.hpp"

using namespace std::chrono_literals;

namespace {

struct read_result
{
    receiver::settings settings;
    std::vector<std::string> problems;
};

read_result read(runtime::environment values)
{
    values.emplace("WEBHOOK_SHARED_SECRET", "a-secret-of-the-test");
    runtime::settings_reader reader{values};
    auto settings = receiver::read_settings(reader);
    return {std::move(settings), reader.problems()};
}

} // namespace

TEST_CASE("the receiver's defaults are those of its documentation")
{
    const auto [settings, problems] = read({});
    CHECK(problems.empty());
    CHECK(settings.service.listen.to_string() == "127.0.0.1:8081");
    CHECK(settings.service.database_path == "receiver.db");
    CHECK(settings.policy.skew_max == 300s);
    CHECK(settings.policy.required == webhook::required_scheme::any);
    CHECK(settings.keeping.retention == std::chrono::days{30});
    CHECK(settings.forwarding.url.empty());
    CHECK_FALSE(settings.keeping.age_max);
    const auto& sending = settings.forwarding.sending;
    CHECK(sending.dispatch.retry.base == 1s);
    CHECK(sending.dispatch.retry.attempts_max == 20);
    CHECK(sending.stop_grace == 8s);
    CHECK(sending.client.user_agent == "waiting-room-receiver");
}

TEST_CASE("the app may be wherever the operator says, in a private network or a cloud's own too")
{
    const auto url = GENERATE(as<std::string>{}, "http://127.0.0.1:9000/hook", "http://10.1.2.3/",
                              "http://169.254.169.254/", "http://[::1]/", "http://[fd00::1]/");
    CAPTURE(url);
    const auto [settings, problems] =
        read({{"RECEIVER_FORWARD_URL", url}, {"RECEIVER_SIGNATURES", "standard"}});
    CHECK(problems.empty());
    CHECK(settings.service.warnings.empty());
    CHECK(settings.forwarding.url == url);
    const auto app = *http::parse_url(url);
    CHECK(settings.forwarding.sending.client.policy.permits(app, boost::asio::ip::make_address(app.host)));
}

TEST_CASE("how events are forwarded is read from settings of the receiver's own")
{
    const auto [settings, problems] = read({{"RECEIVER_FORWARD_URL", "http://app.test/"},
                                            {"RECEIVER_RETRY_ATTEMPTS", "7"},
                                            {"RECEIVER_IN_FLIGHT", "9"},
                                            {"RECEIVER_ORIGIN_IN_FLIGHT", "8"},
                                            {"RECEIVER_STOP_GRACE_MS", "77"}});
    CHECK(problems.empty());
    CHECK(settings.forwarding.sending.dispatch.retry.attempts_max == 7);
    CHECK(settings.forwarding.sending.dispatch.in_flight_max == 9);
    CHECK(settings.forwarding.sending.dispatch.origin_in_flight_max == 8);
    CHECK(settings.forwarding.sending.stop_grace == 77ms);
    CHECK(settings.keeping.age_max == 72h + 15s);
}

TEST_CASE("a receiver that would forward to itself says so")
{
    const auto url = GENERATE(as<std::string>{}, "http://127.0.0.1:8081/user-app/webhooks/waiting-room",
                              "http://localhost:8081/user-app/webhooks/waiting-room");
    const auto warnings =
        read({{"RECEIVER_FORWARD_URL", url}, {"RECEIVER_SIGNATURES", "standard"}}).settings.service.warnings;
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].starts_with("RECEIVER_FORWARD_URL"));
}

TEST_CASE("another receiver, on another port or machine, is no way back")
{
    const auto url =
        GENERATE(as<std::string>{}, "http://127.0.0.1:8082/user-app/webhooks/waiting-room",
                 "http://other.test:8081/user-app/webhooks/waiting-room", "http://127.0.0.1:8081/other");
    CAPTURE(url);
    CHECK(read({{"RECEIVER_FORWARD_URL", url}, {"RECEIVER_SIGNATURES", "standard"}})
              .settings.service.warnings.empty());
}

TEST_CASE("events are not kept for less long than their keys have to be")
{
    CHECK(read({{"RECEIVER_RETENTION_DAYS", "14"}}).problems.empty());
    CHECK(read({{"RECEIVER_RETENTION_DAYS", "3"}, {"RECEIVER_DEDUPE_DAYS", "3"}}).problems.empty());
    const auto problems = read({{"RECEIVER_RETENTION_DAYS", "13"}}).problems;
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].starts_with("RECEIVER_RETENTION_DAYS"));
}

TEST_CASE("a receiver that takes X-Signature alone says what that does not protect")
{
    CHECK(read({}).settings.service.warnings.size() == 1);
    const auto strict = read({{"RECEIVER_SIGNATURES", "standard"}}).settings;
    CHECK(strict.policy.required == webhook::required_scheme::standard);
    CHECK(strict.service.warnings.empty());
}

TEST_CASE("the demo's secret and a short one are warned of, and not printed")
{
    const std::string secret = GENERATE("dev-secret", "tiny-key-9");
    const auto warnings = read({{"WEBHOOK_SHARED_SECRET", secret}, {"RECEIVER_SIGNATURES", "standard"}})
                              .settings.service.warnings;
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("tiny-key-9") == std::string::npos);
}

TEST_CASE("a missing or malformed secret is a problem")
{
    CHECK(read({{"WEBHOOK_SHARED_SECRET", ""}}).problems.size() == 1);
    CHECK(read({{"WEBHOOK_SHARED_SECRET", "whsec_!!!"}}).problems.size() == 1);
    CHECK(read({{"WEBHOOK_SHARED_SECRET", "1 2 3 4 5 6 7 8 9"}}).problems.size() == 1);
}

TEST_CASE("a setting that this version does not have yet, or a bad one, is refused by name")
{
    const auto* const name = GENERATE("RECEIVER_FORWARD_URL", "RECEIVER_API_TOKEN", "RECEIVER_DEDUPE_DAYS",
                                      "RECEIVER_RETENTION_DAYS", "RECEIVER_RETRY_BASE_MS", "RECEIVER_CA_FILE",
                                      "RECEIVER_MIN_FREE_MB", "RECEIVER_SIGNATURES",
                                      "WEBHOOK_MAX_CLOCK_SKEW_SECONDS", "WEBHOOK_TYPO");
    CAPTURE(name);
    const auto problems = read({{name, "x"}}).problems;
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].starts_with(name));
}

TEST_CASE("settings of the sender are passed over")
{
    CHECK(read({{"SENDER_LISTEN", "nonsense"}}).problems.empty());
}
