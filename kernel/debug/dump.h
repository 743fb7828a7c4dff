// Readable pictures of the kernel's state, for panics and the debugger.
#pragma once

namespace debug {

// The running thread and its task.
void dump_current();
// Every task with its threads and what they wait in.
void dump_tasks();
void dump_memory();

// The kernel argument dump=SECONDS prints all of this that often, for systems that hang.
void start_periodic_dump();

}  // namespace debug
