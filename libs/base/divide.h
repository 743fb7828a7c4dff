// Division of a 64-bit number by a 32-bit one in one instruction.
#pragma once

#include <cstdint>

namespace base {

struct Quotient {
  uint32_t quotient;
  uint32_t remainder;
};

// The quotient must fit into 32 bits, else the processor raises a divide error.
inline Quotient divide(uint64_t dividend, uint32_t divisor) {
  Quotient r;
  asm("divl %4"
      : "=a"(r.quotient), "=d"(r.remainder)
      : "a"(static_cast<uint32_t>(dividend)), "d"(static_cast<uint32_t>(dividend >> 32)),
        "rm"(divisor)
      : "cc");
  return r;
}

}  // namespace base
