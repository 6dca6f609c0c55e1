#include "tests/sim/receiver_life.hpp"

#include "common/webhook/signature.hpp"
#include "receiver-service/sqlite_store.hpp"
#include "tests/sim/secret.hpp"

namespace sim {

namespace {

outbox::housekeeping keeping_of(const forwarding& how)
{
    outbox::housekeeping keeping;
    if (how.on)
        keeping.age_max = how.how.settled_after();
    return keeping;
}

} // namespace

receiver_life::receiver_life(const life_setting& given, network& wire, observer& watching, app& to,
                             const forwarding& how)
    : life(given, receiver::sqlite_owner, receiver::sqlite_migrations()),
      network_(wire),
      observer_(watching),
      timers_(given.time, given.clock),
      store_(receiver::open_sqlite_store(database_, how.on ? std::string(app_url) : std::string())),
      transport_(loop_.get_executor(), wire, given.name, to),
      dispatcher_(loop_.get_executor(), *store_, transport_, given.clock, timers_, source_of(given.draws),
                  shared_secrets(), how.how, log_),
      housekeeper_(loop_.get_executor(), *store_, given.clock, timers_, keeping_of(how), log_),
      intake_(*store_, given.clock, shared_secrets(), {.required = webhook::required_scheme::standard}, log_,
              [this](outbox::delivery accepted) { dispatcher_.offer({std::move(accepted)}); }),
      api_(*store_, intake_, given.clock)
{
    serve(api_.routes());
    housekeeper_.start();
    if (how.on)
        dispatcher_.start();
}

// The order of the receiver's main().
void receiver_life::begin_stop()
{
    if (stopping_)
        return;
    stopping_ = true;
    dispatcher_.begin_stop();
    housekeeper_.begin_stop();
}

void receiver_life::let_go()
{
    drain(dispatcher_);
    network_.break_from(setting_.name);
    timers_.wake_all();
}

void receiver_life::answered(const http::request& message, const http::response& made)
{
    if (message.method != "POST" || made.status != 200)
        return;
    const auto ids = message.values(webhook::standard_id_header);
    observer_.acknowledged(std::string(ids.front()), made.body.find("duplicate") != std::string::npos);
}

} // namespace sim
