// Terminates threads from outside and frees what they leave; see threads.h.
#pragma once

#include <mach.h>

namespace server_libc {

// What a dying thread leaves. Ports may be null; `map` is freed when map_size is not 0.
struct Remains {
  mach_port_t thread;      // send right
  mach_port_t reply_port;  // receive right
  mach_port_t wait_port;   // receive right
  int* clear_word;         // set to 0 at the very end, and its waiters woken; may be null
  vm_address_t map;
  vm_size_t map_size;
};

// Starts the undertaker at the first call. False when there is no memory or port for it.
bool start_undertaker();

bool undertaker_exists();

// Hands the calling thread over and never returns.
[[noreturn]] void await_burial(const Remains& remains);

}  // namespace server_libc
