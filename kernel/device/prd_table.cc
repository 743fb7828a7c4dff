#include "kernel/device/prd_table.h"

#include <algorithm>

namespace device {
namespace {

constexpr uint32_t kBoundary = 0x10000;

constexpr uint32_t entry_bytes(const PrdEntry& entry) {
  return entry.bytes == 0 ? kBoundary : entry.bytes;
}

}  // namespace

bool PrdTable::add(arch::PhysAddr start, uint32_t bytes) {
  uint32_t address = start.value;
  while (bytes != 0) {
    const uint32_t part = std::min(bytes, kBoundary - (address & (kBoundary - 1)));
    if (!extend_last(address, part)) {
      if (count_ == entries_.size()) return false;
      entries_[count_++] = {address, static_cast<uint16_t>(part), 0};
    }
    address += part;
    bytes -= part;
  }
  return true;
}

bool PrdTable::extend_last(uint32_t address, uint32_t bytes) {
  if (count_ == 0) return false;
  PrdEntry& last = entries_[count_ - 1];
  const bool continues = last.address + entry_bytes(last) == address;
  if (!continues || (address & (kBoundary - 1)) == 0) return false;
  last.bytes = static_cast<uint16_t>(last.bytes + bytes);
  return true;
}

}  // namespace device
