// Machine part of a thread in host tests: a coroutine and a set of made-up user registers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace arch {

// Enough of the machine's frame for code that looks at user registers.
struct TrapFrame {
  uint32_t gs, fs, es, ds;
  uint32_t edi, esi, ebp, unused_esp, ebx, edx, ecx, eax;
  uint32_t vector;
  uint32_t error;
  uint32_t eip, cs, eflags, esp, ss;
  uint32_t v86_es, v86_ds, v86_fs, v86_gs;

  [[nodiscard]] bool from_user() const { return (cs & 3) != 0; }
};

// One segment descriptor, as the machine has it.
struct Descriptor {
  uint32_t low = 0;
  uint32_t high = 0;
};

// The floating point registers, as FSAVE stores them.
struct FloatState {
  static constexpr unsigned kBytes = 108;
  bool in_use = false;
  uint8_t image[kBytes] = {};
};

// What a test's user thread executes "in user mode"; see kernel/arch/host/machine.h.
struct UserProgram;

struct ThreadContext {
  struct Coroutine;
  Coroutine* coroutine = nullptr;
  TrapFrame frame_storage = {};
  TrapFrame* frame = &frame_storage;
  UserProgram* program = nullptr;
  FloatState floats;
};

}  // namespace arch
