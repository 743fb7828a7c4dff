// FileSlots and Slot: what clients see of files in use without asking (<servers/file_slots.h>).
#pragma once

#include <servers/file_slots.h>

#include <cstdint>
#include <span>
#include <vector>

#include "servers/file/inode.h"

namespace file {

// The region of slots. Under the tree lock.
class FileSlots {
 public:
  // Without memory there are no slots. Slot 0 is not given out.
  FileSlots() = default;
  FileSlots(const FileSlots&) = delete;
  FileSlots& operator=(const FileSlots&) = delete;

  // Takes the region, which holds zeros and is never paged.
  void use(std::span<file_slot> region);

  // A free slot that shows nothing; 0 when there is none.
  uint32_t allocate();
  void free(uint32_t index);
  file_slot& operator[](uint32_t index) { return region_[index]; }

 private:
  std::span<file_slot> region_;
  std::vector<uint32_t> free_;
};

// The slot of one file, if it has one: then every change of the file is told to it.
class Slot {
 public:
  explicit Slot(FileSlots& slots) : slots_(slots) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot();

  // Its number, after trying to get one; 0: none.
  uint32_t open(uint64_t size);

  [[nodiscard]] bool exists() const { return index_ != 0; }
  [[nodiscard]] uint32_t epoch() const { return index_ != 0 ? slots_[index_].epoch : 0; }

  // The attributes changed: clients have to ask.
  void hide() {
    if (index_ != 0) slots_[index_].sequence = slots_[index_].sequence | 1;
  }
  // Shows what was just answered to a client.
  void show(const io_stat_t& attributes);
  // The new size can be read.
  void set_size(uint64_t size) {
    if (index_ != 0) slots_[index_].size = static_cast<uint32_t>(size);
  }
  // Pages go, or there are new ones without room on the volume: nobody may write to windows without
  // asking again.
  void next_epoch() {
    if (index_ != 0) slots_[index_].epoch = slots_[index_].epoch + 1;
  }
  // A write() set mtime and ctime to this time, or (no_stamp) mtime was set to something else.
  void stamp(Time now);
  void no_stamp() { stamp({}); }

 private:
  FileSlots& slots_;
  uint32_t index_ = 0;
};

}  // namespace file
