#include "servers/file/file_slots.h"

namespace file {
namespace {

// Clients on this processor read while the server is between two stores: the compiler must not
// change their order.
void order() { asm volatile("" ::: "memory"); }

}  // namespace

void FileSlots::use(std::span<file_slot> region) {
  region_ = region;
  for (auto i = static_cast<uint32_t>(region.size()); i > 1; --i) free_.push_back(i - 1);
}

uint32_t FileSlots::allocate() {
  if (free_.empty()) return 0;
  const uint32_t index = free_.back();
  free_.pop_back();
  file_slot& slot = region_[index];
  slot.sequence = slot.sequence | 1;
  slot.epoch = slot.epoch + 1;
  slot.size = 0;
  slot.stamp_seconds = 0;
  slot.stamp_microseconds = 0;
  return index;
}

void FileSlots::free(uint32_t index) {
  file_slot& slot = region_[index];
  slot.sequence = slot.sequence | 1;
  slot.epoch = slot.epoch + 1;
  slot.size = 0;
  free_.push_back(index);
}

Slot::~Slot() {
  if (index_ != 0) slots_.free(index_);
}

uint32_t Slot::open(uint64_t size) {
  if (index_ == 0) {
    index_ = slots_.allocate();
    set_size(size);
  }
  return index_;
}

void Slot::show(const io_stat_t& attributes) {
  if (index_ == 0) return;
  file_slot& slot = slots_[index_];
  if ((slot.sequence & 1) == 0) return;
  order();
  slot.attributes = attributes;
  order();
  slot.sequence = slot.sequence + 1;
}

void Slot::stamp(Time now) {
  if (index_ == 0) return;
  constexpr uint32_t kNanosecondsPerMicrosecond = 1000;
  file_slot& slot = slots_[index_];
  slot.stamp_seconds = static_cast<uint32_t>(now.seconds);
  slot.stamp_microseconds = now.nanoseconds / kNanosecondsPerMicrosecond;
}

}  // namespace file
