#pragma once

#include "common/webhook/instant.hpp"

namespace runtime {

using webhook::instant;

// The wall clock, as everything but system_clock.cpp sees it. Thread-safe.
class clock
{
public:
    virtual ~clock() = default;
    virtual instant now() const = 0;
};

// The machine's clock: the only place that reads it.
class system_clock final : public clock
{
public:
    instant now() const override;
};

} // namespace runtime
