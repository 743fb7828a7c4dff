// Writer: a task that writes to much memory.
#pragma once

#include <mach.h>

namespace default_pager::test {

inline constexpr vm_size_t kMebibyte = 1 << 20;

// A copy of this task with one thread, which writes to every page of its own and then stands still.
class Writer {
 public:
  // KERN_SUCCESS: there is such a task, which has not run yet.
  kern_return_t prepare(vm_size_t size);
  kern_return_t go() const { return thread_resume(thread_); }
  // Both.
  kern_return_t start(vm_size_t size) {
    const kern_return_t code = prepare(size);
    return code == KERN_SUCCESS ? go() : code;
  }
  // Whether it is terminated in time.
  [[nodiscard]] bool ends() const;
  // Whether it has written everything, in time.
  [[nodiscard]] bool is_done() const;
  // Whether its memory is as it was written.
  [[nodiscard]] bool is_intact() const;
  void terminate() { (void)task_terminate(task_); }

 private:
  task_t task_ = MACH_PORT_NULL;
  thread_t thread_ = MACH_PORT_NULL;
  vm_address_t memory_ = 0;
  vm_size_t size_ = 0;
  mach_port_t notify_ = MACH_PORT_NULL;
};

}  // namespace default_pager::test
