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
    const auto* const name = GENERATE(
        "RECEIVER_FORWARD_URL", "RECEIVER_API_TOKEN", "RECEIVER_DEDUPE_DAYS", "RECEIVER_RETENTION_DAYS",
        "RECEIVER_MIN_FREE_MB", "RECEIVER_SIGNATURES", "WEBHOOK_MAX_CLOCK_SKEW_SECONDS", "WEBHOOK_TYPO");
    CAPTURE(name);
    const auto problems = read({{name, "x"}}).problems;
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].starts_with(name));
}

TEST_CASE("settings of the sender are passed over")
{
    CHECK(read({{"SENDER_LISTEN", "nonsense"}}).problems.empty());
}
