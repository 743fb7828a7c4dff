// DirectoryIndex: where the names of a large directory are, in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "servers/file/libext2fs.h"

namespace file {

// A hash table from names to positions, and what room each block may have. Made by one walk through the
// directory and kept up to date by Directory, which verifies every position it is told: names with
// equal hashes are all reported. A position is the offset of an entry in the directory / 4.
class DirectoryIndex {
 public:
  static uint32_t hash(std::string_view name);

  void add(std::string_view name, uint32_t position);
  void remove(std::string_view name, uint32_t position);
  // Calls `visit(position) -> bool` until it answers true; whether it did.
  template <typename F>
  bool find(std::string_view name, F visit) const;

  // Upper bounds of the bytes free in one piece, by block.
  void add_block(uint32_t room) { room_.push_back(room); }
  void set_room(uint64_t block, uint32_t room) { room_[static_cast<size_t>(block)] = room; }
  void raise_room(uint64_t block, uint32_t room);
  [[nodiscard]] uint64_t blocks() const { return room_.size(); }
  // The first block at or behind `from` that may have `needed` bytes; blocks() when there is none.
  [[nodiscard]] uint64_t block_with_room(uint64_t from, uint32_t needed) const;

  // Names it holds, and an estimate of the memory it takes.
  [[nodiscard]] size_t size() const { return used_ - removed_; }
  [[nodiscard]] size_t bytes() const {
    return slots_.size() * sizeof(Slot) + room_.size() * sizeof(uint32_t);
  }

 private:
  static constexpr uint32_t kFree = ~0u;
  static constexpr uint32_t kRemoved = ~0u - 1;
  struct Slot {
    uint32_t hash = 0;
    uint32_t position = kFree;
  };
  void resize(size_t slots);
  void put(Slot slot);

  std::vector<Slot> slots_;  // a power of two, at most three quarters not kFree
  size_t used_ = 0;          // slots that are not kFree
  size_t removed_ = 0;
  std::vector<uint32_t> room_;
};

template <typename F>
bool DirectoryIndex::find(std::string_view name, F visit) const {
  if (slots_.empty()) return false;
  const uint32_t wanted = hash(name);
  for (size_t at = wanted;; ++at) {
    const Slot& slot = slots_[at & (slots_.size() - 1)];
    if (slot.position == kFree) return false;
    if (slot.position != kRemoved && slot.hash == wanted && visit(slot.position)) return true;
  }
}

// The indexes of the directories used most recently, as many as fit into kMaxBytes.
class DirectoryIndexes {
 public:
  static constexpr size_t kMaxBytes = 8u << 20;
  // Larger directories are searched linearly.
  static constexpr uint64_t kMaxDirectoryBytes = 16u << 20;

  DirectoryIndex* find(ext2_ino_t directory);
  // Takes an index of a directory that has none; drops others when there is too much.
  DirectoryIndex* add(ext2_ino_t directory, std::unique_ptr<DirectoryIndex> index);
  // The directory is gone, or has changed in an unknown way.
  void drop(ext2_ino_t directory) { entries_.erase(directory); }
  [[nodiscard]] size_t count() const { return entries_.size(); }

 private:
  struct Entry {
    std::unique_ptr<DirectoryIndex> index;
    uint64_t used;
  };
  std::unordered_map<ext2_ino_t, Entry> entries_;
  uint64_t uses_ = 0;
};

}  // namespace file
