#include "kernel/arch/i386/segments.h"

#include "kernel/arch/i386/cpu.h"
#include "kernel/arch/i386/memory_layout.h"

extern "C" void lcall_entry();
extern "C" void sysenter_entry();

namespace arch {

EntryArea entry_area;

namespace {

constexpr uint8_t kPresent = 0x80, kUserLevel = 0x60, kSegment = 0x10;
constexpr uint8_t kCodeRead = 0x0A, kDataWrite = 0x02, kLdtType = 0x02, kTssType = 0x09,
                  kCallGateType = 0x0C;
constexpr uint8_t kPages32 = 0xC, kBytes = 0x0;
constexpr uint32_t kAllPages = 0xFFFFF;
constexpr uint32_t kUserPages = (kKernelBase >> 12) - 1;

constexpr uint32_t kMsrSysenterCs = 0x174, kMsrSysenterEsp = 0x175, kMsrSysenterEip = 0x176;
constexpr uint32_t kCpuidSysenter = 1u << 11;

Descriptor gdt[kGdtEntries];
Descriptor master_ldt[kMasterLdtEntries];
const LocalDescriptorTable* loaded_ldt;

struct [[gnu::packed]] TableRegister {
  uint16_t limit;
  uint32_t base;
};

uint32_t address_of(const void* p) { return reinterpret_cast<uint32_t>(p); }

void load_ldt_table(const LocalDescriptorTable* table) {
  if (table == loaded_ldt) return;
  loaded_ldt = table;
  uint16_t selector = kMasterLdt;
  if (table != nullptr) {
    gdt[kThreadLdt / 8] = make_descriptor(address_of(table->entries), sizeof table->entries - 1,
                                          kPresent | kLdtType, kBytes);
    selector = kThreadLdt;
  }
  asm volatile("lldt %0" : : "r"(selector));
}

}  // namespace

extern "C" Descriptor* const master_ldt_entries = master_ldt;

void init_segments() {
  gdt[1] = make_descriptor(0, kAllPages, kPresent | kSegment | kCodeRead, kPages32);
  gdt[2] = make_descriptor(0, kAllPages, kPresent | kSegment | kDataWrite, kPages32);
  gdt[3] = make_descriptor(address_of(master_ldt), sizeof master_ldt - 1, kPresent | kLdtType,
                           kBytes);
  entry_area.tss = TaskState{};
  gdt[4] = make_descriptor(address_of(&entry_area.tss), sizeof(TaskState) - 1,
                           kPresent | kTssType, kBytes);
  const unsigned s = kSysenterCode / 8;
  gdt[s] = gdt[1];
  gdt[s + 1] = gdt[2];
  gdt[s + 2] = make_descriptor(0, kAllPages, kPresent | kUserLevel | kSegment | kCodeRead, kPages32);
  gdt[s + 3] = make_descriptor(0, kAllPages, kPresent | kUserLevel | kSegment | kDataWrite, kPages32);

  master_ldt[0] = make_gate(kKernelCode, address_of(reinterpret_cast<void*>(lcall_entry)),
                            kPresent | kUserLevel | kCallGateType);
  master_ldt[2] = make_descriptor(0, kUserPages, kPresent | kUserLevel | kSegment | kCodeRead, kPages32);
  master_ldt[3] = make_descriptor(0, kUserPages, kPresent | kUserLevel | kSegment | kDataWrite, kPages32);

  const TableRegister gdtr = {sizeof gdt - 1, address_of(gdt)};
  asm volatile(
      "lgdt %0\n\t"
      "ljmpl %1, $1f\n"
      "1: movl %2, %%ds; movl %2, %%es; movl %2, %%ss\n\t"
      "movl %3, %%fs; movl %3, %%gs"
      :
      : "m"(gdtr), "i"(kKernelCode), "r"(uint32_t{kKernelData}), "r"(0)
      : "memory");
  asm volatile("lldt %0" : : "r"(kMasterLdt));
  asm volatile("ltr %0" : : "r"(kTaskState));

  if (cpuid(1).edx & kCpuidSysenter) {
    write_msr(kMsrSysenterCs, kSysenterCode);
    write_msr(kMsrSysenterEsp, address_of(&entry_area.tss.esp0));
    write_msr(kMsrSysenterEip, address_of(reinterpret_cast<void*>(sysenter_entry)));
  }
}

void load_user_segments(const ThreadContext& context) {
  for (int i = 0; i < kUserGdtSlots; ++i) gdt[kUserGdtIndex[i]] = context.user_gdt[i];
  load_ldt_table(context.ldt);
}

bool is_safe_user_descriptor(Descriptor d) {
  const uint8_t access = static_cast<uint8_t>(d.high >> 8);
  if (access == 0) return true;
  constexpr uint8_t kRequired = kPresent | kUserLevel | kSegment;
  return (access & kRequired) == kRequired;
}

}  // namespace arch
