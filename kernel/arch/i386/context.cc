// Kernel contexts and what a switch changes in the processor.
#include "kernel/arch/context.h"

#include "kernel/arch/i386/cpu.h"
#include "kernel/arch/i386/fpu.h"
#include "kernel/arch/i386/segments.h"
#include "kernel/arch/i386/trap.h"
#include "kernel/arch/i386_user/registers.h"
#include "kernel/arch/switch.h"
#include "kernel/kern/task.h"
#include "kernel/vm/map.h"

extern "C" {
void context_start();
[[noreturn]] void enter_user_frame(arch::TrapFrame* frame);
}

namespace arch {

namespace internal {

bool user_segments_loaded;

void change_user_segments(const ThreadContext& next) {
  load_user_segments(next);
  user_segments_loaded = next.has_user_segments;
  load_fs(next.frame->fs);
  load_gs(next.frame->gs);
}

namespace {

void load_user_side_from_kernel(kern::Thread& to) {
  set_entry_stack(reinterpret_cast<uint32_t>(to.context.frame + 1));
  to.task().map().pmap().activate();
  update_trap_redirection(to.task());
  load_data_segments(to.context);
  switch_fpu(to.context);
}

}  // namespace
}  // namespace internal

void switch_thread(kern::Thread& from, kern::Thread& to) {
  if (!from.is_kernel_thread()) internal::save_data_segments(*from.context.frame);
  // Kernel threads run in whatever address space is loaded.
  if (!to.is_kernel_thread()) {
    if (from.is_kernel_thread()) {
      internal::load_user_side_from_kernel(to);
    } else {
      internal::load_user_side(from, to);
    }
  }
  internal::switch_kernel_stack(from.context, to.context);
}

void adopt_user_segments(const ThreadContext& context) {
  load_user_segments(context);
  internal::user_segments_loaded = true;
}

void init_context(ThreadContext& context, void* stack, size_t stack_size, ContextEntry entry,
                  void* argument) {
  const uint32_t top = reinterpret_cast<uint32_t>(stack) + stack_size;
  context.frame = reinterpret_cast<TrapFrame*>(top - sizeof(TrapFrame));
  *context.frame = kInitialUserFrame;

  // What switch_kernel_stack and context_start pop.
  auto* words = reinterpret_cast<uint32_t*>(context.frame) - 3;
  words[0] = reinterpret_cast<uint32_t>(context_start);
  words[1] = reinterpret_cast<uint32_t>(entry);
  words[2] = reinterpret_cast<uint32_t>(argument);
  context.kernel_esp = reinterpret_cast<uint32_t>(words);
}

void destroy_context(ThreadContext& context) {
  drop_fpu(context);
  // Also when it is the loaded table: the next switch to a user thread loads another.
  delete context.ldt;
  context.ldt = nullptr;
}

void enter_user_mode() { enter_user_frame(kern::current_thread().context.frame); }

}  // namespace arch
