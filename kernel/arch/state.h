// Machine state of threads as thread_get_state / thread_set_state show it (book appendix C).
#pragma once

#include <mach/kern_return.h>

#include <cstdint>

namespace kern {
class Thread;
}

namespace arch {

// Largest state array in words.
inline constexpr uint32_t kThreadStateMax = 256;

// Fills `state` (room for `count` words) with the machine state of a thread that is not running;
// `count` becomes the words stored. KERN_INVALID_ARGUMENT: unknown flavor or too little room.
kern_return_t get_thread_state(kern::Thread& thread, int flavor, uint32_t* state, uint32_t& count);

// Sets the machine state of a thread that is not running. Everything is checked so that no value
// can give the thread kernel rights or fault the kernel. KERN_INVALID_ARGUMENT.
kern_return_t set_thread_state(kern::Thread& thread, int flavor, const uint32_t* state,
                               uint32_t count);

}  // namespace arch
