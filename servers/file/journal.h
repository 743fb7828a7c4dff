// Journal: the log of an ext3 file system, in JBD2's format.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_set>
#include <vector>

#include "libs/base/result.h"
#include "servers/file/block_cache.h"
#include "servers/file/block_device.h"

namespace file {

// A ring of blocks on the device. What a transaction changes is written there first; when it is
// safe, the blocks may go home, later. Errors are errno values: EIO from the device or a damaged
// log, EOPNOTSUPP for features unknown here. Not synchronised.
//
//   (1) commit() writes descriptors, copies of the blocks and revoke records, and flushes: what was
//       written to the device before (file data) and the log are on the medium;
//   (2) then the commit block, and flushes again: now the transaction counts.
//   (3) Some time later the owner writes the blocks home and calls retire(), which flushes, and
//       moves the beginning of the log up to its end.
//   (4) After a crash replay() writes the blocks of whole transactions home.
class Journal {
 public:
  // `blocks`: where each block of the journal's file is on the device, which must outlive this.
  static base::Result<std::unique_ptr<Journal>> open(BlockDevice& device, uint32_t block_size,
                                                     std::vector<uint32_t> blocks);

  // There are transactions that may not have come home.
  [[nodiscard]] bool needs_replay() const { return start_ != 0; }
  // Brings them home, flushes, and leaves the log empty. `device_blocks`: how many there are.
  base::Status replay(uint64_t device_blocks);

  // Marks the log as in use. Before the first commit.
  base::Status begin();
  // Makes a transaction durable. There must be room(). EROFS when the commit block failed: nobody
  // knows then whether it is on the medium, so nothing more may be written.
  base::Status commit(std::span<const BlockCache::Block> blocks, std::span<const uint32_t> revoked,
                      int64_t now);
  // Everything committed is at home.
  base::Status retire();
  // After retire(): marks the log as empty.
  base::Status end();

  // Whether the log has a copy of the block that a replay would write home.
  [[nodiscard]] bool has(uint32_t block) const { return logged_.contains(block); }
  // Blocks of the log that can be written before retire().
  [[nodiscard]] uint32_t room() const { return log_size() - used_; }
  [[nodiscard]] uint32_t log_size() const { return length_ - first_; }
  // What a transaction takes.
  [[nodiscard]] uint32_t needed(size_t blocks, size_t revoked) const;

 private:
  Journal(BlockDevice& device, uint32_t block_size, std::vector<uint32_t> blocks)
      : device_(device), block_size_(block_size), blocks_(std::move(blocks)) {}
  base::Status load();
  base::Status store_superblock(uint32_t start);
  base::Status read_log(uint32_t position, std::span<uint8_t> block) const;
  [[nodiscard]] uint32_t next(uint32_t position) const {
    return position + 1 == length_ ? first_ : position + 1;
  }

  // Writing (journal.cc).
  struct Writer;
  void start_block(std::span<uint8_t> block, uint32_t type) const;
  base::Status write_revokes(Writer& writer, std::span<const uint32_t> revoked) const;
  base::Status write_blocks(Writer& writer, std::span<const BlockCache::Block> blocks) const;
  [[nodiscard]] size_t tag_size() const;
  [[nodiscard]] size_t tags_per_block() const;
  [[nodiscard]] size_t revokes_per_block() const;

  // Recovery (journal_replay.cc).
  struct Revokes;
  struct Visitor;
  struct Collect;
  struct WriteHome;
  base::Result<uint32_t> walk(Visitor& visitor) const;
  base::Result<bool> visit_tags(Visitor& visitor, std::span<const uint8_t> descriptor,
                                uint32_t* position, uint32_t* budget) const;
  bool visit_revokes(Visitor& visitor, std::span<const uint8_t> block) const;

  BlockDevice& device_;
  uint32_t block_size_;
  std::vector<uint32_t> blocks_;
  std::vector<uint8_t> superblock_;
  uint32_t length_ = 0;
  uint32_t first_ = 0;
  uint32_t start_ = 0;     // as in the superblock
  uint32_t sequence_ = 0;  // of the next transaction
  uint32_t head_ = 0;      // where it goes
  uint32_t used_ = 0;      // blocks from the beginning of the log to head_
  bool broken_ = false;
  std::unordered_set<uint32_t> logged_;
};

}  // namespace file
