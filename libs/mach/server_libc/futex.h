// Waiting on words, as pthreads is built on it.
//
// A waiter puts itself on one list and receives from a port of its own; a waker takes it off the
// list and sends that port an empty message. Between the two the message is certain to come.
#pragma once

#include <mach.h>

namespace server_libc {

// Sleeps while *word is `expected` until woken or for `milliseconds` (negative: for ever).
// 0, -kEagain (another value), -kEtimedout, -kEnomem.
long futex_wait(const int* word, int expected, long long milliseconds);

// Wakes up to `count` waiters; how many it were.
long futex_wake(const int* word, int count);

// Wakes up to `wake_count` waiters and lets up to `move_count` others wait on `to` instead; how
// many it were.
long futex_requeue(const int* word, int wake_count, int move_count, const int* to);

// Takes the port the calling thread waits with away from it, if it has one.
mach_port_t futex_take_wait_port();

}  // namespace server_libc
