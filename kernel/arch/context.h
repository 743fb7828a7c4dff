// Kernel contexts: what switch_thread() (switch.h) saves and restores.
#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/context.h"

namespace kern {
class Thread;
class Task;
}

namespace arch {

// Members that entry code written in assembly reads.
struct EntryOffsets;

// Kernel stack of a thread, in bytes.
inline constexpr size_t kKernelStackSize = 8192;

using ContextEntry = void (*)(void* argument);

// Prepares a context whose first switch_thread() calls entry(argument) on the given stack.
// `entry` must not return.
void init_context(ThreadContext& context, void* stack, size_t stack_size, ContextEntry entry,
                  void* argument);

// Must be called when the emulation vector of the current task has changed.
void update_trap_redirection(kern::Task& task);

// Reports the single step that ended with the current thread's system call.
void raise_single_step();

// Releases what the context owns beyond the kernel stack (FPU image, descriptor tables).
void destroy_context(ThreadContext& context);

// Where a thread that is in the kernel enters user mode next; the other registers stay.
void set_user_entry(kern::Thread& thread, uint32_t pc, uint32_t sp);

// Continues the current thread in user mode with the registers in its context. Never returns.
[[noreturn]] void enter_user_mode();

}  // namespace arch
