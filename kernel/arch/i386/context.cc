// Kernel contexts and what a switch changes in the processor.
#include "kernel/arch/context.h"

#include "kernel/arch/i386/cpu.h"
#include "kernel/arch/i386/fpu.h"
#include "kernel/arch/i386/segments.h"
#include "kernel/arch/i386/trap.h"
#include "kernel/kern/task.h"
#include "kernel/vm/map.h"

extern "C" {
void switch_kernel_stack(uint32_t* save_esp, uint32_t next_esp);
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

// FS and GS are reloaded when the selector or what it may refer to differs. (One that stopped being
// valid loads as null.)
void load_data_segments(const ThreadContext& next) {
  const TrapFrame& frame = *next.frame;
  const bool tables_change = next.has_user_segments || user_segments_loaded;
  if (tables_change) {
    load_user_segments(next);
    user_segments_loaded = next.has_user_segments;
  }
  if (tables_change || frame.fs != read_fs()) load_fs(frame.fs);
  if (tables_change || frame.gs != read_gs()) load_gs(frame.gs);
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

  // What switch_kernel_stack pops: EDI, ESI, EBX, EBP, return address.
  auto* words = reinterpret_cast<uint32_t*>(context.frame) - 5;
  words[0] = 0;
  words[1] = reinterpret_cast<uint32_t>(argument);
  words[2] = reinterpret_cast<uint32_t>(entry);
  words[3] = 0;
  words[4] = reinterpret_cast<uint32_t>(context_start);
  context.kernel_esp = reinterpret_cast<uint32_t>(words);
}

void switch_context(ThreadContext& from, ThreadContext& to) {
  switch_kernel_stack(&from.kernel_esp, to.kernel_esp);
}

void prepare_switch(kern::Thread& from, kern::Thread& to) {
  current_ast_word = &to.ast;
  if (!from.is_kernel_thread()) {
    from.context.frame->fs = read_fs();
    from.context.frame->gs = read_gs();
  }
  // Kernel threads run in whatever address space is loaded.
  if (to.is_kernel_thread()) return;

  ThreadContext& next = to.context;
  set_entry_stack(reinterpret_cast<uint32_t>(next.frame + 1));
  if (&from.task() != &to.task()) {
    to.task().map().pmap().activate();
    update_trap_redirection(to.task());
  }
  load_data_segments(next);
  switch_fpu(next);
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
