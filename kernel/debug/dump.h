// Readable pictures of the kernel's state, for panics and the debugger.
#pragma once

namespace debug {

// The running thread and its task.
void dump_current();
// Every task with its threads, ports and memory.
void dump_tasks();
void dump_memory();

}  // namespace debug
