// Floating point instructions.
#include "kernel/arch/host/user_mode/floating_point.h"
#include "kernel/arch/host/user_mode/instructions.h"

namespace user_mode {

using I = Instructions;

void I::wait_for_floats(P& p) {
  if (has_float_error(*p.floats_)) p.fault(vector::kFloatError);
}

void I::compute(P& p) {
  const auto mod_rm = p.load<uint8_t>(p.r_.eip);
  const auto o = p.operand();
  const FloatInstruction instruction = {p.opcode_, mod_rm};
  const unsigned size = o.in_register ? 0 : instruction.operand_size();
  if (!o.in_register && size == 0) return invalid(p);
  if (instruction.waits()) wait_for_floats(p);
  uint8_t operand[kMaxFloatOperand];
  if (instruction.stores() && size != 0) {
    if (!p.memory_.writable(o.address, size)) p.page_fault(/*write=*/true);
  } else {
    for (unsigned i = 0; i < size; ++i) operand[i] = p.load<uint8_t>(o.address + i);
  }
  if (p.faulted()) return;
  execute_float(*p.floats_, instruction, operand, p.r_);
  if (!instruction.stores()) return;
  for (unsigned i = 0; i < size; ++i) p.store<uint8_t>(o.address + i, operand[i]);
}

}  // namespace user_mode
