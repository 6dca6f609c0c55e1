#include "bench/aged.hpp"
#include "bench/daemon.hpp"
#include "bench/programs.hpp"
#include "bench/refusing_origin.hpp"
#include "tests/catch.hpp"
#include "tests/integration/support/http_client.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <filesystem>

// What the benchmark puts into a sender's database beforehand, as the sender itself shows it.

namespace json = boost::json;

namespace {

constexpr std::size_t delivered = 7;
constexpr std::size_t backlog = 30;
constexpr std::size_t waiting = 5;

json::object shown(const bench::daemon& sender, const std::string& target)
{
    const integration::origin peer{"127.0.0.1", std::to_string(sender.port())};
    const auto answer = integration::get(peer, target);
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    return json::parse(answer.body).as_object();
}

json::array deliveries(const bench::daemon& sender, const std::string& status)
{
    return shown(sender, "/ticketmaster/deliveries?limit=500&status=" + status).at("items").as_array();
}

struct past_folder
{
    past_folder() : path(std::filesystem::path(FLOW_EXECUTABLE).parent_path() / "past-by-the-tests")
    {
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
    }
    ~past_folder() { std::filesystem::remove_all(path); }
    past_folder(const past_folder&) = delete;
    past_folder& operator=(const past_folder&) = delete;

    std::filesystem::path path;
};

} // namespace

TEST_CASE("a sender finds the deliveries, backlog and waiting users that the benchmark put there")
{
    const past_folder folder;
    const bench::refusing_origin dead;
    bench::daemon_options how;
    how.program = bench::sender_program(BUILD_FOLDER);
    how.prefix = "SENDER_";
    how.database = folder.path / "sender.db";
    bench::age_sender(how.database, {delivered, backlog, waiting, dead.url()});
    bench::daemon sender(how);

    CHECK(deliveries(sender, "delivered").size() == delivered);
    CHECK(deliveries(sender, "dead").empty());
    const auto pending = deliveries(sender, "pending");
    CHECK(pending.size() == backlog);
    for (const auto& one : pending) {
        CHECK(one.at("origin").as_string() == dead.url());
        CHECK(one.at("attempts").to_number<int>() >= 12);
    }
    for (std::size_t i = 0; i < waiting; ++i) {
        const auto user = bench::past_user(delivered + backlog + i);
        CHECK(shown(sender, "/ticketmaster/status/" + user).at("status").as_string() == "WAITING");
    }
    sender.stop();
}
