// Control registers, model-specific registers and the interrupt flag.
#pragma once

#include <cstdint>

namespace arch {

inline constexpr uint32_t kCr0TaskSwitched = 1u << 3;
inline constexpr uint32_t kEflagsTrap = 1u << 8;
inline constexpr uint32_t kEflagsInterrupt = 1u << 9;
inline constexpr uint32_t kEflagsIopl = 3u << 12;
inline constexpr uint32_t kEflagsNestedTask = 1u << 14;
inline constexpr uint32_t kEflagsResume = 1u << 16;
inline constexpr uint32_t kEflagsVm86 = 1u << 17;
inline constexpr uint32_t kEflagsAlwaysSet = 1u << 1;

inline uint32_t read_cr0() {
  uint32_t v;
  asm volatile("movl %%cr0, %0" : "=r"(v));
  return v;
}
inline void write_cr0(uint32_t v) { asm volatile("movl %0, %%cr0" : : "r"(v) : "memory"); }
inline uint32_t read_cr2() {
  uint32_t v;
  asm volatile("movl %%cr2, %0" : "=r"(v));
  return v;
}
inline uint32_t read_cr3() {
  uint32_t v;
  asm volatile("movl %%cr3, %0" : "=r"(v));
  return v;
}
inline void write_cr3(uint32_t v) { asm volatile("movl %0, %%cr3" : : "r"(v) : "memory"); }
inline uint32_t read_cr4() {
  uint32_t v;
  asm volatile("movl %%cr4, %0" : "=r"(v));
  return v;
}
inline void write_cr4(uint32_t v) { asm volatile("movl %0, %%cr4" : : "r"(v) : "memory"); }
inline void clear_task_switched() { asm volatile("clts"); }
inline void invalidate_page(uint32_t va) { asm volatile("invlpg (%0)" : : "r"(va) : "memory"); }

inline void write_msr(uint32_t msr, uint32_t low) {
  asm volatile("wrmsr" : : "c"(msr), "a"(low), "d"(0));
}

struct CpuId {
  uint32_t eax, ebx, ecx, edx;
};
inline CpuId cpuid(uint32_t leaf) {
  CpuId r;
  asm volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(0));
  return r;
}

inline uint16_t read_fs() {
  uint16_t v;
  asm volatile("movw %%fs, %0" : "=r"(v));
  return v;
}
inline uint16_t read_gs() {
  uint16_t v;
  asm volatile("movw %%gs, %0" : "=r"(v));
  return v;
}

}  // namespace arch
