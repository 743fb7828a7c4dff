// Call chains of the kernel.
#include <cstdint>

#include "kernel/arch/boot.h"
#include "kernel/arch/i386/memory_layout.h"
#include "kernel/kern/print.h"
#include "kernel/kern/thread.h"

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

namespace {

// Addresses only; llvm-symbolizer with the kernel's ELF file names them.
void print_chain(const uint32_t* frame) {
  kern::print("backtrace:");
  for (unsigned i = 0; i < kMaxFrames; ++i) {
    if (!is_kernel_data(reinterpret_cast<uint32_t>(frame)) || !is_kernel_text(frame[1])) break;
    kern::print(" %x", frame[1]);
    frame = reinterpret_cast<const uint32_t*>(frame[0]);
  }
}

}  // namespace

void print_backtrace() {
  print_chain(static_cast<const uint32_t*>(__builtin_frame_address(0)));
  kern::print("\n");
}

void print_backtrace(const kern::Thread& thread) {
  // What switch_kernel_stack saved: EDI, ESI, EBX, EBP.
  constexpr unsigned kSavedEbp = 3;
  const auto* saved = reinterpret_cast<const uint32_t*>(thread.context.kernel_esp);
  if (saved == nullptr) return;
  print_chain(reinterpret_cast<const uint32_t*>(saved[kSavedEbp]));
  if (!thread.is_kernel_thread()) {
    const TrapFrame& user = *thread.context.frame;
    kern::print("; user eip %x esp %x eax %x", user.eip, user.esp, user.eax);
  }
  kern::print("\n");
}

}  // namespace arch
