#include "kernel/arch/host/user_mode/traps.h"

#include <mach/exception.h>
#include <mach/i386/exception.h>
#include <mach/kern_return.h>
#include <mach/vm_prot.h>

#include "kernel/arch/host/user_mode/floating_point.h"
#include "kernel/arch/i386_user/system_call.h"
#include "kernel/kern/attention.h"
#include "kernel/kern/exception.h"
#include "kernel/kern/task.h"
#include "kernel/kern/user_ptr.h"
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

void system_call(arch::TrapFrame& frame) {
  // The step ends with the call, and is reported after it.
  if (frame.eflags & flag::kTrap) kern::current_thread().ast |= kern::ast::kSingleStep;
  arch::handle_system_call(frame);
}

// ECX has the user stack pointer, EDX where to continue.
void fast_system_call(arch::TrapFrame& frame) {
  frame.esp = frame.ecx;
  frame.eip = frame.edx;
  system_call(frame);
}

void handle(arch::TrapFrame& frame, const Stop& stop) {
  switch (stop.vector) {
    case vector::kPageFault: return page_fault(stop);
    case vector::kLcall: return system_call(frame);
    case vector::kSysenter: return fast_system_call(frame);
    case vector::kSoftware: return arch::handle_software_interrupt(frame);
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
