// Switching between threads.
#pragma once

#include "kernel/kern/task.h"

namespace arch {

// Saves the running kernel context, that of `from`, makes the processor ready to run `to` (address
// space, kernel stack pointer, user segments, FPU ownership) and continues it. Returns when somebody
// switches back to `from`.
void switch_thread(kern::Thread& from, kern::Thread& to);
// The same where neither is a kernel thread.
void switch_user_thread(kern::Thread& from, kern::Thread& to);

}  // namespace arch

#include "platform/switch.h"
