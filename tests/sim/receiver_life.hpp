#pragma once

#include "common/outbox/housekeeper.hpp"
#include "receiver-service/api.hpp"
#include "receiver-service/intake.hpp"
#include "receiver-service/store.hpp"
#include "tests/sim/app.hpp"
#include "tests/sim/life.hpp"
#include "tests/sim/observer.hpp"
#include "tests/sim/transport.hpp"

#include <memory>

namespace sim {

// Whether the receiver forwards, and how.
struct forwarding
{
    bool on = false;
    outbox::dispatch_settings how;
};

// One life of the receiver.
class receiver_life final : public life
{
public:
    receiver_life(const life_setting& given, network& wire, observer& watching, app& to,
                  const forwarding& how);

    void begin_stop() override;

private:
    void let_go() override;
    void answered(const http::request& message, const http::response& made) override;

    network& network_;
    observer& observer_;
    timers timers_;
    std::unique_ptr<receiver::store> store_;
    transport transport_;
    outbox::dispatcher dispatcher_;
    outbox::housekeeper housekeeper_;
    receiver::intake intake_;
    receiver::api api_;
    bool stopping_ = false;
};

} // namespace sim
