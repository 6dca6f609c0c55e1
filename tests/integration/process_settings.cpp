// The command line and the settings.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/service.hpp"

using namespace integration;

namespace {

constexpr int status_bad_settings = 2;

std::string prefix(which side)
{
    return side == which::sender ? "SENDER_" : "RECEIVER_";
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("all bad settings are reported together, by name, with status 2", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const std::vector<std::string> arguments{GENERATE(as<std::string>{}, "", "--check-config")};
    const temporary_folder folder;
    const settings bad{{prefix(side) + "LISTEN", "nowhere"},
                       {prefix(side) + "MAX_CONNECTIONS", "-1"},
                       {prefix(side) + "MAX_BODY_BYTES", "1e5"},
                       {prefix(side) + "STOP_GRACE_MS", "soon"},
                       {prefix(side) + "NO_SUCH_SETTING", "1"},
                       {prefix(side) + "DATABASE", "mysql://db/x"},
                       {"LOG_FORMAT", "xml"},
                       {"LOG_LEVEL", "loud"},
                       {"WEBHOOK_SHARED_SECRET", "whsec_!!!"}};
    const auto ended =
        run(executable(side), arguments.front().empty() ? std::vector<std::string>{} : arguments,
            test_settings(side, folder, bad));
    INFO(ended.errors);
    CHECK(ended.status == status_bad_settings);
    for (const auto& [name, value] : bad) {
        INFO(name);
        CHECK(contains(ended.errors, name));
    }
    CHECK(!contains(ended.errors, "whsec_!!!"));
}

TEST_CASE("a setting that is not built yet is refused at start", "[process]")
{
    struct row
    {
        which side;
        const char* name;
        const char* value;
    };
    const auto one = GENERATE(row{which::sender, "SENDER_API_TOKEN", "token"},
                              row{which::sender, "SENDER_SECRETS_FILE", "/dev/null"},
                              row{which::receiver, "RECEIVER_API_TOKEN", "token"},
                              row{which::sender, "SENDER_DATABASE", "postgresql://db/x"},
                              row{which::receiver, "RECEIVER_DATABASE", "postgresql://db/x"});
    const temporary_folder folder;
    const auto ended = run(executable(one.side), {"--check-config"},
                           test_settings(one.side, folder, {{one.name, one.value}}));
    INFO(ended.errors);
    CHECK(ended.status == status_bad_settings);
    CHECK(contains(ended.errors, one.name));
}

TEST_CASE("without a secret, or with one given twice, a service does not start", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const temporary_folder folder;
    auto values = test_settings(side, folder);
    SECTION("none")
    {
        values.erase("WEBHOOK_SHARED_SECRET");
    }
    SECTION("an empty one")
    {
        values["WEBHOOK_SHARED_SECRET"] = "";
    }
    SECTION("a value and a file")
    {
        write_file(folder.path() / "secret", "a-secret-in-a-file");
        values["WEBHOOK_SHARED_SECRET_FILE"] = (folder.path() / "secret").string();
    }
    SECTION("a file that is not there")
    {
        values.erase("WEBHOOK_SHARED_SECRET");
        values["WEBHOOK_SHARED_SECRET_FILE"] = (folder.path() / "nothing").string();
    }
    SECTION("nine of them")
    {
        values["WEBHOOK_SHARED_SECRET"] = "a1,a2,a3,a4,a5,a6,a7,a8,a9";
    }
    const auto ended = run(executable(side), {}, values);
    INFO(ended.errors);
    CHECK(ended.status == status_bad_settings);
    CHECK(contains(ended.errors, "WEBHOOK_SHARED_SECRET"));
}

TEST_CASE("the demo's secret and a short one are warned of, and work", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const auto secret = GENERATE(as<std::string>{}, "dev-secret", "fifteen-bytes-x");
    const temporary_folder folder;
    service running(side, test_settings(side, folder, {{"WEBHOOK_SHARED_SECRET", secret}}));
    const auto log = running.process().errors();
    INFO(log);
    CHECK(contains(log, "\"warn"));
    CHECK(get(running.address(), "/readyz").status == 200);
}

TEST_CASE("good settings pass --check-config, which starts nothing", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const temporary_folder folder;
    const auto ended = run(executable(side), {"--check-config"}, test_settings(side, folder));
    INFO(ended.errors);
    CHECK(ended.status == 0);
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("--help lists every setting with its default, with or without a good environment", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const auto ended = run(executable(side), {"--help"}, {{prefix(side) + "LISTEN", "nowhere"}});
    CHECK(ended.status == 0);
    for (const char* name :
         {"LISTEN", "DATABASE", "MAX_CONNECTIONS", "MAX_BODY_BYTES", "MAX_HEADER_BYTES", "REQUEST_TIMEOUT_MS",
          "IDLE_TIMEOUT_MS", "WRITE_QUEUE", "MIN_FREE_MB", "STOP_GRACE_MS"})
        CHECK(contains(ended.output, prefix(side) + name));
    for (const char* text : {"WEBHOOK_SHARED_SECRET", "WEBHOOK_SHARED_SECRET_FILE", "LOG_LEVEL", "LOG_FORMAT",
                             "65536", "16384", "8192"})
        CHECK(contains(ended.output, text));
    CHECK(contains(ended.output, side == which::sender ? "127.0.0.1:8080" : "127.0.0.1:8081"));
}

TEST_CASE("--version prints the version", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const auto ended = run(executable(side), {"--version"}, {});
    CHECK(ended.status == 0);
    CHECK(contains(ended.output, PROJECT_VERSION));
}

TEST_CASE("an unknown argument is refused with status 2", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const temporary_folder folder;
    const auto ended = run(executable(side), {"--verbose"}, test_settings(side, folder));
    CHECK(ended.status == status_bad_settings);
    CHECK(contains(ended.errors, "--verbose"));
}

TEST_CASE("healthcheck says whether the service that listens there is ready", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const temporary_folder folder;
    auto values = test_settings(side, folder);
    auto running = std::make_unique<service>(side, values);
    values[prefix(side) + "LISTEN"] = running->address().authority();
    CHECK(run(executable(side), {"healthcheck"}, values).status == 0);
    running.reset();
    const auto down = run(executable(side), {"healthcheck"}, values);
    CHECK(down.status == 1);
    CHECK(!down.errors.empty());
}

TEST_CASE("a port that is taken is told, not waited for", "[process]")
{
    const auto side = GENERATE(which::sender, which::receiver);
    const temporary_folder folder;
    const temporary_folder other;
    service running(side, test_settings(side, folder));
    const auto ended =
        run(executable(side), {},
            test_settings(side, other, {{prefix(side) + "LISTEN", running.address().authority()}}));
    INFO(ended.errors);
    CHECK(ended.status > 0);
    CHECK(ended.status < 128);
    CHECK(contains(ended.errors, running.address().port));
}
