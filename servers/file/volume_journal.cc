// Volume: transactions. See docs/file-systems.md for the order of things on the medium.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "servers/file/errors.h"
#include "servers/file/volume.h"

namespace file {

// The journal is a file without a name.
base::Result<std::vector<uint32_t>> Volume::journal_blocks() {
  const ext2_ino_t number = fs_->super->s_journal_inum;
  if (number == 0) return base::Error(EOPNOTSUPP);
  Inode inode = TRY(load(number));
  const uint64_t count = inode.size() / fs_->blocksize;
  if (count > ext2fs_blocks_count(fs_->super)) return base::Error(EIO);
  std::vector<uint32_t> blocks;
  for (uint64_t at = 0; at < count; ++at) {
    const blk64_t block = TRY(map(inode, at));
    if (block == 0 || block > UINT32_MAX) return base::Error(EIO);
    blocks.push_back(static_cast<uint32_t>(block));
  }
  return blocks;
}

base::Status Volume::open_journal() {
  const bool needed = ext2fs_has_feature_journal_needs_recovery(fs_->super) != 0;
  journal_ = TRY(Journal::open(device_, fs_->blocksize, TRY(journal_blocks())));
  if (needed) return recover();
  // Without the mark the log's contents are not this file system's.
  if (journal_->needs_replay() && !options_.read_only) return journal_->end();
  return {};
}

// Also before mounting read-only: nobody could make sense of the medium otherwise.
base::Status Volume::recover() {
  TRY(journal_->replay(ext2fs_blocks_count(fs_->super)));
  ext2fs_free(fs_);
  fs_ = nullptr;
  cache_.clear();
  TRY(open_structures());
  recovered_ = true;
  return mark_recovery(false);
}

// Whether a mount has to look into the log. The mark is there before the log is in use, and goes after
// the log is marked as empty.
base::Status Volume::mark_recovery(bool needed) {
  if (!needed && marked_) TRY(journal_->end());
  if (needed) {
    ext2fs_set_feature_journal_needs_recovery(fs_->super);
  } else {
    ext2fs_clear_feature_journal_needs_recovery(fs_->super);
  }
  const auto features = ext2fs_cpu_to_le32(fs_->super->s_feature_incompat);
  uint8_t bytes[sizeof(features)];
  std::memcpy(bytes, &features, sizeof(features));
  TRY(cache_.patch(SUPERBLOCK_OFFSET + offsetof(ext2_super_block, s_feature_incompat), bytes));
  TRY(device_.flush());
  if (needed) {
    TRY(journal_->begin());
    max_transaction_ = std::min<size_t>(journal_->log_size() / 4, cache_.capacity() / 2);
  }
  marked_ = needed;
  return {};
}

base::Status Volume::stage_bitmap(blk64_t block, std::vector<uint8_t>& bits, size_t used) {
  // Behind the group's last block or inode the bits are set.
  bits.resize(fs_->blocksize, 0xff);
  for (size_t bit = used; bit < size_t{fs_->blocksize} * 8; ++bit) {
    if (bit % 8 == 0) break;  // the rest is whole bytes, set above
    bits[bit / 8] = static_cast<uint8_t>(bits[bit / 8] | 1u << bit % 8);
  }
  return cache_.write_bytes(block * fs_->blocksize, bits);
}

base::Status Volume::stage_group(dgrp_t group) {
  const blk64_t first = ext2fs_group_first_block2(fs_, group);
  const auto blocks = static_cast<size_t>(ext2fs_group_last_block2(fs_, group) - first + 1);
  std::vector<uint8_t> bits((blocks + 7) / 8);
  TRY(status_of(ext2fs_get_block_bitmap_range2(fs_->block_map, first, blocks, bits.data())));
  TRY(stage_bitmap(ext2fs_block_bitmap_loc(fs_, group), bits, blocks));
  const size_t inodes = fs_->super->s_inodes_per_group;
  bits.assign((inodes + 7) / 8, 0);
  const auto first_inode = ext2_ino_t{1} + group * fs_->super->s_inodes_per_group;
  TRY(status_of(ext2fs_get_inode_bitmap_range2(fs_->inode_map, first_inode, inodes, bits.data())));
  TRY(stage_bitmap(ext2fs_inode_bitmap_loc(fs_, group), bits, inodes));
  ext2fs_group_desc_csum_set(fs_, group);

  const auto per_block = static_cast<dgrp_t>(EXT2_DESC_PER_BLOCK(fs_->super));
  const dgrp_t index = group / per_block;
  const blk64_t home = ext2fs_descriptor_block_loc2(fs_, fs_->super->s_first_data_block, index);
  const auto* descriptors =
      reinterpret_cast<const uint8_t*>(fs_->group_desc) + size_t{index} * fs_->blocksize;
  return cache_.write_bytes(home * fs_->blocksize, {descriptors, fs_->blocksize});
}

// Brings into the cache what libext2fs keeps in structures of its own. Backup superblocks are for
// repair; rewriting them buys nothing.
base::Status Volume::stage() {
  while (!changed_groups_.empty()) {
    TRY(stage_group(*changed_groups_.begin()));
    changed_groups_.erase(changed_groups_.begin());
  }
  if ((fs_->flags & EXT2_FLAG_DIRTY) == 0) return {};
  fs_->super->s_wtime = static_cast<uint32_t>(now().seconds);
  const auto* bytes = reinterpret_cast<const uint8_t*>(fs_->super);
  TRY(cache_.write_bytes(SUPERBLOCK_OFFSET, {bytes, SUPERBLOCK_SIZE}));
  fs_->flags &= ~(EXT2_FLAG_DIRTY | EXT2_FLAG_BB_DIRTY | EXT2_FLAG_IB_DIRTY);
  return {};
}

base::Status Volume::commit() {
  if (aborted_) return base::Error(EIO);
  settle_data();
  TRY(stage());
  if (cache_.dirty_blocks() == 0 && revoked_.empty()) {
    if (data_written_) TRY(device_.flush());
    data_written_ = false;
    return {};
  }
  const std::vector<BlockCache::Block> blocks = cache_.dirty();
  for (const BlockCache::Block& block : blocks) {
    revoked_.erase(static_cast<uint32_t>(block.number));
  }
  const std::vector<uint32_t> revoked(revoked_.begin(), revoked_.end());
  const base::Status written = journal_->commit(blocks, revoked, now().seconds);
  if (written.code() == EROFS || written.code() == ENOSPC) {
    abort("the journal cannot be written");
    return base::Error(EIO);
  }
  TRY(written);
  ++transaction_;
  cache_.committed();
  revoked_.clear();
  data_written_ = false;
  for (const Run& run : freed_) {
    ext2fs_unmark_block_bitmap_range2(busy_, run.block, static_cast<unsigned>(run.count));
  }
  freed_.clear();
  freed_count_ = 0;
  // The next transaction finds room.
  if (journal_->room() < journal_->log_size() / 2) return checkpoint();
  return {};
}

// Everything that has been committed goes home. Nothing is dirty.
base::Status Volume::checkpoint() {
  TRY(cache_.write_home());
  return journal_->retire();
}

void Volume::abort(const char* why) {
  if (journal_ == nullptr || std::exchange(aborted_, true)) return;
  std::printf("file: %s: no more changes to this file system\n", why);
}

}  // namespace file
