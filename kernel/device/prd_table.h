// PrdTable: the scatter/gather list of a bus-master IDE controller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernel/arch/phys.h"

namespace device {

// As the controller reads it (Programming Interface for Bus Master IDE Controller).
struct PrdEntry {
  uint32_t address;
  uint16_t bytes;  // 0 stands for 64 KiB
  uint16_t flags;  // kPrdLast in the last entry
};
static_assert(sizeof(PrdEntry) == 8);

inline constexpr uint16_t kPrdLast = 0x8000;

// Fills a table that does not cross a 64 KiB boundary itself.
class PrdTable {
 public:
  explicit PrdTable(std::span<PrdEntry> entries) : entries_(entries) {}

  void clear() { count_ = 0; }
  // Appends physical memory (even address and size), joining what continues the last entry. No
  // entry crosses a 64 KiB boundary. False: the table is full.
  [[nodiscard]] bool add(arch::PhysAddr address, uint32_t bytes);
  // Marks the end; there must be an entry.
  void finish() { entries_[count_ - 1].flags = kPrdLast; }
  [[nodiscard]] size_t count() const { return count_; }

 private:
  [[nodiscard]] bool extend_last(uint32_t address, uint32_t bytes);

  std::span<PrdEntry> entries_;
  size_t count_ = 0;
};

}  // namespace device
