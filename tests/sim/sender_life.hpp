#pragma once

#include "common/outbox/dispatcher.hpp"
#include "common/outbox/housekeeper.hpp"
#include "sender-service/api.hpp"
#include "sender-service/promoter.hpp"
#include "tests/sim/life.hpp"
#include "tests/sim/observed_store.hpp"
#include "tests/sim/transport.hpp"

namespace sim {

// One life of the sender.
class sender_life final : public life
{
public:
    sender_life(const life_setting& given, network& wire, observer& watching,
                const outbox::dispatch_settings& how);

    void begin_stop() override;

private:
    void let_go() override;
    boost::asio::awaitable<std::vector<outbox::origin_report>> report(std::vector<sender::origin_id> of);

    network& network_;
    timers timers_;
    observed_store store_;
    transport transport_;
    outbox::dispatcher dispatcher_;
    sender::promoter promoter_;
    outbox::housekeeper housekeeper_;
    sender::api api_;
    bool stopping_ = false;
};

} // namespace sim
