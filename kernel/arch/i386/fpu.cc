#include "kernel/arch/i386/fpu.h"

#include <mach/exception.h>
#include <mach/kern_return.h>

#include <cstring>

#include "kernel/arch/i386/cpu.h"
#include "kernel/kern/assert.h"
#include "kernel/kern/exception.h"
#include "kernel/kern/thread.h"
#include "kernel/vm/heap.h"

namespace arch {

namespace internal {
ThreadContext* fpu_owner;
bool fpu_disabled;
}  // namespace internal

namespace {

using internal::fpu_owner;

constexpr uint32_t kCr0MonitorCoprocessor = 1u << 1, kCr0Emulation = 1u << 2,
                   kCr0NumericError = 1u << 5;
constexpr uint32_t kCr4Fxsr = 1u << 9, kCr4SimdExceptions = 1u << 10;
constexpr uint32_t kCpuidFxsr = 1u << 24, kCpuidSse = 1u << 25;
constexpr uint16_t kInitialControl = 0x37F;
constexpr uint32_t kInitialMxcsr = 0x1F80, kMxcsrMask = 0xFFBF;

// Field offsets in an FXSAVE image.
constexpr unsigned kControl = 0, kStatus = 2, kTags = 4, kOpcode = 6, kIp = 8, kCs = 12, kDp = 16,
                   kDs = 20, kMxcsr = 24, kRegisters = 32, kRegisterStride = 16;
constexpr unsigned kRegisterSize = 10;

template <typename T>
T get(const FpuImage& image, unsigned offset) {
  T v;
  std::memcpy(&v, image.bytes + offset, sizeof v);
  return v;
}
template <typename T>
void put(FpuImage& image, unsigned offset, T v) {
  std::memcpy(image.bytes + offset, &v, sizeof v);
}

bool allocate_image(ThreadContext& context) {
  if (context.fpu != nullptr) return true;
  // The heap's alignment of 16 is what FXSAVE needs.
  auto* image = static_cast<FpuImage*>(vm::heap_allocate(sizeof(FpuImage)));
  if (image == nullptr) return false;
  std::memset(image, 0, sizeof *image);
  put<uint16_t>(*image, kControl, kInitialControl);
  put<uint32_t>(*image, kMxcsr, kInitialMxcsr);
  context.fpu = image;
  return true;
}

void save_owner() {
  if (fpu_owner == nullptr) return;
  enable_fpu();
  asm volatile("fxsave %0" : "=m"(*fpu_owner->fpu));
  fpu_owner = nullptr;
}

// Writes the registers of the thread back to its image if the FPU has them.
void save_fpu(ThreadContext& context) {
  if (fpu_owner != &context) return;
  save_owner();
  disable_fpu();
}

// The two-bit tag of a register that is not empty.
uint32_t full_tag(const uint8_t* reg) {
  constexpr uint32_t kValid = 0, kZero = 1, kSpecial = 2;
  uint64_t mantissa;
  uint16_t exponent;
  std::memcpy(&mantissa, reg, sizeof mantissa);
  std::memcpy(&exponent, reg + sizeof mantissa, sizeof exponent);
  exponent &= 0x7FFF;
  if (exponent == 0x7FFF) return kSpecial;
  if (exponent == 0) return mantissa == 0 ? kZero : kSpecial;
  return (mantissa >> 63) ? kValid : kSpecial;
}

}  // namespace

[[gnu::noinline]] void enable_fpu() {
  if (internal::fpu_disabled) clear_task_switched();
  internal::fpu_disabled = false;
}

[[gnu::noinline]] void disable_fpu() {
  if (!internal::fpu_disabled) write_cr0(read_cr0() | kCr0TaskSwitched);
  internal::fpu_disabled = true;
}

void init_fpu() {
  constexpr uint32_t kNeeded = kCpuidFxsr | kCpuidSse;
  if ((cpuid(1).edx & kNeeded) != kNeeded) kern::panic("this processor has no SSE");
  write_cr4(read_cr4() | kCr4Fxsr | kCr4SimdExceptions);
  write_cr0((read_cr0() & ~kCr0Emulation) | kCr0MonitorCoprocessor | kCr0NumericError |
            kCr0TaskSwitched);
  internal::fpu_disabled = true;
}

void give_fpu_to_current() {
  ThreadContext& context = kern::current_thread().context;
  if (!allocate_image(context)) {
    return kern::raise_exception(EXC_BAD_ACCESS, KERN_RESOURCE_SHORTAGE, context.frame->eip);
  }
  if (fpu_owner != &context) save_owner();
  enable_fpu();
  if (fpu_owner == &context) return;
  asm volatile("fxrstor %0" : : "m"(*context.fpu));
  fpu_owner = &context;
}

void drop_fpu(ThreadContext& context) {
  if (fpu_owner == &context) fpu_owner = nullptr;
  vm::heap_free(context.fpu);
  context.fpu = nullptr;
}

uint32_t take_fpu_error() {
  uint16_t status;
  asm volatile("fnstsw %0\n\tfnclex" : "=a"(status));
  return status;
}

bool get_fsave(ThreadContext& context, FsaveImage& image) {
  if (context.fpu == nullptr) return false;
  save_fpu(context);
  std::memset(&image, 0, sizeof image);
  const FpuImage& from = *context.fpu;
  const uint16_t status = get<uint16_t>(from, kStatus);
  const unsigned top = (status >> 11) & 7;
  const uint8_t present = from.bytes[kTags];
  uint32_t tags = 0;
  auto* registers = reinterpret_cast<uint8_t*>(&image.words[7]);
  for (unsigned i = 0; i < 8; ++i) {
    const uint8_t* reg = from.bytes + kRegisters + i * kRegisterStride;
    std::memcpy(registers + i * kRegisterSize, reg, kRegisterSize);
    const unsigned physical = (top + i) & 7;
    const uint32_t tag = (present >> physical) & 1 ? full_tag(reg) : 3;
    tags |= tag << (2 * physical);
  }
  image.words[0] = get<uint16_t>(from, kControl) | 0xFFFF0000;
  image.words[1] = status | 0xFFFF0000;
  image.words[2] = tags | 0xFFFF0000;
  image.words[3] = get<uint32_t>(from, kIp);
  image.words[4] = get<uint16_t>(from, kCs) | uint32_t{get<uint16_t>(from, kOpcode)} << 16;
  image.words[5] = get<uint32_t>(from, kDp);
  image.words[6] = get<uint16_t>(from, kDs) | 0xFFFF0000;
  return true;
}

bool set_fsave(ThreadContext& context, const FsaveImage& image) {
  save_fpu(context);
  if (!allocate_image(context)) return false;
  FpuImage& to = *context.fpu;
  put<uint16_t>(to, kControl, static_cast<uint16_t>(image.words[0]));
  put<uint16_t>(to, kStatus, static_cast<uint16_t>(image.words[1]));
  uint8_t present = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if (((image.words[2] >> (2 * i)) & 3) != 3) present |= static_cast<uint8_t>(1u << i);
  }
  to.bytes[kTags] = present;
  put<uint32_t>(to, kIp, image.words[3]);
  put<uint16_t>(to, kCs, static_cast<uint16_t>(image.words[4]));
  put<uint16_t>(to, kOpcode, static_cast<uint16_t>(image.words[4] >> 16) & 0x7FF);
  put<uint32_t>(to, kDp, image.words[5]);
  put<uint16_t>(to, kDs, static_cast<uint16_t>(image.words[6]));
  const auto* registers = reinterpret_cast<const uint8_t*>(&image.words[7]);
  for (unsigned i = 0; i < 8; ++i) {
    std::memcpy(to.bytes + kRegisters + i * kRegisterStride, registers + i * kRegisterSize,
                kRegisterSize);
  }
  // A reserved bit here would fault when the image is loaded.
  put<uint32_t>(to, kMxcsr, get<uint32_t>(to, kMxcsr) & kMxcsrMask);
  return true;
}

}  // namespace arch
