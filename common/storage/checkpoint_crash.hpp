#pragma once

#include "common/storage/connection.hpp"

namespace storage {

#ifdef WAITING_ROOM_TEST_HOOKS

// Makes each page that a checkpoint copies into the database file of this connection a crash point, when
// that one was chosen; until the connection is closed.
void crash_in_checkpoints(connection& db);

#else

inline void crash_in_checkpoints(connection&) {}

#endif

} // namespace storage
