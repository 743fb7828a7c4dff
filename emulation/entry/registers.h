// The program's registers at a system call.
#pragma once

#include <cstdint>

namespace emulation {

// Saved on every entry and loaded on every exit. Arguments of a system call are in ebx, ecx, edx,
// esi, edi, ebp; its number in `call` (eax is overwritten by the result).
struct Registers {
  uint32_t ebx;
  uint32_t ecx;
  uint32_t edx;
  uint32_t esi;
  uint32_t edi;
  uint32_t ebp;
  uint32_t eax;
  uint32_t eip;  // where the program goes on
  uint32_t esp;  // its stack pointer there
  uint32_t eflags;
  int32_t call;  // Linux system call number, or -1 when the entry was none (a diverted thread)
};

}  // namespace emulation
