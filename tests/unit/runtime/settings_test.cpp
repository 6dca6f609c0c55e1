#include "common/runtime/settings.hpp"
#include "tests/catch.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using problems = std::vector<std::string>;

// A file that goes with the test.
struct temporary_file
{
    std::string path = (std::filesystem::temp_directory_path() /
                        ("waiting-room-settings-" + std::to_string(::getpid()) + ".secret"))
                           .string();

    explicit temporary_file(const std::string& content) { std::ofstream(path, std::ios::binary) << content; }
    ~temporary_file() { std::filesystem::remove(path); }
};

problems problems_of_number(const std::string& value)
{
    const runtime::environment values{{"N", value}};
    runtime::settings_reader reader(values);
    reader.number("N", 5, 1, 3'600'000, "a number");
    return reader.problems();
}

problems problems_of_listen(const std::string& value)
{
    const runtime::environment values{{"L", value}};
    runtime::settings_reader reader(values);
    reader.listen("L", "127.0.0.1:8080", "where to listen");
    return reader.problems();
}

} // namespace

TEST_CASE("a number is decimal digits in its range, and nothing else")
{
    for (const auto* const good : {"1", "3600000", "", "007"}) {
        CAPTURE(good);
        CHECK(problems_of_number(good).empty());
    }
    for (const std::string bad :
         {"abc", "0", "3600001", "-1", "+1", "1.5", " 1", "1 ", "1e3", "99999999999999999999999", "0x10"})
    {
        CAPTURE(bad);
        CHECK(problems_of_number(bad) ==
              problems{"N: \"" + bad + "\" is not a whole number from 1 to 3600000"});
    }
}

TEST_CASE("a bad value is shown escaped and cut")
{
    CHECK(problems_of_number("1\n2") == problems{"N: \"1\\n2\" is not a whole number from 1 to 3600000"});
    const auto found = problems_of_number(std::string(10'000, '9'));
    REQUIRE(found.size() == 1);
    CHECK(found[0].size() < 200);
}

TEST_CASE("what is not set, or set to nothing, has its default")
{
    const runtime::environment values{{"EMPTY", ""}};
    runtime::settings_reader reader(values);
    CHECK(reader.number("EMPTY", 7, 1, 9, "") == 7);
    CHECK(reader.milliseconds("NONE", 8, 1, 9, "") == std::chrono::milliseconds(8));
    CHECK(reader.text("EMPTY", "x", "") == "x");
    CHECK(reader.choice("EMPTY", "any", {"any", "standard"}, "") == "any");
    CHECK(reader.listen("EMPTY", "[::1]:80", "").to_string() == "[::1]:80");
    CHECK(reader.text_if_set("EMPTY", "", "") == std::optional<std::string>(""));
    CHECK(reader.text_if_set("NONE", "", "") == std::nullopt);
    CHECK(reader.problems().empty());
}

TEST_CASE("an address to listen on is a literal and a port")
{
    for (const auto* const good : {"127.0.0.1:0", "0.0.0.0:65535", "[::1]:8080", "[::]:1"}) {
        CAPTURE(good);
        CHECK(problems_of_listen(good).empty());
    }
    for (const std::string bad : {"localhost:8080", "127.0.0.1", ":8080", "127.0.0.1:", "127.0.0.1:65536",
                                  "::1:80", "[127.0.0.1]:80", "127.0.0.1:+1", "[]:80"})
    {
        CAPTURE(bad);
        CHECK(problems_of_listen(bad) ==
              problems{"L: \"" + bad +
                       "\" is not an address and a port, such as 127.0.0.1:8080 or [::1]:8080"});
    }
}

TEST_CASE("loopback is told from other addresses")
{
    CHECK(runtime::listen_address{"127.0.0.1", 1}.is_loopback());
    CHECK(runtime::listen_address{"127.9.9.9", 1}.is_loopback());
    CHECK(runtime::listen_address{"::1", 1}.is_loopback());
    CHECK_FALSE(runtime::listen_address{"0.0.0.0", 1}.is_loopback());
    CHECK_FALSE(runtime::listen_address{"::", 1}.is_loopback());
    CHECK_FALSE(runtime::listen_address{"192.168.0.1", 1}.is_loopback());
}

TEST_CASE("all problems are reported together, by name")
{
    const runtime::environment values{
        {"S_MS", "abc"}, {"S_KIND", "other"}, {"S_LISTEN", "here"}, {"S_KINF", "any"}, {"S_NEW_THING", "1"}};
    runtime::settings_reader reader(values);
    CHECK(reader.milliseconds("S_MS", 5, 1, 10, "") == std::chrono::milliseconds(5));
    CHECK(reader.choice("S_KIND", "any", {"any", "standard"}, "") == "any");
    CHECK(reader.listen("S_LISTEN", "127.0.0.1:1", "").port == 1);
    reader.problem("S_MS", "one more");
    reader.refuse_unknown({"S_"});
    CHECK(reader.problems() ==
          problems{"S_MS: \"abc\" is not a whole number from 1 to 10",
                   "S_KIND: \"other\" is not one of any, standard",
                   "S_LISTEN: \"here\" is not an address and a port, such as 127.0.0.1:8080 or [::1]:8080",
                   "S_MS: one more", "S_KINF: unknown to this version; did you mean S_KIND?",
                   "S_NEW_THING: unknown to this version"});
}

TEST_CASE("names that are not ours, belong elsewhere or come from an orchestrator are passed over")
{
    const runtime::environment values{{"PATH", "/bin"},
                                      {"R_LISTEN", "x"},
                                      {"S_SERVICE_HOST", "10.0.0.1"},
                                      {"S_SERVICE_PORT_HTTP", "80"},
                                      {"S_PORT", "tcp://10.0.0.1:80"},
                                      {"S_PORT_80_TCP_ADDR", "10.0.0.1"}};
    runtime::settings_reader reader(values);
    reader.belongs_elsewhere("R_LISTEN");
    reader.refuse_unknown({"S_", "R_"});
    CHECK(reader.problems().empty());
    CHECK(reader.help().empty());
}

TEST_CASE("a secret comes by value or by file, never by both, and is never shown")
{
    const temporary_file file("hunter2-from-file\n");
    SECTION("by value")
    {
        const runtime::environment values{{"KEY", "hunter2"}};
        runtime::settings_reader reader(values);
        const auto got = reader.secret("KEY", true, "the key");
        CHECK(got.value == "hunter2");
        CHECK(got.file.empty());
        CHECK(reader.problems().empty());
    }
    SECTION("by file, whose last line break is cut")
    {
        const runtime::environment values{{"KEY_FILE", file.path}};
        runtime::settings_reader reader(values);
        const auto got = reader.secret("KEY", true, "the key");
        CHECK(got.value == "hunter2-from-file");
        CHECK(got.file == file.path);
        reader.refuse_unknown({"KEY"});
        CHECK(reader.problems().empty());
    }
    SECTION("by both")
    {
        const runtime::environment values{{"KEY", "hunter2"}, {"KEY_FILE", file.path}};
        runtime::settings_reader reader(values);
        CHECK(reader.secret("KEY", true, "the key").value.empty());
        CHECK(reader.problems() == problems{"KEY: set both here and through KEY_FILE; set only one of them"});
    }
    SECTION("by neither")
    {
        const runtime::environment values{{"KEY", ""}};
        runtime::settings_reader reader(values);
        reader.secret("KEY", false, "the key");
        CHECK(reader.problems().empty());
        reader.secret("KEY", true, "the key");
        CHECK(reader.problems() == problems{"KEY: not set; set it, or set KEY_FILE to a file that holds it"});
    }
}

TEST_CASE("a secret's file that is missing, empty or too large is a problem of the setting that names it")
{
    const auto problem_of = [](const std::string& path) {
        const runtime::environment values{{"KEY_FILE", path}};
        runtime::settings_reader reader(values);
        reader.secret("KEY", true, "the key");
        REQUIRE(reader.problems().size() == 1);
        return reader.problems()[0];
    };
    CHECK(problem_of("/nowhere/key").starts_with("KEY_FILE: \"/nowhere/key\" cannot be read"));
    CHECK(problem_of("/").starts_with("KEY_FILE: \"/\" cannot be read"));
    const temporary_file empty("\r\n");
    CHECK(problem_of(empty.path).ends_with(" is empty"));
}

TEST_CASE("a small file is read whole, up to its limit")
{
    const temporary_file fits(std::string(65'536, 'x'));
    CHECK(runtime::read_small_file(fits.path) == std::string(65'536, 'x'));
    const temporary_file larger(std::string(65'537, 'x'));
    CHECK(runtime::read_small_file(larger.path) == std::nullopt);
}

TEST_CASE("every declared setting is listed for --help")
{
    const runtime::environment values;
    runtime::settings_reader reader(values);
    reader.number("A", 5, 1, 9, "first");
    reader.secret("B", false, "second");
    reader.text_if_set("C", "loopback", "third");
    std::vector<std::string> names;
    for (const auto& setting : reader.help()) {
        names.push_back(setting.name + "=" + setting.default_value);
    }
    CHECK(names == std::vector<std::string>{"A=5", "B=", "B_FILE=", "C=loopback"});
}
