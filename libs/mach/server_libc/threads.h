// Threads of servers, below pthreads.
//
// The end of a thread, in three steps:
//   1. The dying thread sends all it leaves behind (its own port, its reply and wait ports, the
//      stack if nobody joins it, the word to clear) to the undertaker, then stands still.
//   2. The undertaker, a thread that needs no thread-local storage, terminates it.
//   3. Only then is its stack unused: the undertaker frees it, or clears the word and wakes the
//      thread that waits for that to free it.
#pragma once

namespace server_libc {

// Makes thread-local storage work for the calling thread: its %gs shows `thread_pointer`.
// 0, -kEnosys.
long set_thread_pointer(void* thread_pointer);

// True from the first set_thread_pointer on: libc's calls may use generated stubs.
bool thread_storage_ready();

// set_tid_address: the word to clear when the calling thread ends. The thread's number.
long set_clear_address(int* clear_word);

long thread_number();

// Ends the calling thread; frees `map` of map_size bytes if not null. The only thread: the task.
[[noreturn]] void end_thread(void* map, unsigned long map_size);

[[noreturn]] void end_task();

}  // namespace server_libc
