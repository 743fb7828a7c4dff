#include "kernel/arch/i386_user/system_call.h"

#include <mach/exception.h>
#include <mach/i386/exception.h>
#include <mach/kern_return.h>
#include <mach/message.h>

#include "kernel/arch/user_copy.h"
#include "kernel/kern/exception.h"
#include "kernel/kern/task.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/traps/convention.h"
#include "kernel/traps/table.h"

namespace arch {
namespace {

// False: the task has no routine for this number.
bool redirect(TrapFrame& frame) {
  // Held here: another thread of the task may replace the table while the copy below blocks.
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

void native_trap(TrapFrame& frame) {
  const uint32_t index = 0 - frame.eax;
  if (index >= traps::kTableSize) {
    return kern::raise_exception(EXC_BAD_INSTRUCTION, EXC_I386_INVOP, 0);
  }
  const traps::Entry entry = traps::table(index);
  Word arguments[traps::kMaxArguments] = {};
  // The last one first, as i386/entry.S pushes them: that decides which address an exception names.
  for (uint32_t i = entry.arguments; i-- > 0;) {
    const kern::UserPtr<Word> at{frame.esp + (i + 1) * uint32_t{sizeof(Word)}};
    if (!at.copy_in(arguments[i]).ok()) return refuse_trap(frame);
  }
  frame.eax = static_cast<uint32_t>(call(entry, arguments));
}

}  // namespace

void handle_system_call(TrapFrame& frame) {
  if (!redirect(frame)) native_trap(frame);
}

void handle_software_interrupt(TrapFrame& frame) {
  constexpr uint32_t kVector = 0x80, kInstructionSize = 2, kErrorCode = kVector * 8 + 2;
  if (redirect(frame)) return;
  frame.eip -= kInstructionSize;
  kern::raise_exception(EXC_BAD_INSTRUCTION, EXC_I386_GPFLT, kErrorCode);
}

void refuse_trap(TrapFrame& frame) {
  if (kern::copy_was_aborted()) {
    frame.eax = MACH_SEND_INTERRUPTED;
    return;
  }
  kern::raise_exception(EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, last_user_fault_address());
}

}  // namespace arch
