#include "tests/unit/house/rooms.hpp"

namespace house {

namespace {

using enum purity;
using prefixes = std::vector<std::string_view>;

const rule contract{"contract", "the contract both share: event, signatures, secrets. No I/O"};
const rule arrows{"arrows", "Arrows point down only"};
const rule only_beast{"machinery", "The only Beast here"};
const rule no_services{"arrows", "`common` includes no service"};
const rule domain{"domain", "the domain: values in, values out"};
const rule sending{"sending", "Sending webhooks, for both services"};
const rule stores{"stores", "SQL stands only in `sqlite_*` and `common/storage`"};
const rule services_apart{"services", "the services do not include each other"};
const rule tests_apart{"tests", "The tests link the same library"};
const rule processes{"tests", "integration/ (real sockets, real executables)"};
const rule no_sockets{"tests", "unit/ (no sockets, no sleeps)"};
const rule alone{"contract", "another program can link it alone"};

// What the tests break on purpose may stand wherever there is something to break.
constexpr std::string_view planted = "common/runtime/planted_defect.hpp";

const prefixes sockets{"boost/asio/ip/", "boost/asio/ssl/", "sys/socket.h", "netinet/", "netdb.h", "poll.h"};

std::vector<room> common_rooms()
{
    return {
        {contract,
         pure,
         {"common/webhook/"},
         {"common/webhook/"},
         {"boost/json/", "boost/system/", "openssl/"},
         {}},
        {arrows,
         may_do_io,
         {"common/runtime/"},
         {"common/runtime/", "common/webhook/"},
         {"boost/asio/", "openssl/rand.h"},
         {}},
        {only_beast,
         may_do_io,
         {"common/http/"},
         {"common/http/", "common/runtime/", "common/webhook/"},
         {"boost/asio/", "boost/beast/", "boost/json/", "boost/system/", "boost/url/", "openssl/"},
         {}},
        {arrows,
         may_do_io,
         {"common/storage/"},
         {"common/storage/", "common/runtime/"},
         {"boost/asio/", "sqlite3.h"},
         {}},
        {stores,
         may_do_io,
         {"common/outbox/sqlite_"},
         {"common/outbox/delivery.hpp", "common/outbox/sqlite_", "common/outbox/store.hpp",
          "common/storage/"},
         {"boost/asio/awaitable.hpp"},
         {}},
        {no_services, may_do_io, {"common/service/"}, {"common/"}, {"boost/asio/"}, {"common/outbox/"}},
        {only_beast, may_do_io, {"common/boost.cpp"}, {}, {"boost/asio/", "boost/beast/src.hpp"}, {}},
        {alone, may_do_io, {"docs/examples/"}, {"common/webhook/"}, {}, {}},
    };
}

// What decides whom to send to, and when, does no I/O; what carries it out knows of no store but the abstract
// one.
std::vector<room> outbox_rooms()
{
    const prefixes values{"common/outbox/delivery.", "common/outbox/origin.", "common/outbox/origins.",
                          "common/outbox/origins_",  "common/outbox/queue.",  "common/outbox/retry."};
    const prefixes below_domain{
        "common/webhook/",          "common/http/exchange.hpp",  "common/outbox/delivery.hpp",
        "common/outbox/origin.hpp", "common/outbox/origins.hpp", "common/outbox/queue.hpp",
        "common/outbox/retry.hpp"};
    auto decisions = below_domain;
    decisions.push_back(planted);
    return {
        {domain, pure, values, decisions, {}, {}},
        {domain, pure, {"common/outbox/store."}, below_domain, {"boost/asio/awaitable.hpp"}, {}},
        {sending,
         may_do_io,
         {"common/outbox/"},
         {"common/webhook/", "common/http/", "common/runtime/", "common/outbox/"},
         {"boost/asio/", "boost/json/"},
         {}},
    };
}

std::vector<room> sender_rooms()
{
    const prefixes values{"sender-service/delivery.", "sender-service/operator_requests.",
                          "sender-service/registration.", "sender-service/waiting_room."};
    const prefixes below_domain{"common/webhook/",
                                "common/http/exchange.hpp",
                                "common/http/url.hpp",
                                "common/http/address_policy.hpp",
                                "common/outbox/delivery.hpp",
                                "common/outbox/store.hpp",
                                "sender-service/delivery.hpp",
                                "sender-service/operator_requests.hpp",
                                "sender-service/registration.hpp",
                                "sender-service/waiting_room.hpp"};
    const prefixes below_shells{
        "common/webhook/", "common/http/", "common/runtime/", "common/outbox/", "common/service/settings.hpp",
        "sender-service/"};
    return {
        {domain, pure, values, below_domain, {"boost/system/"}, {}},
        {domain, pure, {"sender-service/store."}, below_domain, {"boost/asio/awaitable.hpp"}, {}},
        {stores,
         may_do_io,
         {"sender-service/sqlite_"},
         {"common/webhook/", "common/storage/", "common/outbox/store.hpp", "common/outbox/sqlite_",
          "sender-service/sqlite_", "sender-service/store.hpp", planted},
         {"sqlite3.h"},
         {}},
        {services_apart,
         may_do_io,
         {"sender-service/"},
         below_shells,
         {"boost/asio/", "boost/json/"},
         {"sender-service/sqlite_"}},
        {services_apart,
         may_do_io,
         {"sender-service/main.cpp"},
         {"common/service/", "sender-service/"},
         {},
         {}},
    };
}

std::vector<room> receiver_rooms()
{
    return {
        {domain,
         pure,
         {"receiver-service/rejections."},
         {"common/webhook/", "receiver-service/rejections.hpp"},
         {},
         {}},
        {domain,
         pure,
         {"receiver-service/store."},
         {"common/webhook/", "common/outbox/store.hpp", "receiver-service/store.hpp"},
         {"boost/asio/awaitable.hpp"},
         {}},
        {stores,
         may_do_io,
         {"receiver-service/sqlite_"},
         {"common/webhook/", "common/storage/", "common/outbox/sqlite_", "receiver-service/sqlite_",
          "receiver-service/store.hpp", planted},
         {"sqlite3.h"},
         {}},
        {services_apart,
         may_do_io,
         {"receiver-service/"},
         {"common/webhook/", "common/http/", "common/runtime/", "common/outbox/",
          "common/service/settings.hpp", "receiver-service/"},
         {"boost/asio/", "boost/json/"},
         {"receiver-service/sqlite_"}},
        {services_apart,
         may_do_io,
         {"receiver-service/main.cpp"},
         {"common/service/", "common/outbox/housekeeper.hpp", "receiver-service/"},
         {},
         {}},
    };
}

std::vector<room> test_rooms()
{
    const prefixes libraries{"boost/asio/", "boost/json/", "boost/system/", "catch2/", "openssl/"};
    return {
        {tests_apart, may_do_io, {"tests/main.cpp", "tests/catch.hpp"}, {"tests/catch.hpp"}, {"catch2/"}, {}},
        {no_services, may_do_io, {"tests/support/"}, {"tests/support/", "common/"}, libraries, {}},
        {no_sockets,
         may_do_io,
         {"tests/unit/"},
         {"tests/catch.hpp", "tests/support/", "tests/unit/", "common/"},
         libraries,
         sockets},
        {no_sockets,
         may_do_io,
         {"tests/unit/storage/"},
         {"tests/catch.hpp", "tests/support/", "tests/unit/storage/", "common/"},
         {"boost/asio/", "sqlite3.h"},
         sockets},
        {services_apart,
         may_do_io,
         {"tests/unit/sender/"},
         {"tests/catch.hpp", "tests/support/", "tests/unit/sender/", "common/", "sender-service/"},
         libraries,
         sockets},
        {services_apart,
         may_do_io,
         {"tests/unit/receiver/"},
         {"tests/catch.hpp", "tests/support/", "tests/unit/receiver/", "common/", "receiver-service/"},
         libraries,
         sockets},
        {tests_apart,
         may_do_io,
         {"tests/unit/bench/"},
         {"tests/catch.hpp", "tests/support/", "tests/unit/bench/", "bench/", "common/"},
         libraries,
         sockets},
        {processes,
         may_do_io,
         {"tests/integration/"},
         {"tests/catch.hpp", "tests/integration/", "common/webhook/"},
         libraries,
         {}},
        {processes,
         may_do_io,
         {"tests/integration/http/"},
         {"tests/catch.hpp", "tests/integration/http/", "tests/support/", "common/"},
         libraries,
         {}},
        {processes,
         may_do_io,
         {"tests/integration/bench/"},
         {"tests/catch.hpp", "tests/integration/", "bench/"},
         libraries,
         {}},
        {tests_apart,
         may_do_io,
         {"tests/sim/"},
         {"tests/", "common/", "sender-service/", "receiver-service/"},
         {"boost/", "openssl/", "sqlite3.h"},
         {"boost/beast/"}},
        {tests_apart,
         may_do_io,
         {"bench/"},
         {"bench/", "common/", "tests/", "sender-service/", "receiver-service/"},
         {"boost/", "openssl/", "sqlite3.h"},
         {}},
    };
}

} // namespace

const std::vector<room>& rooms()
{
    static const auto table = [] {
        auto all = common_rooms();
        for (const auto some : {outbox_rooms, sender_rooms, receiver_rooms, test_rooms}) {
            const auto more = some();
            all.insert(all.end(), more.begin(), more.end());
        }
        return all;
    }();
    return table;
}

} // namespace house
