// Exhaustion: neither memory nor paging space is left, and somebody has to go.
#pragma once

#include <cstdint>

#include "kernel/kern/task.h"
#include "libs/base/ref.h"

namespace vm {

// How the kernel comes to know: the default memory manager gives back, as precious, pages that it was sent and has no
// room for. When it has given back as many as there are since memory was last plentiful, and threads wait for some,
// the page-out daemon terminates the task that uses most private memory; all others go on. It waits for the memory
// to come back, and for as many refusals again, before it chooses another one.
//
// "Most": pages in memory and on paging space together. What tells programs from servers is the system call
// emulation: a task without it counts a quarter of its pages. The bootstrap task and tasks with a privileged
// thread (thread_wire: memory managers) are never chosen. When nobody is left to choose, requests for memory
// fail with KERN_RESOURCE_SHORTAGE.
class Exhaustion {
 public:
  // A page of kernel-made memory came back from the default memory manager.
  static void note_refused() { ++refused_; }
  // Whether that happened since there was enough memory.
  static bool observed() { return refused_ != 0; }

  // The page-out daemon, from time to time while memory is short.
  static void observe();
  // The daemon: there is enough again.
  static void over();

  // A terminated task still has its memory.
  static bool task_is_ending();
  // There is none that could be terminated.
  static bool nobody_left() { return nobody_left_; }

  // The task to be terminated; null: nobody. Also for tests.
  static base::Ref<kern::Task> choose();

 private:
  static void terminate(base::Ref<kern::Task> task);

  static inline uint32_t refused_ = 0;  // pages
  static inline bool nobody_left_ = false;
  static inline uint64_t terminated_at_ = 0;
};

}  // namespace vm
