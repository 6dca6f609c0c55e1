#pragma once

#include <string_view>

namespace runtime {

class settings_reader;

// Where a test can have a service die, as SIGKILL would end it there. Only in a build with the option
// WAITING_ROOM_TEST_HOOKS; in any other these functions do nothing, and no name of a point is in the program.
enum class crash_point {
    after_ready,  // READY and its deliveries are committed, and not handed on
    after_post,   // the callback has answered, and its outcome is not recorded
    after_accept, // an event is committed, and not answered
    checkpoint,   // a page of the log has been copied into the database file
    stop,         // first: told to stop; second: all is done, and the database still open
    migration     // a step of the schema has been carried out, and not committed
};

#ifdef WAITING_ROOM_TEST_HOOKS

// Declares and reads the setting `<prefix>TEST_CRASH_POINT=<name>[:<n>]`: the process dies when it reaches
// that point the n-th time, which is the first unless told. An unknown name is a problem that lists the known
// ones. Before there are other threads.
void read_crash_point(settings_reader& reader, std::string_view prefix);

// True when this is the point that was chosen.
bool is_chosen(crash_point here);

// Dies here, when this is the point that was chosen, it was reached often enough, and `reached` says that the
// place is the right one. Thread-safe.
void crash_at(crash_point here, bool reached = true);

#else

inline void read_crash_point(settings_reader&, std::string_view) {}

inline void crash_at(crash_point, bool = true) {}

#endif

} // namespace runtime
