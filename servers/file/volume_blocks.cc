// Volume: from file blocks to device blocks, and the transfer of their contents.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "servers/file/errors.h"
#include "servers/file/volume.h"

namespace file {

base::Result<blk64_t> Volume::map(Inode& inode, uint64_t file_block) {
  blk64_t block = 0;
  int flags = 0;
  TRY(status_of(ext2fs_bmap2(fs_, inode.number, inode.base(), map_buffer_.data(), 0, file_block,
                             &flags, &block)));
  if ((flags & BMAP_RET_UNINIT) != 0) return blk64_t{0};
  if (block >= ext2fs_blocks_count(fs_->super)) return base::Error(EIO);
  return block;
}

base::Result<blk64_t> Volume::map_or_allocate(Inode& inode, uint64_t file_block) {
  if (const blk64_t present = TRY(map(inode, file_block)); present != 0) return present;
  TRY(begin_change());
  blk64_t block = 0;
  int flags = 0;
  TRY(status_of(ext2fs_bmap2(fs_, inode.number, inode.base(), map_buffer_.data(), BMAP_ALLOC,
                             file_block, &flags, &block)));
  if (block == 0 || block >= ext2fs_blocks_count(fs_->super)) return base::Error(EIO);
  TRY(store(inode));
  return block;
}

base::Status Volume::free_blocks_from(Inode& inode, uint64_t first) {
  TRY(begin_change());
  if (!ext2fs_inode_has_valid_blocks2(fs_, inode.base())) return {};
  TRY(status_of(ext2fs_punch(fs_, inode.number, inode.base(), map_buffer_.data(), first, ~0ULL)));
  return store(inode);
}

base::Status Volume::set_size(Inode& inode, uint64_t size) {
  if (size > kMaxFileSize) return base::Error(EFBIG);
  return status_of(ext2fs_inode_size_set(fs_, inode.base(), static_cast<ext2_off64_t>(size)));
}

base::Status Volume::read_data(blk64_t block, std::span<uint8_t> data) {
  return cache_.read_through(block, data);
}

base::Status Volume::write_data(blk64_t block, std::span<const uint8_t> data) {
  return cache_.write_through(block, data);
}

base::Status Volume::read_directory_block(const Inode& dir, blk64_t block,
                                          std::span<uint8_t> data) {
  return status_of(ext2fs_read_dir_block4(fs_, block, data.data(), 0, dir.number));
}

base::Status Volume::write_directory_block(const Inode& dir, blk64_t block,
                                           std::span<uint8_t> data) {
  TRY(begin_change());
  return status_of(ext2fs_write_dir_block4(fs_, block, data.data(), 0, dir.number));
}

base::Status Volume::init_directory(Inode& dir, ext2_ino_t parent) {
  const blk64_t block = TRY(map_or_allocate(dir, 0));
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
