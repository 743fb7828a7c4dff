// The processor's descriptor tables and the task state segment.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/arch/i386/selectors.h"
#include "platform/context.h"

namespace kern {
class Thread;
}

namespace arch {

// A thread's own LDT: the four master entries, then the thread's.
struct LocalDescriptorTable {
  static constexpr unsigned kEntries = 64;
  Descriptor entries[kEntries];
};

// Loads GDT, LDT, TSS and the fast system call registers.
void init_segments();

struct TaskState {
  uint32_t link = 0;
  uint32_t esp0 = 0;
  uint32_t ss0 = kKernelData;
  uint32_t unused[22] = {};
  uint16_t trap = 0;
  uint16_t io_bitmap_offset = sizeof(TaskState);
};
static_assert(sizeof(TaskState) == 104);

// SYSENTER starts with ESP pointing at esp0, from which it loads the real stack pointer. Should a
// debug trap hit its very first instruction, it pushes onto `spare`.
struct EntryArea {
  uint32_t spare[128];
  TaskState tss;
};
extern EntryArea entry_area asm("entry_area");
// entry.S knows this one.
static_assert(offsetof(EntryArea, tss) + offsetof(TaskState, esp0) == 516);

// The stack pointer the next entry from user mode starts with.
inline void set_entry_stack(uint32_t esp) { entry_area.tss.esp0 = esp; }

// Makes the GDT slots and the LDT those of `context`.
void load_user_segments(const ThreadContext& context);

// load_user_segments() for the running thread, whose tables have just changed.
void adopt_user_segments(const ThreadContext& context);

// True when a user program may have this descriptor: absent, or a present code or data segment of
// privilege level 3.
bool is_safe_user_descriptor(Descriptor d);

// Base, 20-bit limit in pages or bytes, access byte, flags nibble -> descriptor.
constexpr Descriptor make_descriptor(uint32_t base, uint32_t limit, uint8_t access,
                                     uint8_t flags) {
  return {(limit & 0xFFFF) | (base << 16),
          ((base >> 16) & 0xFF) | (uint32_t{access} << 8) | (limit & 0xF0000) |
              (uint32_t{flags} << 20) | (base & 0xFF000000)};
}

constexpr Descriptor make_gate(uint16_t selector, uint32_t offset, uint8_t access) {
  return {(offset & 0xFFFF) | (uint32_t{selector} << 16),
          (offset & 0xFFFF0000) | (uint32_t{access} << 8)};
}

}  // namespace arch
