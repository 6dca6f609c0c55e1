#pragma once

#include "common/storage/connection.hpp"
#include "common/storage/migrate.hpp"

#include <memory>
#include <span>
#include <string>

namespace storage {

// Opens the database at `path` for its one writer and brings its schema up to date. A file that is not there
// is made, readable by its owner only. Commits are durable when they return (WAL, synchronous=FULL), and
// nothing checkpoints but who asks for it. Throws std::runtime_error with a sentence for the operator.
std::unique_ptr<connection> open_for_writing(const std::string& path, application_id owner,
                                             std::span<const migration> steps);

} // namespace storage
