#include "kernel/arch/host/user_mode/traps.h"

#include <mach/exception.h>
#include <mach/i386/exception.h>
#include <mach/kern_return.h>
#include <mach/message.h>
#include <mach/vm_prot.h>

#include "kernel/arch/host/user_mode/floating_point.h"
#include "kernel/arch/user_copy.h"
#include "kernel/kern/attention.h"
#include "kernel/kern/exception.h"
#include "kernel/kern/task.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/traps/convention.h"
#include "kernel/traps/table.h"
#include "kernel/vm/fault.h"

namespace user_mode {
namespace {

constexpr uint32_t kWasWrite = 1u << 1;

void page_fault(const Stop& stop) {
  const vm_prot_t wanted =
      stop.error & kWasWrite ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ;
  kern_return_t result = KERN_INVALID_ADDRESS;
  if (stop.address < kern::kUserEnd) {
    result = vm::fault(kern::current_task().map(), stop.address, wanted);
  }
  // An aborted fault is taken again, unless the thread's state is changed meanwhile.
  if (result == KERN_SUCCESS || result == KERN_ABORTED) return;
  kern::raise_exception(EXC_BAD_ACCESS, result, stop.address);
}

// The trap's arguments could not be copied.
void refuse_trap(arch::TrapFrame& frame) {
  if (kern::copy_was_aborted()) {
    frame.eax = MACH_SEND_INTERRUPTED;
    return;
  }
  kern::raise_exception(EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, arch::last_user_fault_address());
}

// A call that the task has a routine for continues there, with flags and return address on its
// stack.
bool redirect(arch::TrapFrame& frame) {
  const base::Ref<kern::EmulationVector> emulation = kern::current_task().emulation();
  const uint32_t routine = emulation ? emulation->lookup(static_cast<int>(frame.eax)) : 0;
  if (routine == 0) return false;
  const uint32_t saved[] = {frame.eflags, frame.eip};
  if (!kern::copy_out_bytes(frame.esp - sizeof saved, saved, sizeof saved).ok()) {
    refuse_trap(frame);
    return true;
  }
  frame.esp -= sizeof saved;
  frame.eip = routine;
  return true;
}

using Word = uint32_t;
using AnyTrap = TRAP kern_return_t (*)(Word, Word, Word, Word, Word, Word, Word, Word, Word, Word,
                                       Word);
static_assert(traps::kMaxArguments == 11 && sizeof(void*) == sizeof(Word));

// A trap takes words from its caller's stack and leaves them there, so that it may get more than it
// wants; its real type is not known here.
[[clang::no_sanitize("function")]] kern_return_t call(const traps::Entry& entry, const Word* a) {
  return reinterpret_cast<AnyTrap>(entry.function)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7],
                                                   a[8], a[9], a[10]);
}

void native_trap(arch::TrapFrame& frame) {
  const uint32_t index = 0 - frame.eax;
  if (index >= traps::kTableSize) {
    return kern::raise_exception(EXC_BAD_INSTRUCTION, EXC_I386_INVOP, 0);
  }
  const traps::Entry entry = traps::table(index);
  Word arguments[traps::kMaxArguments] = {};
  // The last one first, as entry.S pushes them.
  for (uint32_t i = entry.arguments; i-- > 0;) {
    const kern::UserPtr<Word> at{frame.esp + (i + 1) * uint32_t{sizeof(Word)}};
    if (!at.copy_in(arguments[i]).ok()) return refuse_trap(frame);
  }
  frame.eax = static_cast<uint32_t>(call(entry, arguments));
}

void system_call(arch::TrapFrame& frame) {
  // The step ends with the call, and is reported after it.
  if (frame.eflags & flag::kTrap) kern::current_thread().ast |= kern::ast::kSingleStep;
  if (!redirect(frame)) native_trap(frame);
}

// ECX has the user stack pointer, EDX where to continue.
void fast_system_call(arch::TrapFrame& frame) {
  frame.esp = frame.ecx;
  frame.eip = frame.edx;
  system_call(frame);
}

// int $0x80: only an entry to emulation routines.
void software_interrupt(arch::TrapFrame& frame) {
  constexpr uint32_t kInstructionSize = 2, kErrorCode = vector::kSoftware * 8 + 2;
  if (redirect(frame)) return;
  frame.eip -= kInstructionSize;
  kern::raise_exception(EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, kErrorCode);
}

void handle(arch::TrapFrame& frame, const Stop& stop) {
  switch (stop.vector) {
    case vector::kPageFault: return page_fault(stop);
    case vector::kLcall: return system_call(frame);
    case vector::kSysenter: return fast_system_call(frame);
    case vector::kSoftware: return software_interrupt(frame);
    case vector::kDivide: return kern::raise_exception(EXC_ARITHMETIC, EXC_I386_DIV, 0);
    case vector::kDebug: return kern::raise_exception(EXC_BREAKPOINT, EXC_I386_SGL, 0);
    case vector::kBreakpoint: return kern::raise_exception(EXC_BREAKPOINT, EXC_I386_BPT, 0);
    case vector::kFloatError:
      return kern::raise_exception(EXC_ARITHMETIC, EXC_I386_EXTERR,
                                   take_float_error(kern::current_thread().context.floats));
    case vector::kOverflow: return kern::raise_exception(EXC_ARITHMETIC, EXC_I386_INTO, 0);
    case vector::kBound: return kern::raise_exception(EXC_SOFTWARE, EXC_I386_BOUND, 0);
    case vector::kInvalidOpcode:
      return kern::raise_exception(EXC_BAD_INSTRUCTION, EXC_I386_INVOP, 0);
    default: return kern::raise_exception(EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, stop.error & 0xFFFF);
  }
}

}  // namespace

void handle_stop(arch::TrapFrame& frame, const Stop& stop) {
  frame.vector = stop.vector;
  frame.error = stop.error;
  handle(frame, stop);
  if (kern::current_thread().ast != 0) kern::handle_attention();
}

}  // namespace user_mode
