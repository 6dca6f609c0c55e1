#include "tests/sim/neighbours.hpp"

namespace sim {

using namespace std::chrono_literals;

namespace {

constexpr duration out_of_order{24h};
constexpr std::size_t fewest = 24;

} // namespace

neighbours::neighbours(const surroundings& around, host& mended) : around_(around), mended_(mended) {}

void neighbours::begin(std::vector<std::unique_ptr<visitor>>& all)
{
    around_.wire.connect(dead_host, mended_);
    if (!around_.suffered.strike(fault::dead_neighbour, 0.4))
        return;
    break_host();
    for (auto left = fewest + around_.draws.below(24); left > 0; --left) {
        const auto name = "neighbour" + std::to_string(left);
        all.push_back(std::make_unique<visitor>(around_, name, std::vector<std::string>{dead_callback}));
        visitors_.push_back(all.back().get());
        visitors_.back()->begin();
    }
}

void neighbours::break_host()
{
    switch (around_.draws.below(4)) {
    case 0:
        around_.wire.disconnect(dead_host);
        break;
    case 1:
        around_.wire.swallow_for(dead_host, out_of_order);
        break;
    case 2:
        around_.wire.answer_for(dead_host, 503, std::nullopt, out_of_order);
        break;
    default:
        around_.wire.answer_for(dead_host, 500, std::nullopt, out_of_order);
    }
}

void neighbours::come_again()
{
    for (auto* const each : visitors_)
        each->come_again(dead_callback, 3s);
}

void neighbours::mend_host()
{
    around_.wire.connect(dead_host, mended_);
    around_.wire.swallow_for(dead_host, 0s);
    around_.wire.answer_for(dead_host, 500, std::nullopt, 0s);
}

} // namespace sim
