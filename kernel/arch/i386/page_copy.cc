#include "kernel/arch/i386/page_copy.h"

#include <cstdint>

#include "kernel/arch/i386/cpu.h"
#include "kernel/arch/i386/fpu.h"
#include "kernel/arch/phys.h"

// In entry.S; changes XMM0 to XMM3.
extern "C" bool copy_user_bytes_now(void* to, const void* from, size_t size);

namespace arch {
namespace {

constexpr uint32_t kCr4Fxsr = 1u << 9;
constexpr uint32_t kStep = 256;  // bytes a round of the loops below

// init_fpu() has been called.
bool sse_usable() { return (read_cr4() & kCr4Fxsr) != 0; }

// Lends the kernel XMM0 to XMM3. Whoever owns the FPU finds its registers as they were.
class SseLoan {
 public:
  SseLoan() : was_disabled_(internal::fpu_disabled) {
    enable_fpu();
    asm volatile(
        "movups %%xmm0, %0\n\t"
        "movups %%xmm1, 16+%0\n\t"
        "movups %%xmm2, 32+%0\n\t"
        "movups %%xmm3, 48+%0"
        : "=o"(saved_));
  }
  ~SseLoan() {
    asm volatile(
        "movups %0, %%xmm0\n\t"
        "movups 16+%0, %%xmm1\n\t"
        "movups 32+%0, %%xmm2\n\t"
        "movups 48+%0, %%xmm3"
        :
        : "o"(saved_));
    if (was_disabled_) disable_fpu();
  }
  SseLoan(const SseLoan&) = delete;
  SseLoan& operator=(const SseLoan&) = delete;

 private:
  struct Saved {
    uint8_t bytes[64];
  };
  const bool was_disabled_;
  Saved saved_;
};

}  // namespace

void clear_page_at(void* to) {
  if (!sse_usable()) {
    uint32_t words = kPageSize / 4;
    asm volatile("rep stosl" : "+D"(to), "+c"(words) : "a"(0) : "memory");
    return;
  }
  const SseLoan loan;
  uint32_t rounds = kPageSize / kStep;
  asm volatile(
      "xorps %%xmm0, %%xmm0\n"
      "1:\n\t"
      ".set at, 0\n\t"
      ".rept 16\n\t"
      "movaps %%xmm0, at(%0)\n\t"
      ".set at, at + 16\n\t"
      ".endr\n\t"
      "addl $256, %0\n\t"
      "decl %1\n\t"
      "jnz 1b"
      : "+r"(to), "+r"(rounds)
      :
      : "memory", "cc");
}

void copy_page_at(void* to, const void* from) {
  if (!sse_usable()) {
    uint32_t words = kPageSize / 4;
    asm volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
    return;
  }
  const SseLoan loan;
  uint32_t rounds = kPageSize / kStep;
  asm volatile(
      "1:\n\t"
      ".set at, 0\n\t"
      ".rept 4\n\t"
      "movaps at(%1), %%xmm0\n\t"
      "movaps at+16(%1), %%xmm1\n\t"
      "movaps at+32(%1), %%xmm2\n\t"
      "movaps at+48(%1), %%xmm3\n\t"
      "movaps %%xmm0, at(%0)\n\t"
      "movaps %%xmm1, at+16(%0)\n\t"
      "movaps %%xmm2, at+32(%0)\n\t"
      "movaps %%xmm3, at+48(%0)\n\t"
      ".set at, at + 64\n\t"
      ".endr\n\t"
      "addl $256, %0\n\t"
      "addl $256, %1\n\t"
      "decl %2\n\t"
      "jnz 1b"
      : "+r"(to), "+r"(from), "+r"(rounds)
      :
      : "memory", "cc");
}

bool copy_bytes_now(void* to, const void* from, size_t size) {
  const SseLoan loan;
  return copy_user_bytes_now(to, from, size);
}

}  // namespace arch
