#include "tests/unit/house/support.hpp"

using namespace house;

namespace {

struct row
{
    std::string path;
    std::string include;
    std::string rule;
};

// Each with one include that its room may not have.
const std::vector<row> forbidden{
    {"common/webhook/event.cpp", "\"common/runtime/clock.hpp\"", "contract"},
    {"common/webhook/event.cpp", "<boost/asio/awaitable.hpp>", "contract"},
    {"common/webhook/event.cpp", "<unistd.h>", "contract"},
    {"common/webhook/event.cpp", "<fstream>", "contract"},
    {"docs/examples/sign-a-webhook/main.cpp", "\"common/http/url.hpp\"", "contract"},
    {"common/runtime/log.cpp", "\"common/http/url.hpp\"", "arrows"},
    {"common/runtime/log.cpp", "\"common/service/settings.hpp\"", "arrows"},
    {"common/runtime/log.cpp", "<boost/beast/http/error.hpp>", "arrows"},
    {"common/storage/writer.cpp", "\"common/http/url.hpp\"", "arrows"},
    {"common/http/server.cpp", "\"common/storage/database.hpp\"", "machinery"},
    {"common/http/server.cpp", "<sqlite3.h>", "machinery"},
    {"common/http/server.cpp", "\"tests/support/openapi.hpp\"", "machinery"},
    {"common/service/host.cpp", "\"sender-service/store.hpp\"", "arrows"},
    {"common/service/host.cpp", "<sender-service/store.hpp>", "arrows"},
    {"common/service/host.cpp", "<sqlite3.h>", "arrows"},
    {"common/outbox/retry.cpp", "<boost/asio/awaitable.hpp>", "domain"},
    {"common/outbox/retry.cpp", "\"common/runtime/clock.hpp\"", "domain"},
    {"common/outbox/retry.cpp", "\"sender-service/store.hpp\"", "domain"},
    {"common/outbox/origins.cpp", "\"common/runtime/clock.hpp\"", "domain"},
    {"common/outbox/queue.cpp", "<boost/asio/post.hpp>", "domain"},
    {"common/service/host.cpp", "\"common/outbox/dispatcher.hpp\"", "arrows"},
    {"sender-service/waiting_room.hpp", "<thread>", "domain"},
    {"sender-service/registration.cpp", "<openssl/evp.h>", "domain"},
    {"sender-service/store.hpp", "<boost/asio/co_spawn.hpp>", "domain"},
    {"sender-service/store.hpp", "\"common/storage/database.hpp\"", "domain"},
    {"receiver-service/store.hpp", "<sqlite3.h>", "domain"},
    {"sender-service/sqlite_record.cpp", "\"common/http/url.hpp\"", "stores"},
    {"common/outbox/dispatcher.cpp", "<sqlite3.h>", "sending"},
    {"sender-service/promoter.cpp", "\"sender-service/sqlite_store.hpp\"", "services"},
    {"common/outbox/dispatcher.cpp", "\"common/storage/database.hpp\"", "sending"},
    {"common/outbox/dispatcher.cpp", "\"receiver-service/store.hpp\"", "sending"},
    {"sender-service/api.cpp", "<boost/beast/http/verb.hpp>", "services"},
    {"sender-service/main.cpp", "\"receiver-service/api.hpp\"", "services"},
    {"receiver-service/intake.cpp", "\"sender-service/store.hpp\"", "services"},
    {"receiver-service/intake.cpp", "\"tests/catch.hpp\"", "services"},
    {"tests/support/openapi.cpp", "\"sender-service/api.hpp\"", "arrows"},
    {"tests/unit/sender/world.cpp", "\"receiver-service/store.hpp\"", "services"},
    {"tests/unit/http/url.cpp", "<boost/asio/ip/tcp.hpp>", "tests"},
    {"tests/unit/storage/writer_test.cpp", "<sys/socket.h>", "tests"},
    {"tests/integration/process_stop.cpp", "\"sender-service/store.hpp\"", "tests"},
    {"tests/integration/process_stop.cpp", "\"common/storage/database.hpp\"", "tests"},
    {"common/http/server.cpp", "<boost/asio.hpp>", "umbrella"},
    {"common/http/server.cpp", "<boost/beast/http.hpp>", "umbrella"},
    {"tests/unit/http/url.cpp", "<boost/json.hpp>", "umbrella"},
};

const std::vector<row> permitted{
    {"common/webhook/event.cpp", "<boost/json/object.hpp>", ""},
    {"common/http/session.cpp", "<boost/beast/core/read_size.hpp>", ""},
    {"common/storage/writer.cpp", "<sqlite3.h>", ""},
    {"sender-service/store.hpp", "<boost/asio/awaitable.hpp>", ""},
    {"sender-service/delivery_loop.cpp", "<boost/asio/post.hpp>", ""},
    {"sender-service/main.cpp", "\"sender-service/sqlite_store.hpp\"", ""},
    {"receiver-service/sqlite_store.cpp", "\"common/storage/database.hpp\"", ""},
};

} // namespace

TEST_CASE("an include that its room may not have is told, with its line")
{
    for (const auto& each : forbidden) {
        INFO(each.path << " includes " << each.include);
        CHECK(broken_by(each.path, "#pragma once\n\n#include <string>\n#include " + each.include + "\n") ==
              broken_rules{"4 " + each.rule});
    }
}

TEST_CASE("an include that its room may have is not")
{
    for (const auto& each : permitted) {
        INFO(each.path << " includes " << each.include);
        CHECK(broken_by(each.path, "#pragma once\n#include " + each.include + "\n").empty());
    }
}

TEST_CASE("an include in a comment or in a literal is none, and an indented one is")
{
    CHECK(broken_by("common/http/url.cpp",
                    "// #include <sqlite3.h>\nauto a = R\"(\n#include <sqlite3.h>\n)\";\n")
              .empty());
    CHECK(broken_by("common/http/url.cpp", "  #include <sqlite3.h>\n") == broken_rules{"1 machinery"});
}

TEST_CASE("a file that has no room is told")
{
    CHECK(broken_by("elsewhere/x.cpp", "int a;\n") == broken_rules{"1 room"});
}
