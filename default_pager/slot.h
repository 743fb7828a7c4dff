// Slot: the place of one page on the backing store.
#pragma once

#include <cstdint>

namespace default_pager {

// A slot's number: device (from 1) and page in it; or one of the three special values.
using Slot = uint32_t;

inline constexpr unsigned kSlotPageBits = 24;
inline constexpr uint32_t kMaxDevicePages = 1u << kSlotPageBits;
inline constexpr uint32_t kMaxDevices = 64;

// Nothing was ever written: the page is zero.
inline constexpr Slot kNoSlot = 0;
// There was no room for the page: the kernel keeps it, and gives it back again when it must.
inline constexpr Slot kKernelHolds = 0xffffffff;

constexpr bool is_stored(Slot slot) { return slot != kNoSlot && slot != kKernelHolds; }

constexpr Slot make_slot(uint32_t device, uint32_t page) {
  return (device + 1) << kSlotPageBits | page;
}
constexpr uint32_t device_of(Slot slot) { return (slot >> kSlotPageBits) - 1; }
constexpr uint32_t page_of(Slot slot) { return slot & (kMaxDevicePages - 1); }

// Neighbouring slots of one device; none when count is 0.
struct SlotRun {
  Slot first = kNoSlot;
  uint32_t count = 0;
};

}  // namespace default_pager
