#pragma once

#include "common/storage/connection.hpp"

namespace storage {

// Makes what `db` can read durable, before anything is built on it. A process that ended because an fsync
// failed leaves a log whose pages everybody can read, and which the kernel counts as written although the
// disk never got them: no later fsync would write them, and a power failure would cut the log there, with all
// that was acknowledged behind it. Written once more they count as changed, and fsync means what it says.
// Costs reading and writing the log, which an orderly stop leaves empty. Throws sqlite_error.
void make_durable(connection& db);

} // namespace storage
