// Processor exceptions: page faults, user mistakes, recovery of kernel accesses to user memory.
#include <mach/exception.h>
#include <mach/i386/exception.h>
#include <mach/kern_return.h>
#include <mach/vm_prot.h>

#include <cstring>

#include "kernel/arch/i386/cpu.h"
#include "kernel/arch/i386/fpu.h"
#include "kernel/arch/i386/memory_layout.h"
#include "kernel/arch/i386/trap.h"
#include "kernel/arch/user_copy.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/exception.h"
#include "kernel/kern/print.h"
#include "kernel/kern/task.h"
#include "kernel/vm/fault.h"

extern "C" {
struct Fixup {
  uint32_t instruction, continue_at;
};
extern const Fixup fixup_table_start[], fixup_table_end[];
extern char iret_instruction[];
extern char copy_now_begin[], copy_now_end[], copy_now_stopped[];
bool copy_user_bytes(void* to, const void* from, size_t size);
}

namespace arch {
namespace {

constexpr uint32_t kFaultWasWrite = 1u << 1;

uint32_t user_fault_address;

const Fixup* find_fixup(uint32_t eip) {
  for (const Fixup* f = fixup_table_start; f != fixup_table_end; ++f) {
    if (f->instruction == eip) return f;
  }
  return nullptr;
}

vm_prot_t wanted_access(const TrapFrame& frame) {
  return (frame.error & kFaultWasWrite) ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ;
}

[[noreturn]] void die(const TrapFrame& frame, const char* what, uint32_t address) {
  print_frame(frame);
  kern::panic("%s in the kernel (vector %u, error %x, address %x)", what, frame.vector,
              frame.error, address);
}

void user_page_fault(const TrapFrame& frame, uint32_t address) {
  kern_return_t result = KERN_INVALID_ADDRESS;
  if (address < kKernelBase) {
    result = vm::fault(kern::current_task().map(), address, wanted_access(frame));
  }
  // An aborted fault is taken again, unless the thread's state is changed meanwhile.
  if (result == KERN_SUCCESS || result == KERN_ABORTED) return;
  kern::raise_exception(EXC_BAD_ACCESS, result, address);
}

uint32_t address_of(const char* label) { return reinterpret_cast<uint32_t>(label); }

// Nothing may happen in the middle of copy_user_bytes_now(): its caller resolves the fault.
bool stop_copy(TrapFrame& frame, uint32_t address) {
  if (frame.eip < address_of(copy_now_begin) || frame.eip >= address_of(copy_now_end)) return false;
  user_fault_address = address;
  frame.eip = address_of(copy_now_stopped);
  return true;
}

void kernel_page_fault(TrapFrame& frame, uint32_t address) {
  if (address < kKernelBase && stop_copy(frame, address)) return;
  const Fixup* fixup = find_fixup(frame.eip);
  if (address >= kKernelBase || fixup == nullptr) die(frame, "page fault", address);
  kern::Thread& self = kern::current_thread();
  for (;;) {
    const kern_return_t result =
        vm::fault(kern::current_task().map(), address, wanted_access(frame));
    if (result == KERN_SUCCESS) return;
    // Reading what a system call is to do can be interrupted, for nothing has been done: the abort
    // stays pending, which tells callers (copy_was_aborted). Storing its results cannot.
    const bool stores = frame.error & kFaultWasWrite;
    if (result != KERN_ABORTED || (self.ast & kern::ast::kTerminate)) break;
    self.sched.abort_pending = !stores;
    if (!stores) break;
  }
  user_fault_address = address;
  frame.eip = fixup->continue_at;
}

// What a user program is told of a vector.
struct Report {
  int exception, code;
  bool with_error_code;
};

Report report_of(uint32_t vector) {
  switch (vector) {
    case kVectorDivide: return {EXC_ARITHMETIC, EXC_I386_DIV, false};
    case kVectorDebug: return {EXC_BREAKPOINT, EXC_I386_SGL, false};
    case kVectorBreakpoint: return {EXC_BREAKPOINT, EXC_I386_BPT, false};
    case kVectorOverflow: return {EXC_ARITHMETIC, EXC_I386_INTO, false};
    case kVectorBound: return {EXC_SOFTWARE, EXC_I386_BOUND, false};
    case kVectorInvalidOpcode: return {EXC_BAD_INSTRUCTION, EXC_I386_INVOP, false};
    case kVectorFpuOverrun: return {EXC_BAD_ACCESS, VM_PROT_READ | VM_PROT_EXECUTE, false};
    case kVectorInvalidTss: return {EXC_BAD_INSTRUCTION, EXC_I386_INVTSSFLT, true};
    case kVectorNotPresent: return {EXC_BAD_INSTRUCTION, EXC_I386_SEGNPFLT, true};
    case kVectorStack: return {EXC_BAD_INSTRUCTION, EXC_I386_STKFLT, true};
    case kVectorAlignment: return {EXC_BAD_INSTRUCTION, kVectorAlignment, true};
    default: return {EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, true};
  }
}

void user_exception(TrapFrame& frame) {
  switch (frame.vector) {
    case kVectorPageFault: return user_page_fault(frame, read_cr2());
    case kVectorNoFpu: return give_fpu_to_current();
    case kVectorFpuError:
    case kVectorSimdError:
      return kern::raise_exception(EXC_ARITHMETIC, EXC_I386_EXTERR, take_fpu_error());
    default: break;
  }
  const Report report = report_of(frame.vector);
  kern::raise_exception(report.exception, report.code,
                        report.with_error_code ? frame.error & 0xFFFF : 0);
}

// The IRET to user mode itself faulted: the user's CS or SS is not usable (any more). All general
// registers were the user's already, so they are in this frame, which lies directly below the
// three words of the one that could not be restored. The fault becomes the user's.
TrapFrame* user_frame_of_failed_iret(TrapFrame* nested) {
  TrapFrame* user = kern::current_thread().context.frame;
  KASSERT(&nested->eflags + 1 == &user->eip);
  std::memmove(user, nested, offsetof(TrapFrame, eip));
  return user;
}

void kernel_exception(TrapFrame& frame) {
  if (frame.vector == kVectorPageFault) return kernel_page_fault(frame, read_cr2());
  if (frame.vector == kVectorDebug) {
    // A single-stepped far call arrives here after its first instruction in the kernel.
    frame.eflags &= ~kEflagsTrap;
    kern::current_thread().ast |= kern::ast::kSingleStep;
    return;
  }
  const Fixup* fixup = find_fixup(frame.eip);
  if (fixup == nullptr) die(frame, "exception", 0);
  frame.eip = fixup->continue_at;
}

}  // namespace

TrapFrame* handle_exception(TrapFrame* frame) {
  if (!frame->from_user()) {
    const bool at_iret = frame->eip == reinterpret_cast<uint32_t>(iret_instruction);
    if (!at_iret || frame->vector == kVectorPageFault || frame->vector == kVectorDebug) {
      kernel_exception(*frame);
      return frame;
    }
    frame = user_frame_of_failed_iret(frame);
  }
  user_exception(*frame);
  return frame;
}

bool copy_from_user(void* to, uint32_t from, size_t size) {
  return copy_user_bytes(to, reinterpret_cast<const void*>(from), size);
}

bool copy_to_user(uint32_t to, const void* from, size_t size) {
  return copy_user_bytes(reinterpret_cast<void*>(to), from, size);
}

uint32_t last_user_fault_address() { return user_fault_address; }

void print_frame(const TrapFrame& f) {
  kern::print("eax %08x ebx %08x ecx %08x edx %08x esi %08x edi %08x ebp %08x\n", f.eax, f.ebx,
              f.ecx, f.edx, f.esi, f.edi, f.ebp);
  kern::print("eip %04x:%08x eflags %08x", f.cs & 0xFFFF, f.eip, f.eflags);
  if (f.from_user()) kern::print(" esp %04x:%08x", f.ss & 0xFFFF, f.esp);
  kern::print(" ds %04x es %04x\n", f.ds & 0xFFFF, f.es & 0xFFFF);
}

}  // namespace arch
