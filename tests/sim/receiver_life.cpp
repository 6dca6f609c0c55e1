#include "tests/sim/receiver_life.hpp"

#include "common/webhook/signature.hpp"
#include "receiver-service/sqlite_store.hpp"
#include "tests/sim/secret.hpp"

namespace sim {

receiver_life::receiver_life(const life_setting& given, observer& watching)
    : life(given, receiver::sqlite_owner, receiver::sqlite_migrations()),
      observer_(watching),
      store_(receiver::open_sqlite_store(database_)),
      intake_(*store_, given.clock, shared_secrets(), {.required = webhook::required_scheme::standard}, log_),
      api_(*store_, intake_, given.clock)
{
    serve(api_.routes());
}

void receiver_life::answered(const http::request& message, const http::response& made)
{
    if (message.method != "POST" || made.status != 200)
        return;
    const auto ids = message.values(webhook::standard_id_header);
    observer_.acknowledged(std::string(ids.front()), made.body.find("duplicate") != std::string::npos);
}

} // namespace sim
