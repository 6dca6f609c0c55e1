#pragma once

#include "common/storage/connection.hpp"

#include <exception>

namespace storage {

// One queued operation: run on a database thread, then told how it went.
class operation
{
public:
    virtual ~operation() = default;

    // May throw; then it counts as failed. Called again when its work was undone because another operation of
    // its batch failed.
    virtual void run(connection& db) = 0;

    // Called exactly once: hands the caller, on its own executor, what run() made, or `failure` when that is
    // not null. Never blocks.
    virtual void complete(std::exception_ptr failure) = 0;
};

// Whether a write may be refused because the queue is full or little disk is free, and whether anybody waits
// for it.
enum class admission {
    bounded, // new work: refused past write_queue_max, and when the free disk is low
    control, // what helps out of trouble, such as a pause: refused past write_queue_max only
    always,  // bounded elsewhere
    patient  // as always, and nobody waits, as for the outcome of an attempt: it may wait up to patience_max
             // for others to share their commit with
};

} // namespace storage
