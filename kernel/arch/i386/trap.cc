#include "kernel/arch/i386/trap.h"

#include "kernel/arch/context.h"
#include "kernel/arch/i386/cpu.h"
#include "kernel/arch/i386/interrupts.h"
#include "kernel/arch/i386/segments.h"
#include "kernel/arch/i386_user/system_call.h"
#include "kernel/kern/attention.h"
#include "kernel/kern/task.h"
#include "kernel/traps/table.h"

extern "C" {
extern char vector_stubs[], software_interrupt_stub[], debug_stub[];
extern char trap_push_arguments[];

// Nonzero: the current task redirects some trap numbers, so every trap looks there first.
uint32_t trap_redirect_active;

// What entry.S needs for each trap number.
struct {
  traps::Function* function;
  const char* push_arguments;
} trap_entries[traps::kTableSize];
}

namespace arch {

// Makes them symbols that entry.S knows.
#pragma clang diagnostic ignored "-Winvalid-offsetof"
struct EntryOffsets {
  [[gnu::used]] static void define() {
#define DEFINE(symbol, type, member) \
  asm volatile(".globl " #symbol "\n\t.set " #symbol ", %c0" : : "i"(offsetof(type, member)))
    DEFINE(thread_ast, kern::Thread, ast);
    DEFINE(thread_task, kern::Thread, task_);
    DEFINE(task_emulation, kern::Task, emulation_);
    DEFINE(emulation_start, kern::EmulationVector, start_);
    DEFINE(emulation_count, kern::EmulationVector, count_);
    DEFINE(emulation_entries, kern::EmulationVector, entries_);
#undef DEFINE
  }
  static_assert(sizeof(base::Ref<kern::Task>) == sizeof(void*));
  static_assert(sizeof(TrapFrame) == 72);
};

namespace {

constexpr unsigned kStubSize = 16, kVectorCount = 48;
constexpr unsigned kPushSize = 3;  // bytes of code that copy one argument
constexpr uint8_t kInterruptGate = 0x8E, kUserInterruptGate = 0xEE;

Descriptor idt[256];

void set_gate(unsigned vector, const char* stub, uint8_t access) {
  idt[vector] = make_gate(kKernelCode, reinterpret_cast<uint32_t>(stub), access);
}

void pay_attention() {
  if (kern::current_thread().ast != 0) kern::handle_attention();
}

}  // namespace

void init_traps() {
  for (unsigned v = 0; v < kVectorCount; ++v) {
    set_gate(v, vector_stubs + v * kStubSize, kInterruptGate);
  }
  set_gate(kVectorDebug, debug_stub, kInterruptGate);
  set_gate(kVectorBreakpoint, vector_stubs + kVectorBreakpoint * kStubSize, kUserInterruptGate);
  set_gate(kVectorOverflow, vector_stubs + kVectorOverflow * kStubSize, kUserInterruptGate);
  set_gate(kVectorBound, vector_stubs + kVectorBound * kStubSize, kUserInterruptGate);
  set_gate(kVectorSoftware, software_interrupt_stub, kUserInterruptGate);
  const struct [[gnu::packed]] {
    uint16_t limit;
    uint32_t base;
  } idtr = {sizeof idt - 1, reinterpret_cast<uint32_t>(idt)};
  asm volatile("lidt %0" : : "m"(idtr));

  for (unsigned i = 0; i < traps::kTableSize; ++i) {
    const traps::Entry entry = traps::table(i);
    trap_entries[i] = {entry.function,
                       trap_push_arguments + kPushSize * (traps::kMaxArguments - entry.arguments)};
  }
}

void update_trap_redirection(kern::Task& task) {
  trap_redirect_active = task.redirects_traps();
}

extern "C" {

// From entry.S: exceptions, interrupts and int $0x80. The result is the frame to restore.
TrapFrame* handle_vector(TrapFrame* frame) {
  if (frame->vector == kVectorSoftware) {
    handle_software_interrupt(*frame);
  } else if (frame->vector >= kVectorFirstIrq) {
    dispatch_irq(frame->vector - kVectorFirstIrq, *frame);
  } else {
    frame = handle_exception(frame);
  }
  if (frame->from_user()) pay_attention();
  return frame;
}

// From entry.S: something is due before the return from a trap.
void handle_attention() { kern::handle_attention(); }

// From entry.S: the traps that its fast path leaves alone.
void slow_trap(TrapFrame* frame) {
  handle_system_call(*frame);
  pay_attention();
}

// From entry.S: a trap's arguments could not be read.
void bad_trap_stack(TrapFrame* frame) {
  refuse_trap(*frame);
  pay_attention();
}

}  // extern "C"

}  // namespace arch
