// The kernel's first steps in C++.
#include <cstdint>

#include "kernel/arch/boot.h"
#include "kernel/arch/i386/boot_info.h"
#include "kernel/arch/i386/early_console.h"
#include "kernel/arch/i386/fpu.h"
#include "kernel/arch/i386/interrupts.h"
#include "kernel/arch/i386/page_table.h"
#include "kernel/arch/i386/segments.h"
#include "kernel/arch/i386/trap.h"
#include "kernel/kern/main.h"
#include "kernel/kern/print.h"

extern "C" {
extern void (*init_array_start[])();
extern void (*init_array_end[])();
[[noreturn]] void arch_main(uint32_t magic, uint32_t info);
}

// From start.S: paging is on, interrupts are off, the stack is boot_stack.
void arch_main(uint32_t magic, uint32_t info) {
  for (auto** constructor = init_array_start; constructor != init_array_end; ++constructor) {
    (*constructor)();
  }
  arch::init_early_console();
  arch::init_segments();
  arch::init_traps();
  arch::parse_boot_info(magic, info);
  arch::init_paging();
  arch::init_interrupts();
  arch::init_fpu();
  kern::main();
}
