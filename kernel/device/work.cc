#include "kernel/device/work.h"

#include "kernel/kern/sched_state.h"
#include "kernel/kern/thread.h"
#include "kernel/kern/wait.h"

namespace device {
namespace {

// The device thread frees memory for others by finishing page-outs: it must never lack memory
// itself.
class Worker {
 public:
  void schedule(WorkItem& item) {
    if (!item.work_link.linked()) items_.push_back(&item);
    idle_.wake_one();
  }

  base::Status start() {
    const auto entry = [](void* worker) { static_cast<Worker*>(worker)->run(); };
    base::Ref<kern::Thread> thread =
        TRY(kern::Thread::create_kernel("device", entry, this, kern::kPrioritySystem));
    thread->set_vm_privileged(true);
    return {};
  }

 private:
  [[noreturn]] void run() {
    for (;;) {
      while (WorkItem* item = items_.pop_front()) item->run_work();
      idle_.wait(kern::Interruptible::kNo);
    }
  }

  base::List<WorkItem, &WorkItem::work_link> items_;
  kern::WaitQueue idle_;
};

Worker& worker() {
  static Worker instance;
  return instance;
}

}  // namespace

void schedule_work(WorkItem& item) { worker().schedule(item); }

base::Status start_worker() { return worker().start(); }

}  // namespace device
