// Kernel contexts and what a switch changes in the processor.
#include "kernel/arch/context.h"

#include "kernel/arch/i386/cpu.h"
#include "kernel/arch/i386/fpu.h"
#include "kernel/arch/i386/segments.h"
#include "kernel/arch/i386/trap.h"
#include "kernel/kern/task.h"
#include "kernel/vm/map.h"

extern "C" {
void context_start();
[[noreturn]] void enter_user_frame(arch::TrapFrame* frame);
void load_fs(uint32_t selector);
void load_gs(uint32_t selector);
extern uint32_t* current_ast_word;
}

namespace arch {
namespace {

// The GDT slots or the LDT hold some thread's own descriptors.
bool user_segments_loaded;

void save_data_segments(TrapFrame& frame) {
  // The upper halves of the words stay zero.
  asm("movw %%fs, %0" : "=m"(reinterpret_cast<uint16_t&>(frame.fs)));
  asm("movw %%gs, %0" : "=m"(reinterpret_cast<uint16_t&>(frame.gs)));
}

// Descriptors have changed: FS and GS must be loaded again whatever the selectors. (One that stopped
// being valid loads as null.)
[[gnu::noinline]] void change_user_segments(const ThreadContext& next) {
  load_user_segments(next);
  user_segments_loaded = next.has_user_segments;
  load_fs(next.frame->fs);
  load_gs(next.frame->gs);
}

inline void load_data_segments(const ThreadContext& next) {
  if (next.has_user_segments || user_segments_loaded) [[unlikely]] {
    return change_user_segments(next);
  }
  const TrapFrame& frame = *next.frame;
  if (static_cast<uint16_t>(frame.fs) != read_fs()) load_fs(frame.fs);
  if (static_cast<uint16_t>(frame.gs) != read_gs()) load_gs(frame.gs);
}

// What user mode sees of a switch.
inline void load_user_side(kern::Thread& from, kern::Thread& to) {
  ThreadContext& next = to.context;
  set_entry_stack(reinterpret_cast<uint32_t>(next.frame + 1));
  if (&from.task() != &to.task()) {
    to.task().map().pmap().activate();
    update_trap_redirection(to.task());
  }
  load_data_segments(next);
  switch_fpu(next);
}

// Pushes where and with which frame pointer to go on, and changes stacks. The other registers are
// the compiler's business.
inline void switch_kernel_stack(ThreadContext& from, ThreadContext& to) {
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

}  // namespace

void adopt_user_segments(const ThreadContext& context) {
  load_user_segments(context);
  user_segments_loaded = true;
}

void init_context(ThreadContext& context, void* stack, size_t stack_size, ContextEntry entry,
                  void* argument) {
  const uint32_t top = reinterpret_cast<uint32_t>(stack) + stack_size;
  context.frame = reinterpret_cast<TrapFrame*>(top - sizeof(TrapFrame));
  *context.frame = TrapFrame{};
  TrapFrame& f = *context.frame;
  f.gs = f.fs = f.es = f.ds = f.ss = kUserData;
  f.cs = kUserCode;
  f.eflags = kEflagsAlwaysSet | kEflagsInterrupt;

  // What switch_kernel_stack and context_start pop.
  auto* words = reinterpret_cast<uint32_t*>(context.frame) - 3;
  words[0] = reinterpret_cast<uint32_t>(context_start);
  words[1] = reinterpret_cast<uint32_t>(entry);
  words[2] = reinterpret_cast<uint32_t>(argument);
  context.kernel_esp = reinterpret_cast<uint32_t>(words);
}

void switch_thread(kern::Thread& from, kern::Thread& to) {
  current_ast_word = &to.ast;
  if (!from.is_kernel_thread()) save_data_segments(*from.context.frame);
  // Kernel threads run in whatever address space is loaded.
  if (!to.is_kernel_thread()) load_user_side(from, to);
  switch_kernel_stack(from.context, to.context);
}

void destroy_context(ThreadContext& context) {
  drop_fpu(context);
  // Also when it is the loaded table: the next switch to a user thread loads another.
  delete context.ldt;
  context.ldt = nullptr;
}

void set_user_entry(kern::Thread& thread, uint32_t pc, uint32_t sp) {
  thread.context.frame->eip = pc;
  thread.context.frame->esp = sp;
}

void enter_user_mode() { enter_user_frame(kern::current_thread().context.frame); }

}  // namespace arch
