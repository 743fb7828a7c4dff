#include "kernel/kern/attention.h"

#include "kernel/arch/context.h"
#include "kernel/kern/pc_sampler.h"
#include "kernel/kern/scheduler.h"
#include "kernel/kern/thread.h"

namespace kern {

void handle_attention() {
  Thread& self = current_thread();
  while (self.ast != 0) {
    if (self.ast & ast::kTerminate) exit_current_thread();
    self.ast &= ~(ast::kFullRestore | ast::kAbortOver);
    self.sched.abort_pending = false;
    if (self.ast & ast::kSample) {
      self.ast &= ~ast::kSample;
      send_pc_samples();
    } else if (self.ast & ast::kSingleStep) {
      self.ast &= ~ast::kSingleStep;
      arch::raise_single_step();
    } else {
      self.sched.at_user_boundary = true;
      if (self.ast & ast::kSuspend) {
        self.stop_at_boundary();
      } else if (self.ast & ast::kPreempt) {
        Scheduler::yield();
      }
      self.sched.at_user_boundary = false;
    }
  }
}

}  // namespace kern
