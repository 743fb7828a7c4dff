// BlockCache: the volume's metadata blocks in memory, written back in batches.
#pragma once

#include <cstdint>
#include <list>
#include <span>
#include <unordered_map>
#include <vector>

#include "libs/base/result.h"
#include "servers/file/block_device.h"

namespace file {

// Holds at most `capacity` blocks. Dirty blocks reach the device only in flush(), which runs when
// the caller asks or when room is needed: that one place is where a journal will see a consistent
// set of changes before they go home. File data does not stay here (the kernel caches it); the
// *_through calls move it between the device and a buffer without leaving stale copies behind.
// Errors are those of the device. Not synchronised: the owner of the volume holds its lock.
class BlockCache {
 public:
  static constexpr uint32_t kDefaultCapacity = 1024;
  static constexpr uint32_t kMaxTransfer = 64 * 1024;

  explicit BlockCache(BlockDevice& device, uint32_t capacity = kDefaultCapacity)
      : device_(device), capacity_(capacity) {}
  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  [[nodiscard]] uint32_t block_size() const { return block_size_; }
  // Writes back and forgets everything, then counts in blocks of `bytes`.
  base::Status set_block_size(uint32_t bytes);

  base::Status read(uint64_t block, std::span<uint8_t> data);
  // `data` may end within a block: the rest of that block keeps its contents.
  base::Status write(uint64_t block, std::span<const uint8_t> data);
  // Changes bytes anywhere on the medium.
  base::Status write_bytes(uint64_t offset, std::span<const uint8_t> data);

  // Whole blocks of file data, not kept.
  base::Status read_through(uint64_t block, std::span<uint8_t> data);
  base::Status write_through(uint64_t block, std::span<const uint8_t> data);
  // The blocks hold nothing of value any more: cached copies need not be written.
  void discard(uint64_t block, uint64_t count);

  // Writes every dirty block in ascending order, the superblock last, then flushes the device.
  base::Status flush();

  [[nodiscard]] size_t cached_blocks() const { return entries_.size(); }
  [[nodiscard]] size_t dirty_blocks() const { return dirty_count_; }

 private:
  struct Entry {
    uint64_t block;
    bool dirty = false;
    std::vector<uint8_t> data;
  };
  using Lru = std::list<Entry>;
  enum class Fill { kFromDevice, kNo };

  base::Result<Entry*> get(uint64_t block, Fill fill);
  base::Status make_room();
  base::Status write_run(const std::vector<Entry*>& dirty, size_t first, size_t count);
  void set_dirty(Entry& entry);
  void set_clean(Entry& entry);
  [[nodiscard]] uint64_t superblock_block() const { return 1024 / block_size_; }

  BlockDevice& device_;
  uint32_t capacity_;
  uint32_t block_size_ = 1024;
  size_t dirty_count_ = 0;
  Lru lru_;  // most recently used first
  std::unordered_map<uint64_t, Lru::iterator> entries_;
};

}  // namespace file
