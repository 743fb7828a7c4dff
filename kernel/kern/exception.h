// Exceptions of user threads (book chapter 6, catch_exception_raise).
#pragma once

#include <cstdint>

namespace kern {

// The current thread, at its user boundary, took an exception. Sends exception_raise to its
// thread's and then its task's exception port and waits for the answer; returns when the thread
// may continue with the registers it now has. When nobody handles it the task is terminated (and
// the thread ends at the return to user mode).
void raise_exception(int exception, int code, uint32_t subcode);

}  // namespace kern
