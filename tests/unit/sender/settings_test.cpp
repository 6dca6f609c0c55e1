#include "common/http/url.hpp"
#include "sender-service/settings.hpp"
#include "tests/catch.hpp"

using namespace std::chrono_literals;

namespace {

struct read_result
{
    sender::settings settings;
    std::vector<std::string> problems;
};

read_result read(runtime::environment values)
{
    values.emplace("WEBHOOK_SHARED_SECRET", "a-secret-of-the-test");
    runtime::settings_reader reader{values};
    auto settings = sender::read_settings(reader);
    return {std::move(settings), reader.problems()};
}

bool permits_loopback(const sender::settings& settings)
{
    return !settings.api.callbacks.refuses_text(*http::parse_url("http://127.0.0.1:8081/"));
}

} // namespace

TEST_CASE("the sender's defaults are those of its documentation")
{
    const auto [settings, problems] = read({});
    CHECK(problems.empty());
    CHECK(settings.service.listen.to_string() == "127.0.0.1:8080");
    CHECK(settings.service.database_path == "sender.db");
    CHECK(settings.api.waits.waiting_after == 2000ms);
    CHECK(settings.api.waits.ready_after == 5000ms);
    CHECK(settings.sending.dispatch.retry.base == 1000ms);
    CHECK(settings.sending.dispatch.retry.max == 6h);
    CHECK(settings.sending.dispatch.retry.attempts_max == 20);
    CHECK(settings.sending.dispatch.retry.age_max == 72h);
    CHECK(settings.sending.dispatch.limits.connect == 5s);
    CHECK(settings.sending.dispatch.limits.whole == 15s);
    CHECK(settings.sending.dispatch.in_flight_max == 512);
    CHECK(settings.sending.dispatch.origin_in_flight_max == 64);
    CHECK(settings.keeping.retention == 30 * 24h);
    CHECK(settings.keeping.age_max == 72h + 15s);
    CHECK(settings.service.http.connections_max == 10'000);
    CHECK(settings.service.http.body_bytes_max == 65'536);
    CHECK(settings.service.http.header_bytes_max == 16'384);
    CHECK(settings.service.write_queue_max == 8'192);
    CHECK(settings.service.stop_grace == 8s);
}

TEST_CASE("loopback callbacks are permitted by default only to a sender that listens on loopback")
{
    CHECK(permits_loopback(read({}).settings));
    CHECK(permits_loopback(read({{"SENDER_LISTEN", "[::1]:8080"}}).settings));
    CHECK_FALSE(permits_loopback(read({{"SENDER_LISTEN", "0.0.0.0:8080"}}).settings));
}

TEST_CASE("the list of allowed callbacks, once set, means exactly what it says")
{
    CHECK_FALSE(permits_loopback(read({{"SENDER_ALLOWED_CALLBACKS", ""}}).settings));
    CHECK_FALSE(permits_loopback(read({{"SENDER_ALLOWED_CALLBACKS", "10.0.0.0/8"}}).settings));
    CHECK(permits_loopback(read({{"SENDER_ALLOWED_CALLBACKS", "127.0.0.0/8"}}).settings));
    CHECK(permits_loopback(
        read({{"SENDER_LISTEN", "0.0.0.0:8080"}, {"SENDER_ALLOWED_CALLBACKS", "127.0.0.1:8081"}}).settings));
}

TEST_CASE("every bad setting is reported, each by its name")
{
    const auto problems = read({{"SENDER_LISTEN", "somewhere"},
                                {"SENDER_DATABASE", "mysql:x"},
                                {"SENDER_READY_AFTER_MS", "-1"},
                                {"SENDER_RETRY_ATTEMPTS", "0"},
                                {"SENDER_DELIVERY_MAX_AGE_HOURS", "169"},
                                {"SENDER_ALLOWED_CALLBACKS", "10.0.0.1/8"},
                                {"SENDER_CALLBACK_ORIGINS", "app.example"},
                                {"SENDER_TYPO", "1"},
                                {"SENDER_CA_FILE", "/nonexistent"},
                                {"LOG_LEVEL", "loud"}})
                              .problems;
    CHECK(problems.size() == 10);
    for (const auto* name :
         {"SENDER_LISTEN", "SENDER_DATABASE", "SENDER_READY_AFTER_MS", "SENDER_RETRY_ATTEMPTS",
          "SENDER_DELIVERY_MAX_AGE_HOURS", "SENDER_ALLOWED_CALLBACKS", "SENDER_CALLBACK_ORIGINS",
          "SENDER_TYPO", "SENDER_CA_FILE", "LOG_LEVEL"})
    {
        CAPTURE(name);
        CHECK(std::any_of(problems.begin(), problems.end(),
                          [&](const auto& problem) { return problem.starts_with(name); }));
    }
}

TEST_CASE("WAITING may not come after READY")
{
    CHECK(read({{"SENDER_WAITING_AFTER_MS", "5001"}}).problems.size() == 1);
    CHECK(read({{"SENDER_WAITING_AFTER_MS", "5000"}}).problems.empty());
}

TEST_CASE("the least free disk is 64 MB unless told, and 0 switches it off")
{
    CHECK(read({}).settings.service.free_disk_mb_min == 64);
    CHECK(read({{"SENDER_MIN_FREE_MB", "0"}}).settings.service.free_disk_mb_min == 0);
    CHECK(read({{"SENDER_MIN_FREE_MB", "-1"}}).problems.size() == 1);
}

TEST_CASE("a setting that this version does not have yet is refused")
{
    const auto* const name = GENERATE("SENDER_SECRETS_FILE", "SENDER_API_TOKEN");
    CAPTURE(name);
    CHECK(read({{name, "1"}}).problems.size() == 1);
    CHECK(read({{"SENDER_DATABASE", "postgresql://localhost/x"}}).problems.size() == 1);
}

TEST_CASE("settings of the receiver are passed over, so that one file can serve both")
{
    CHECK(read({{"RECEIVER_LISTEN", "nonsense"}, {"WEBHOOK_MAX_CLOCK_SKEW_SECONDS", "60"}}).problems.empty());
}

TEST_CASE("a sender that listens beyond loopback and lets every origin register is warned")
{
    CHECK(read({}).settings.service.warnings.empty());
    CHECK(read({{"SENDER_LISTEN", "0.0.0.0:8080"}}).settings.service.warnings.size() == 1);
    CHECK(read({{"SENDER_LISTEN", "0.0.0.0:8080"}, {"SENDER_CALLBACK_ORIGINS", "https://app.example"}})
              .settings.service.warnings.empty());
}
