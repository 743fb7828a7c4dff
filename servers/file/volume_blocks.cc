// Volume: which blocks are free, and the transfer of their contents.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "servers/file/errors.h"
#include "servers/file/volume.h"

namespace file {

// What cannot be allocated now.
ext2fs_block_bitmap Volume::taken() const { return busy_ != nullptr ? busy_ : fs_->block_map; }

// libext2fs asks for a block.
errcode_t Volume::pick_block(ext2_filsys fs, blk64_t goal, blk64_t* block) {
  auto& volume = *static_cast<Volume*>(fs->priv_data);
  if (volume.use_ == Use::kMetadata && volume.free_now() <= volume.reserved_) {
    volume.release_rooms();
    if (volume.free_now() <= volume.reserved_) return EXT2_ET_BLOCK_ALLOC_FAIL;
  }
  return ext2fs_new_block2(fs, goal, volume.taken(), block);
}

// Free blocks for the inode, neighbours, best behind `before` (0: near the inode).
base::Result<Volume::Run> Volume::take_blocks(Inode& inode, blk64_t before, uint64_t count,
                                              Use use) {
  const blk64_t goal =
      before != 0 ? before + 1 : ext2fs_find_inode_goal(fs_, inode.number, inode.base(), 0);
  blk64_t block = 0;
  use_ = use;
  const base::Status picked = status_of(pick_block(fs_, goal, &block));
  use_ = Use::kData;
  if (!picked.ok()) return picked.error();
  TRY(check_block(block));
  // Metadata may not take what is reserved, which has been asked for one block.
  if (use == Use::kMetadata) count = 1;
  const dgrp_t group = ext2fs_group_of_blk2(fs_, block);
  const blk64_t end = std::min(block + count, ext2fs_group_last_block2(fs_, group) + 1);
  blk64_t next = end;
  const errcode_t none = ext2fs_find_first_set_block_bitmap2(taken(), block, end - 1, &next);
  if (none != 0 && none != ENOENT) return base::Error(EIO);
  const Run run{block, next - block};
  TRY(status_of(ext2fs_iblk_add_blocks(fs_, inode.base(), run.count)));
  // libext2fs tells of each block, but not of ranges.
  ext2fs_block_alloc_stats_range(fs_, block, static_cast<blk_t>(run.count), +1);
  changed_groups_.insert(group);
  if (busy_ != nullptr) {
    ext2fs_mark_block_bitmap_range2(busy_, block, static_cast<unsigned>(run.count));
  }
  return run;
}

void Volume::give_back(Inode& inode, const Run& run) {
  for (uint64_t i = 0; i < run.count; ++i) ext2fs_block_alloc_stats2(fs_, run.block + i, -1);
  (void)ext2fs_iblk_sub_blocks(fs_, inode.base(), run.count);
}

// libext2fs has taken or freed a block.
void Volume::block_changed(ext2_filsys fs, blk64_t block, int in_use) {
  auto& volume = *static_cast<Volume*>(fs->priv_data);
  volume.changed_groups_.insert(ext2fs_group_of_blk2(fs, block));
  if (in_use < 0) volume.cache_.discard(block, 1);
  if (volume.journal_ == nullptr) return;
  if (in_use > 0) {
    ext2fs_mark_block_bitmap2(volume.busy_, block);
    return;
  }
  volume.block_freed(block);
}

void Volume::block_freed(blk64_t block) {
  ++freed_count_;
  if (!freed_.empty() && freed_.back().block + freed_.back().count == block) {
    ++freed_.back().count;
  } else {
    freed_.push_back({block, 1});
  }
  const auto number = static_cast<uint32_t>(block);
  if (journal_->has(number)) revoked_.insert(number);
}

// However large the file, one transaction takes it: indirect blocks that go are not written.
base::Status Volume::free_blocks_from(Inode& inode, uint64_t first) {
  TRY(begin_change());
  if (ext2fs_inode_has_valid_blocks2(fs_, inode.base()) != 0) {
    TRY(status_of(
        ext2fs_punch(fs_, inode.number, inode.base(), map_buffer_.data(), first, ~0ULL)));
  }
  return store(inode);
}

base::Result<uint64_t> Volume::reserve(uint64_t count, uint64_t blocks) {
  const auto fits = [&] {
    const uint64_t wanted = reserved_ + count * blocks;
    return wanted + metadata_slack(wanted) <= free_now();
  };
  if (!fits()) release_rooms();
  if (!fits() && freed_count_ != 0) TRY(commit());
  while (count > 0 && !fits()) --count;
  if (count == 0) return base::Error(ENOSPC);
  reserved_ += count * blocks;
  return count;
}

void Volume::release_rooms() {
  if (release_rooms_) release_rooms_();
}

void Volume::unreserve(uint64_t blocks) { reserved_ -= std::min(blocks, reserved_); }

// Blocks that can be allocated before the next commit.
uint64_t Volume::free_now() const {
  const uint64_t free = ext2fs_free_blocks_count(fs_->super);
  return free > freed_count_ ? free - freed_count_ : 0;
}

// Indirect blocks that the data may need.
uint64_t Volume::metadata_slack(uint64_t blocks) const {
  if (blocks == 0) return 0;
  return (blocks >> (block_bits() - 2)) + 4;
}

base::Status Volume::set_size(Inode& inode, uint64_t size) {
  if (size > kMaxFileSize) return base::Error(EFBIG);
  return status_of(ext2fs_inode_size_set(fs_, inode.base(), static_cast<ext2_off64_t>(size)));
}

base::Status Volume::read_data(blk64_t block, std::span<uint8_t> data) {
  return cache_.read_through(block, data);
}

bool Volume::start_write_data(DataWrite data) {
  auto write = cache_.start_write_through(data.block, data.pages);
  if (write == nullptr) return false;
  data_written_ = true;
  started_.push_back({std::move(write), data.inode, std::move(data.failed)});
  if (started_.size() > kMostStarted) settle_oldest_data();
  return true;
}

void Volume::settle_oldest_data() {
  const StartedWrite oldest = std::move(started_.front());
  started_.pop_front();
  if (const base::Status status = oldest.write->finish(); !status.ok()) oldest.failed(status.code());
}

void Volume::settle_data() {
  while (!started_.empty()) settle_oldest_data();
}

void Volume::settle_data(ext2_ino_t inode) {
  while (std::ranges::find(started_, inode, &StartedWrite::inode) != started_.end()) settle_oldest_data();
}

std::unique_ptr<PendingRead> Volume::start_read_data(blk64_t block, size_t size) {
  return cache_.start_read_through(block, size);
}

base::Status Volume::write_data(blk64_t block, std::span<const uint8_t> data) {
  data_written_ = true;
  return cache_.write_through(block, data);
}

base::Status Volume::read_directory_block(const Inode& dir, blk64_t block,
                                          std::span<uint8_t> data) {
  ++directory_reads_;
  return status_of(ext2fs_read_dir_block4(fs_, block, data.data(), 0, dir.number));
}

base::Status Volume::write_directory_block(const Inode& dir, blk64_t block,
                                           std::span<uint8_t> data) {
  TRY(begin_change());
  return status_of(ext2fs_write_dir_block4(fs_, block, data.data(), 0, dir.number));
}

base::Status Volume::init_directory(Inode& dir, ext2_ino_t parent) {
  const blk64_t block = TRY(map_or_allocate(dir, 0, Use::kMetadata));
  char* data = nullptr;
  TRY(status_of(ext2fs_new_dir_block(fs_, dir.number, parent, &data)));
  const auto written = write_directory_block(
      dir, block, {reinterpret_cast<uint8_t*>(data), size_t{fs_->blocksize}});
  ext2fs_free_mem(&data);
  TRY(written);
  TRY(set_size(dir, fs_->blocksize));
  return store(dir);
}

}  // namespace file
