// Secrets: whose signature counts, how one is replaced, and that none is ever written.
#include "tests/catch.hpp"
#include "tests/integration/support/api.hpp"
#include "tests/integration/support/eventually.hpp"
#include "tests/integration/support/pair.hpp"

#include <csignal>

using namespace integration;

namespace {

// Any request signed with `secret`; answers with the status.
unsigned status_for(const origin& receiver, std::string_view secret)
{
    return ask_raw(receiver, webhook_request(receiver, make_event(unique("s")), secret)).value().status;
}

} // namespace

TEST_CASE("with different secrets the inbox stays empty and the delivery pending, with 401 in its attempts",
          "[process]")
{
    service_pair pair({{"WEBHOOK_SHARED_SECRET", "the-sender-has-this-secret"}},
                      {{"WEBHOOK_SHARED_SECRET", "the-receiver-has-that-one"}});
    sender_api::register_user(pair.sender().address(), "alice", pair.callback_url());
    const auto session = sender_api::start(pair.sender().address(), "alice");
    CHECK(eventually([&] {
        const auto pending = sender_api::delivery_of(pair.sender().address(), "alice", session);
        return pending && pending->at("attempts").to_number<int>() >= 2;
    }));
    const auto listed = sender_api::delivery_of(pair.sender().address(), "alice", session).value();
    CHECK(listed.at("status") == "pending");
    const auto delivery = sender_api::delivery(pair.sender().address(), text_of(listed, "id"));
    for (const auto& attempt : delivery.at("attemptLog").as_array())
        CHECK(attempt.at("status") == 401);
    CHECK(receiver_api::inbox(pair.receiver().address(), "alice").empty());
    CHECK(receiver_api::events(pair.receiver().address(), "alice").empty());
}

TEST_CASE("during a rotation either secret is accepted, and the sender signs so that both sides are",
          "[process]")
{
    service_pair pair({{"WEBHOOK_SHARED_SECRET", "the-new-secret-of-all,the-old-secret-of-all"}},
                      {{"WEBHOOK_SHARED_SECRET", "the-old-secret-of-all the-new-secret-of-all"}});
    CHECK(status_for(pair.receiver().address(), "the-old-secret-of-all") == 200);
    CHECK(status_for(pair.receiver().address(), "the-new-secret-of-all") == 200);
    CHECK(status_for(pair.receiver().address(), "the-third-secret-of-all") == 401);
    sender_api::register_user(pair.sender().address(), "alice", pair.callback_url());
    sender_api::start(pair.sender().address(), "alice");
    CHECK(receiver_api::inbox_when(pair.receiver().address(), "alice", 1).size() == 1);
}

TEST_CASE("a secret written whsec_ works from end to end", "[process]")
{
    const settings secret{{"WEBHOOK_SHARED_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}};
    auto strict = secret;
    strict["RECEIVER_SIGNATURES"] = "standard";
    service_pair pair(secret, strict);
    sender_api::register_user(pair.sender().address(), "alice", pair.callback_url());
    sender_api::start(pair.sender().address(), "alice");
    CHECK(receiver_api::inbox_when(pair.receiver().address(), "alice", 1).size() == 1);
}

TEST_CASE("a strict receiver refuses scheme 1 alone", "[process]")
{
    const temporary_folder folder;
    service receiver(which::receiver,
                     test_settings(which::receiver, folder, {{"RECEIVER_SIGNATURES", "standard"}}));
    const auto seed = make_event("alice");
    const auto both = make_event("alice");
    const auto& peer = receiver.address();
    CHECK(is_problem(ask_raw(peer, webhook_request(peer, seed, test_secret, scheme::seed)).value(), 401));
    CHECK(ask_raw(peer, webhook_request(peer, both, test_secret, scheme::both)).value().status == 200);
    CHECK(receiver_api::inbox(peer, "alice").size() == 1);
}

TEST_CASE("SIGHUP reads the file of secrets again, and a bad file changes nothing", "[process]")
{
    const temporary_folder folder;
    const auto file = folder.path() / "secret";
    write_file(file, "the-first-secret-in-it\n");
    auto values = test_settings(which::receiver, folder, {{"WEBHOOK_SHARED_SECRET_FILE", file.string()}});
    values.erase("WEBHOOK_SHARED_SECRET");
    service receiver(which::receiver, values);
    const auto& peer = receiver.address();
    CHECK(status_for(peer, "the-first-secret-in-it") == 200);
    write_file(file, "the-second-secret-in-it\n");
    receiver.process().signal(SIGHUP);
    CHECK(eventually([&] { return status_for(peer, "the-second-secret-in-it") == 200; }));
    CHECK(status_for(peer, "the-first-secret-in-it") == 401);
    write_file(file, "whsec_!!!\n");
    const auto log_before = receiver.process().errors().size();
    receiver.process().signal(SIGHUP);
    CHECK(eventually([&] { return receiver.process().errors().size() > log_before; })); // it was logged
    CHECK(status_for(peer, "the-second-secret-in-it") == 200);
}

TEST_CASE("no log holds a secret or a signature, whatever happens", "[process]")
{
    const std::string secret = "a-secret-that-nobody-may-see";
    service_pair pair({{"WEBHOOK_SHARED_SECRET", secret}, {"LOG_LEVEL", "debug"}},
                      {{"WEBHOOK_SHARED_SECRET", secret}, {"LOG_LEVEL", "debug"}});
    sender_api::register_user(pair.sender().address(), "alice", pair.callback_url());
    sender_api::start(pair.sender().address(), "alice");
    receiver_api::inbox_when(pair.receiver().address(), "alice", 1);
    const auto event = make_event("alice");
    const auto fields = signature_headers(secret, event.key, event.body);
    CHECK(status_for(pair.receiver().address(), "some-other-secret-of-mine") == 401);
    auto tampered = event.body + " ";
    ask_raw(pair.receiver().address(),
            request_bytes(pair.receiver().address(), "POST", webhook_path, fields, tampered));
    for (const auto side : {which::sender, which::receiver}) {
        REQUIRE(terminate(pair.side(side), std::chrono::seconds(20)) == 0);
        const auto written = pair.side(side).process().errors() + pair.side(side).process().output();
        CHECK(written.find("listening") != std::string::npos);
        CHECK(written.find(secret) == std::string::npos);
        for (const auto& field : fields) {
            if (field.name == "X-Signature" || field.name == "webhook-signature")
                CHECK(written.find(field.value) == std::string::npos);
        }
    }
}
