// Call chains of the kernel.
#include <cstdint>

#include "kernel/arch/boot.h"
#include "kernel/arch/i386/memory_layout.h"
#include "kernel/kern/print.h"

extern "C" char kernel_image_start[], kernel_image_end[];

namespace arch {
namespace {

constexpr unsigned kMaxFrames = 24;

bool is_kernel_data(uint32_t a) {
  return a >= kKernelBase && a < kKernelBase + kDirectMapSize && a % 4 == 0;
}

bool is_kernel_text(uint32_t a) {
  return a >= reinterpret_cast<uint32_t>(kernel_image_start) &&
         a < reinterpret_cast<uint32_t>(kernel_image_end);
}

}  // namespace

// Addresses only; llvm-symbolizer with the kernel's ELF file names them.
void print_backtrace() {
  auto* frame = static_cast<const uint32_t*>(__builtin_frame_address(0));
  kern::print("backtrace:");
  for (unsigned i = 0; i < kMaxFrames; ++i) {
    if (!is_kernel_data(reinterpret_cast<uint32_t>(frame)) || !is_kernel_text(frame[1])) break;
    kern::print(" %x", frame[1]);
    frame = reinterpret_cast<const uint32_t*>(frame[0]);
  }
  kern::print("\n");
}

}  // namespace arch
