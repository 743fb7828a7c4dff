// The floating point unit: its registers lie in memory between instructions, which the processor
// that runs the kernel executes one by one.
#pragma once

#include <cstdint>

#include "kernel/arch/host/user_mode/registers.h"
#include "platform/context.h"

namespace user_mode {

// An instruction from D8 to DF with its ModR/M byte.
struct FloatInstruction {
  uint8_t opcode;
  uint8_t mod_rm;

  [[nodiscard]] bool in_registers() const { return mod_rm >> 6 == 3; }
  [[nodiscard]] unsigned number() const { return mod_rm >> 3 & 7; }
  // Bytes of its memory operand, 0: there is no such instruction. Whether it stores there.
  [[nodiscard]] unsigned operand_size() const;
  [[nodiscard]] bool stores() const;
  // Whether it reports what an earlier one did wrong.
  [[nodiscard]] bool waits() const;
};

inline constexpr unsigned kMaxFloatOperand = arch::FloatState::kBytes;

// Whether an exception that is not masked waits to be reported.
bool has_float_error(const arch::FloatState& state);
// The status word; its exceptions are over.
uint32_t take_float_error(arch::FloatState& state);

// Executes one with `operand` as its memory operand. FNSTSW sets EAX, comparisons the flags.
void execute_float(arch::FloatState& state, FloatInstruction instruction, uint8_t* operand,
                   Registers& registers);

}  // namespace user_mode
