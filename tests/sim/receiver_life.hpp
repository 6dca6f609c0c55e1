#pragma once

#include "receiver-service/api.hpp"
#include "receiver-service/intake.hpp"
#include "receiver-service/store.hpp"
#include "tests/sim/life.hpp"
#include "tests/sim/observer.hpp"

#include <memory>

namespace sim {

// One life of the receiver.
class receiver_life final : public life
{
public:
    receiver_life(const life_setting& given, observer& watching);

private:
    void answered(const http::request& message, const http::response& made) override;

    observer& observer_;
    std::unique_ptr<receiver::store> store_;
    receiver::intake intake_;
    receiver::api api_;
};

} // namespace sim
