// Readable pictures of the kernel's state, for panics and the debugger.
#pragma once

namespace debug {

// The running thread and its task.
void dump_current();
// Every task with its threads and what they wait in.
void dump_tasks();
void dump_memory();

// What kernel arguments ask for: dump=SECONDS prints all of this that often, for systems that hang;
// panic_after=SECONDS makes the kernel panic then, for those who try what happens.
void start_timers();

}  // namespace debug
