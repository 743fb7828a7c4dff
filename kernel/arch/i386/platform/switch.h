// The switch from thread to thread, in line: a third of a message is spent here.
#pragma once

#include "kernel/arch/i386/cpu.h"
#include "kernel/arch/i386/fpu.h"
#include "kernel/arch/i386/segments.h"
#include "kernel/vm/map.h"

extern "C" {
void load_fs(uint32_t selector);
void load_gs(uint32_t selector);
extern uint32_t trap_redirect_active;
}

namespace arch {
namespace internal {

extern Pmap* active_pmap;

// The GDT slots or the LDT hold some thread's own descriptors.
extern bool user_segments_loaded;

// Descriptors have changed: FS and GS must be loaded again whatever the selectors. (One that stopped
// being valid loads as null.)
void change_user_segments(const ThreadContext& next);

[[gnu::always_inline]] inline void save_data_segments(TrapFrame& frame) {
  asm("movw %%fs, %0" : "=m"(frame.fs));
  asm("movw %%gs, %0" : "=m"(frame.gs));
}

inline void load_data_segments(const ThreadContext& next) {
  if (next.has_user_segments | user_segments_loaded) return change_user_segments(next);
  load_fs(next.frame->fs);
  load_gs(next.frame->gs);
}

// FS and GS of `from` are in its frame and in the processor.
[[gnu::always_inline]] inline void exchange_data_segments(const TrapFrame& from,
                                                          const ThreadContext& next) {
  const bool same = next.frame->has_same_fs_gs(from);
  if (!same | next.has_user_segments | user_segments_loaded) [[unlikely]] {
    load_data_segments(next);
  }
}

// What user mode sees of a switch from another user thread, whose FS and GS are saved.
[[gnu::always_inline]] inline void load_user_side(kern::Thread& from, kern::Thread& to) {
  ThreadContext& next = to.context;
  set_entry_stack(reinterpret_cast<uint32_t>(next.frame + 1));
  kern::Task& task = to.task();
  if (&from.task() != &task) {
    active_pmap = &task.map().pmap();
    write_cr3(active_pmap->data().directory_phys);
    trap_redirect_active = task.redirects_traps();
  }
  exchange_data_segments(*from.context.frame, next);
  switch_fpu(next);
}

// Pushes where and with which frame pointer to go on, and changes stacks. The other registers are
// the compiler's business.
[[gnu::always_inline]] inline void switch_kernel_stack(ThreadContext& from, ThreadContext& to) {
  uint32_t* save = &from.kernel_esp;
  uint32_t next = to.kernel_esp;
  asm volatile(
      "pushl %%ebp\n\t"
      "pushl $1f\n\t"
      "movl %%esp, (%0)\n\t"
      "movl %1, %%esp\n\t"
      "ret\n"
      "1:\tpopl %%ebp"
      : "+a"(save), "+d"(next)
      :
      : "ebx", "ecx", "esi", "edi", "memory", "cc");
}

}  // namespace internal

[[gnu::always_inline]] inline void switch_user_thread(kern::Thread& from, kern::Thread& to) {
  internal::save_data_segments(*from.context.frame);
  internal::load_user_side(from, to);
  internal::switch_kernel_stack(from.context, to.context);
}

}  // namespace arch
