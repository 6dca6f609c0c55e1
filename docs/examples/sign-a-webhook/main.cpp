// Prints the headers of a webhook signed with the secret that is the first argument, as another program would
// make them with the library `webhook` alone: no network, no event loop.
#include "common/webhook/event.hpp"
#include "common/webhook/secrets.hpp"
#include "common/webhook/signature.hpp"

#include <chrono>
#include <iostream>

int main(int argc, char** argv)
{
    auto keys = webhook::secrets::parse(argc == 2 ? argv[1] : "");
    if (!keys) {
        std::cerr << keys.error().detail << '\n';
        return 2;
    }
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto event = webhook::make_ready_event("alice", "wr_123", now);
    const auto body = webhook::to_json(event);
    const auto signed_with = webhook::sign(*keys, event.idempotency_key, now, body);

    std::cout << "X-Signature: " << signed_with.seed << '\n'
              << "X-Signature-Timestamp: " << signed_with.timestamp << '\n'
              << "webhook-id: " << signed_with.id << '\n'
              << "webhook-timestamp: " << signed_with.timestamp << '\n'
              << "webhook-signature: " << signed_with.standard << "\n\n"
              << body << '\n';
}
