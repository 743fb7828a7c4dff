// BlockCache: the volume's metadata blocks in memory, written back in batches.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <span>
#include <vector>

#include "libs/base/result.h"
#include "servers/file/block_device.h"

namespace file {

// Holds about `capacity` blocks. A block is clean, dirty (changed), or logged: its last committed
// contents are in the journal but not at home.
//
// Without a journal dirty blocks go home in flush(), which runs when the caller asks or when room
// is needed. With one, a dirty block never goes home: the owner collects the dirty blocks, writes
// them to the journal and calls committed(); logged blocks go home in write_home(), or when room
// is needed. While every block is dirty the cache holds more than its capacity.
//
// File data does not stay here (the kernel caches it); the *_through calls move it between the
// device and a buffer without leaving stale copies behind. Errors are those of the device. Not
// synchronised: the owner of the volume holds its lock.
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
  // A block as 32-bit numbers, valid until the next call of any other method.
  base::Result<std::span<const uint32_t>> numbers(uint64_t block);
  // `data` may end within a block: the rest of that block keeps its contents.
  base::Status write(uint64_t block, std::span<const uint8_t> data);
  // Changes bytes anywhere on the medium. What is equal already does not become dirty.
  base::Status write_bytes(uint64_t offset, std::span<const uint8_t> data);
  // Changes bytes within one sector on the medium at once, beside whatever else is to come.
  base::Status patch(uint64_t offset, std::span<const uint8_t> data);

  // Whole blocks of file data, not kept.
  base::Status read_through(uint64_t block, std::span<uint8_t> data);
  base::Status write_through(uint64_t block, std::span<const uint8_t> data);
  // Begins to; see BlockDevice::start_write().
  std::unique_ptr<PendingWrite> start_write_through(uint64_t block, std::span<uint8_t> pages);
  // BlockDevice::start_read() from there; null also when a block of them is cached.
  std::unique_ptr<PendingRead> start_read_through(uint64_t block, size_t size);
  // The blocks hold nothing of value any more: cached copies need not be written.
  void discard(uint64_t block, uint64_t count);

  // Writes every dirty block in ascending order, the superblock last, then flushes the device.
  // Does nothing with a journal.
  base::Status flush();

  // From now on as described above for a journal.
  void use_journal() { journaled_ = true; }
  struct Block {
    uint64_t number;
    std::span<const uint8_t> data;
  };
  // The dirty blocks in ascending order, valid until the next call of any other method.
  [[nodiscard]] std::vector<Block> dirty() const;
  // The dirty blocks are in the journal now.
  void committed();
  // Writes logged blocks home, except those that are dirty again. Does not flush the device.
  base::Status write_home();
  // Forgets everything, dirty or not.
  void clear();

  [[nodiscard]] uint32_t capacity() const { return capacity_; }
  [[nodiscard]] size_t cached_blocks() const { return entries_.size(); }
  [[nodiscard]] size_t dirty_blocks() const { return dirty_count_; }
  // Counts changes: whether something was changed shows in a difference.
  [[nodiscard]] uint64_t changes() const { return changes_; }

 private:
  struct Entry {
    uint64_t block;
    bool dirty = false;
    bool logged = false;
    std::vector<uint8_t> data;
  };
  using Lru = std::list<Entry>;
  enum class Fill { kFromDevice, kNo };

  base::Result<Entry*> get(uint64_t block, Fill fill);
  base::Status make_room();
  base::Status make_room_in_front_of_journal();
  base::Status write_all(std::vector<Entry*>& blocks);
  base::Status write_run(const std::vector<Entry*>& blocks, size_t first, size_t count);
  void set_dirty(Entry& entry);
  void set_clean(Entry& entry);
  [[nodiscard]] uint64_t superblock_block() const { return 1024 / block_size_; }
  [[nodiscard]] uint64_t blocks_in(size_t bytes) const { return bytes >> block_bits_; }

  BlockDevice& device_;
  uint32_t capacity_;
  uint32_t block_size_ = 1024;
  unsigned block_bits_ = 10;
  bool journaled_ = false;
  size_t dirty_count_ = 0;
  uint64_t changes_ = 0;
  Lru lru_;  // most recently used first
  std::map<uint64_t, Lru::iterator> entries_;  // ordered: most ranges of file data have no block here
};

}  // namespace file
