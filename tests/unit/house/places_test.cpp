#include "tests/unit/house/support.hpp"

using namespace house;

namespace {

struct row
{
    std::string path;
    std::string line;
    std::string rule;
};

// Each touches what it may not.
const std::vector<row> forbidden{
    {"common/http/client.cpp", "auto a = std::getenv(\"http_proxy\");", "environment"},
    {"sender-service/main.cpp", "auto** a = ::environ;", "environment"},
    {"tests/unit/http/url.cpp", "::setenv(\"A\", \"b\", 1);", "environment"},
    {"sender-service/dispatcher.cpp", "auto a = std::chrono::system_clock::now();", "wall clock"},
    {"common/runtime/timer.cpp", "auto a = std::time(nullptr);", "wall clock"},
    {"common/runtime/timer.cpp", "::clock_gettime(CLOCK_REALTIME, &a);", "wall clock"},
    {"tests/unit/sender/world.cpp", "auto a = std::chrono::system_clock::now();", "wall clock"},
    {"sender-service/dispatcher.cpp", "run(\"SELECT 1\");", "sql"},
    {"sender-service/api.cpp", "run(R\"sql(\n  INSERT INTO users VALUES (1))sql\");", "sql"},
    {"receiver-service/intake.cpp", "run(\"update events set a = 1\");", "sql"},
    {"receiver-service/intake.cpp", "run(\"DELETE FROM events\");", "sql"},
    {"common/service/host.cpp", "run(\"PRAGMA user_version\");", "sql"},
    {"common/service/host.cpp", "run(\"CREATE UNIQUE INDEX a ON b (c)\");", "sql"},
    {"sender-service/api.cpp", "run(\"WITH a AS (SELECT 1) SELECT 2\");", "sql"},
    {"sender-service/attempt.cpp", "send(\"POST / HTTP/1.1\");", "http grammar"},
    {"receiver-service/api.cpp", "send(\"a\\r\\n\");", "http grammar"},
    {"sender-service/dispatcher.cpp", "std::mt19937 a;", "chance"},
    {"common/webhook/secrets.cpp", "RAND_bytes(a, 1);", "chance"},
    {"tests/sim/run.cpp", "std::random_device a;", "chance"},
    {"sender-service/promoter.cpp", "std::this_thread::sleep_for(a);", "sleep"},
    {"tests/unit/sender/world.cpp", "::usleep(1);", "sleep"},
};

// The same where it belongs, and what only looks like it.
const std::vector<row> permitted{
    {"common/runtime/settings.cpp", "auto** a = ::environ;", ""},
    {"common/http/client.cpp", "// getenv() is not for us\nruntime::environment a;", ""},
    {"common/runtime/system_clock.cpp", "auto a = std::chrono::system_clock::now();", ""},
    {"common/runtime/timer.cpp", "auto a = std::chrono::steady_clock::now(); auto b = expiry_time(0);", ""},
    {"common/storage/migrate.cpp", "run(\"PRAGMA user_version\");", ""},
    {"sender-service/sqlite_record.cpp", "run(\"SELECT 1\");", ""},
    {"sender-service/api.cpp", "routes(\"DELETE\", \"selected for delivery\");", ""},
    {"common/http/serialize.cpp", "send(\"HTTP/1.1 200 OK\\r\\n\");", ""},
    {"common/runtime/random.cpp", "RAND_bytes(a, 1);", ""},
    {"tests/integration/process_stop.cpp", "std::this_thread::sleep_for(a);", ""},
};

} // namespace

TEST_CASE("what only one place may touch is told anywhere else")
{
    for (const auto& each : forbidden) {
        INFO(each.path << ": " << each.line);
        const auto broken = broken_by(each.path, "\n" + each.line + "\n");
        REQUIRE(broken.size() == 1);
        CHECK(broken.front().substr(2) == each.rule);
        CHECK(broken.front().front() == '2');
    }
}

TEST_CASE("what is where it belongs is not told")
{
    for (const auto& each : permitted) {
        INFO(each.path << ": " << each.line);
        CHECK(broken_by(each.path, each.line + "\n").empty());
    }
}
