// More writes than the disk takes: refused with 503, and nothing of what was refused is stored.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/service.hpp"
#include "tests/integration/support/signing.hpp"
#include "tests/integration/support/trace.hpp"

#include <memory>
#include <set>
#include <vector>

using namespace integration;

TEST_CASE("past the write queue an event is answered 503 with Retry-After, and is not stored", "[process]")
{
    constexpr std::size_t posts = 32;
    const temporary_folder folder;
    // A disk that takes 100 ms for a sync, and room for two writes that wait for it.
    const auto wrapper = strace(folder.path() / "trace", "fdatasync,fsync",
                                {"-e", "inject=fdatasync,fsync:delay_exit=100000"});
    service receiver(which::receiver,
                     test_settings(which::receiver, folder,
                                   {{"RECEIVER_WRITE_QUEUE", "2"},
                                    {"ASAN_OPTIONS", std::string(sanitizer_options_when_traced)}}),
                     wrapper);
    std::vector<std::unique_ptr<connection>> links;
    std::vector<sample_event> events;
    for (std::size_t made = 0; made < posts; ++made) {
        links.push_back(std::make_unique<connection>(receiver.address()));
        events.push_back(make_event("alice"));
    }
    for (std::size_t each = 0; each < posts; ++each)
        links[each]->write(webhook_request(receiver.address(), events[each], test_secret));
    std::set<std::string> accepted;
    std::size_t refused = 0;
    for (std::size_t each = 0; each < posts; ++each) {
        const auto answer = links[each]->read().value();
        INFO(shown(answer));
        if (answer.status == 200) {
            accepted.insert(events[each].key);
            continue;
        }
        CHECK(is_problem(answer, 503));
        CHECK(!answer.value("retry-after").empty());
        ++refused;
    }
    CHECK(!accepted.empty());
    CHECK(refused > 0);
    std::set<std::string> stored;
    for (const auto& event : receiver_api::inbox(receiver.address(), "alice"))
        stored.insert(text_of(event, "idempotencyKey"));
    CHECK(stored == accepted);
    CHECK(get(receiver.address(), "/readyz").status == 200); // it was busy, not broken
}
