// Machine part of a thread: kernel context, user registers, FPU image, segments.
#pragma once

#include <cstddef>
#include <cstdint>

namespace arch {

// User registers as every entry to the kernel saves them at the top of the kernel stack; the entry
// code knows the offsets. FS and GS stay in the processor and reach the frame of a thread only when
// it leaves the processor.
struct TrapFrame {
  uint16_t gs, fs;
  uint32_t es, ds;
  uint32_t edi, esi, ebp, unused_esp, ebx, edx, ecx, eax;  // pushal order
  uint32_t vector;
  uint32_t error;
  uint32_t eip, cs, eflags, esp, ss;  // esp and ss only when from_user()

  [[nodiscard]] bool from_user() const { return (cs & 3) != 0; }
  [[nodiscard]] bool has_same_fs_gs(const TrapFrame& f) const {
    return (gs | uint32_t{fs} << 16) == (f.gs | uint32_t{f.fs} << 16);  // one comparison
  }
};

struct Descriptor {
  uint32_t low = 0;
  uint32_t high = 0;
};

struct FpuImage;
struct LocalDescriptorTable;

inline constexpr int kUserGdtSlots = 4;

struct ThreadContext {
  uint32_t kernel_esp = 0;
  TrapFrame* frame = nullptr;  // at the top of the kernel stack
  FpuImage* fpu = nullptr;     // allocated at first use
  LocalDescriptorTable* ldt = nullptr;
  bool has_user_segments = false;
  Descriptor user_gdt[kUserGdtSlots];
};

}  // namespace arch
