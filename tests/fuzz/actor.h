// Actor: a task whose threads do what a fuzzer tells them.
#pragma once

#include <functional>
#include <list>

#include "kernel/arch/host/machine.h"
#include "kernel/ipc/space.h"
#include "kernel/kern/task.h"
#include "kernel/kern/wait.h"
#include "kernel/vm/map.h"

namespace fuzz {

class Actor {
 public:
  Actor();
  // Takes a task that the kernel made.
  explicit Actor(base::Ref<kern::Task> task);
  ~Actor();
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;

  kern::Task& task() { return *task_; }
  ipc::Space& space() { return task_->space(); }
  vm::Map& map() { return task_->map(); }

  // User code run by a thread of the task, which ends when that returns. A thread that is terminated
  // in a trap does not unwind: the code must own nothing there.
  base::Ref<kern::Thread> start(std::function<void()> code);
  // The same by a thread that is kept for the next time, until nothing can run any more. False: the
  // code has not come to its end (yet): the thread waits, is suspended or was terminated.
  bool run(std::function<void()> code);

  // Loads and stores of user code that may fault, but must not have to wait.
  bool write(uint32_t address, const void* data, uint32_t size);
  bool read(uint32_t address, void* data, uint32_t size);

 private:
  struct Job {
    std::function<void()> code;
    bool done = false;
  };
  void work();

  base::Ref<kern::Task> task_;
  std::list<Job> jobs_;  // those that did not end are kept: a thread may be in them
  Job* next_job_ = nullptr;
  kern::WaitQueue idle_;
};

}  // namespace fuzz
