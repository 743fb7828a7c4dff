// The threads of the process and their blocks.
#pragma once

#include <cstdint>

#include "emulation/entry/thread_block.h"

namespace emulation {

// The first thread of the first process, on the static block: fills in what is known only now.
void enter_first_thread();

// Loads the thread's descriptor slots (the block's own and those of set_thread_area) into `thread`,
// a fresh thread that will run on `block`.
int32_t load_descriptors(mach_port_t thread, const ThreadBlock& block);

// exec: ends all threads of the task but the running one.
void end_other_threads();
// exec: thread-local storage, alternate stack and name of the old program are gone.
void reset_thread_for_exec();

// exit of a thread: clears its tid word and ends it, unless it is the last: then returns.
void leave_thread();

// In the child of a fork: the thread's ports have other names.
void adopt_forked_thread(ThreadBlock& block);

}  // namespace emulation
