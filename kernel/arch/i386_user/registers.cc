// Where and how user mode continues.
#include "kernel/arch/context.h"

#include <mach/exception.h>
#include <mach/i386/exception.h>
#include <mach/i386/thread_status.h>

#include "kernel/kern/exception.h"
#include "kernel/kern/thread.h"

namespace arch {

void set_user_entry(kern::Thread& thread, uint32_t pc, uint32_t sp) {
  thread.context.frame->eip = pc;
  thread.context.frame->esp = sp;
}

void raise_single_step() {
  kern::current_thread().context.frame->eflags |= EFL_TF;
  kern::raise_exception(EXC_BREAKPOINT, EXC_I386_SGL, 0);
}

}  // namespace arch
