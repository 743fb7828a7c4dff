#include "kernel/arch/user_segments.h"

#include <mach/kern_return.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "kernel/arch/i386/segments.h"
#include "kernel/kern/thread.h"

extern "C" arch::Descriptor* const master_ldt_entries;

namespace arch {
namespace {

constexpr uint32_t kAnySlot = 0;
constexpr unsigned kFirstFreeLdtEntry = kMasterLdtEntries;
constexpr int kTlsSlots = 3;

bool is_empty(Descriptor d) { return ((d.high >> 8) & 0x1F) == 0; }

// The user slot of a GDT selector (privilege level 3), or -1.
int slot_of(uint32_t selector) {
  if ((selector & 7) != 3) return -1;
  for (int i = 0; i < kUserGdtSlots; ++i) {
    if (kUserGdtIndex[i] == selector >> 3) return i;
  }
  return -1;
}

// Descriptors reach the processor now when the thread is the one that runs.
void apply(kern::Thread& thread) {
  thread.context.has_user_segments = true;
  if (&thread == &kern::current_thread()) adopt_user_segments(thread.context);
}

const Descriptor* ldt_of(kern::Thread& thread) {
  return thread.context.ldt ? thread.context.ldt->entries : master_ldt_entries;
}

uint32_t ldt_size(kern::Thread& thread) {
  return thread.context.ldt ? LocalDescriptorTable::kEntries : kMasterLdtEntries;
}

}  // namespace

base::Status set_ldt(kern::Thread& thread, uint32_t first_selector,
                     std::span<const Descriptor> descriptors) {
  const uint32_t first = (first_selector & 0xFFFF) >> 3;
  if (first < kFirstFreeLdtEntry || first > LocalDescriptorTable::kEntries ||
      descriptors.size() > LocalDescriptorTable::kEntries - first) {
    return base::Error(KERN_INVALID_ARGUMENT);
  }
  const bool safe = std::ranges::all_of(
      descriptors, [](Descriptor d) { return is_empty(d) || is_safe_user_descriptor(d); });
  if (!safe) return base::Error(KERN_INVALID_ARGUMENT);
  LocalDescriptorTable*& table = thread.context.ldt;
  if (table == nullptr) {
    table = new (std::nothrow) LocalDescriptorTable;
    if (table == nullptr) return base::Error(KERN_RESOURCE_SHORTAGE);
    std::copy_n(master_ldt_entries, kMasterLdtEntries, table->entries);
  }
  std::ranges::transform(descriptors, table->entries + first,
                         [](Descriptor d) { return is_empty(d) ? Descriptor{} : d; });
  apply(thread);
  return {};
}

base::Result<uint32_t> get_ldt(kern::Thread& thread, uint32_t first_selector, uint32_t wanted,
                               std::span<Descriptor> out) {
  const uint32_t first = (first_selector & 0xFFFF) >> 3;
  const uint32_t size = ldt_size(thread);
  if (first >= size) return base::Error(KERN_INVALID_ARGUMENT);
  const uint32_t count =
      std::min({wanted, size - first, static_cast<uint32_t>(out.size())});
  std::copy_n(ldt_of(thread) + first, count, out.begin());
  // The call gate's address is the kernel's business.
  if (first == 0 && count > 0) out[0] = Descriptor{};
  return count;
}

base::Status set_gdt(kern::Thread& thread, uint32_t& selector, Descriptor descriptor) {
  if (!is_empty(descriptor) && !is_safe_user_descriptor(descriptor)) {
    return base::Error(KERN_INVALID_ARGUMENT);
  }
  int slot = -1;
  if (selector == kAnySlot) {
    for (int i = 0; i < kTlsSlots && slot < 0; ++i) {
      if (is_empty(thread.context.user_gdt[i])) slot = i;
    }
    if (slot < 0) return base::Error(KERN_NO_SPACE);
    selector = kUserGdtIndex[slot] << 3 | 3;
  } else {
    slot = slot_of(selector);
    if (slot < 0) return base::Error(KERN_INVALID_ARGUMENT);
  }
  thread.context.user_gdt[slot] = is_empty(descriptor) ? Descriptor{} : descriptor;
  apply(thread);
  return {};
}

base::Result<Descriptor> get_gdt(kern::Thread& thread, uint32_t selector) {
  const int slot = slot_of(selector);
  if (slot < 0) return base::Error(KERN_INVALID_ARGUMENT);
  return thread.context.user_gdt[slot];
}

}  // namespace arch
