#include "servers/file/directory_index.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace file {

uint32_t DirectoryIndex::hash(std::string_view name) {
  uint32_t value = 2166136261u;
  for (const char c : name) value = (value ^ static_cast<uint8_t>(c)) * 16777619u;
  return value ^ value >> 15;
}

void DirectoryIndex::put(Slot slot) {
  size_t at = slot.hash;
  while (slots_[at & (slots_.size() - 1)].position != kFree) ++at;
  slots_[at & (slots_.size() - 1)] = slot;
  ++used_;
}

void DirectoryIndex::resize(size_t slots) {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots));
  used_ = removed_ = 0;
  for (const Slot& slot : old) {
    if (slot.position != kFree && slot.position != kRemoved) put(slot);
  }
}

void DirectoryIndex::add(std::string_view name, uint32_t position) {
  constexpr size_t kLeast = 256;
  if ((used_ + 1) * 4 > slots_.size() * 3) resize(std::max(kLeast, std::bit_ceil(size() * 2 + 2)));
  put({hash(name), position});
}

void DirectoryIndex::remove(std::string_view name, uint32_t position) {
  if (slots_.empty()) return;
  for (size_t at = hash(name);; ++at) {
    Slot& slot = slots_[at & (slots_.size() - 1)];
    if (slot.position == kFree) return;
    if (slot.position != position) continue;
    slot.position = kRemoved;
    ++removed_;
    return;
  }
}

void DirectoryIndex::raise_room(uint64_t block, uint32_t room) {
  uint32_t& known = room_[static_cast<size_t>(block)];
  known = std::max(known, room);
}

uint64_t DirectoryIndex::block_with_room(uint64_t from, uint32_t needed) const {
  const uint64_t first = std::min<uint64_t>(from, blocks());
  const auto start = room_.begin() + static_cast<std::ptrdiff_t>(first);
  return static_cast<uint64_t>(
      std::find_if(start, room_.end(), [&](uint32_t room) { return room >= needed; }) -
      room_.begin());
}

DirectoryIndex* DirectoryIndexes::find(ext2_ino_t directory) {
  const auto found = entries_.find(directory);
  if (found == entries_.end()) return nullptr;
  found->second.used = ++uses_;
  return found->second.index.get();
}

DirectoryIndex* DirectoryIndexes::add(ext2_ino_t directory, std::unique_ptr<DirectoryIndex> index) {
  DirectoryIndex* const added = index.get();
  entries_[directory] = {std::move(index), ++uses_};
  for (;;) {
    size_t bytes = 0;
    auto oldest = entries_.end();
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
      bytes += at->second.index->bytes();
      if (at->first == directory) continue;
      if (oldest == entries_.end() || at->second.used < oldest->second.used) oldest = at;
    }
    if (bytes <= kMaxBytes || oldest == entries_.end()) return added;
    entries_.erase(oldest);
  }
}

}  // namespace file
