// Volume: an ext2 file system on a block device, operated inode by inode.
#pragma once

#include "servers/file/libext2fs.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "servers/file/block_cache.h"
#include "servers/file/inode.h"

namespace file {

struct VolumeOptions {
  bool read_only = false;
  uint32_t cache_blocks = BlockCache::kDefaultCapacity;
  // Wall-clock time for the stamps in inodes and superblock.
  std::function<Time()> clock;
};

struct VolumeStats {
  uint32_t block_size;
  uint64_t blocks, free_blocks, available_blocks;
  uint64_t inodes, free_inodes;
};

// Everything here concerns the medium only: no names beyond directory blocks, no permissions, no
// caching of file data. Errors are errno values: EIO from the device or a damaged structure,
// ENOSPC, EROFS, EFBIG. Not synchronised: the file system above holds its lock.
//
// While it holds changes that are not on the medium the superblock there says "not clean"; sync()
// makes it clean again, except when inodes without a name are still in use.
class Volume {
 public:
  static constexpr ext2_ino_t kRootInode = EXT2_ROOT_INO;
  // The largest file: memory objects are addressed with 32 bits.
  static constexpr uint64_t kMaxFileSize = 0xfffff000;

  // The device must outlive the volume. EINVAL: not ext2; EOPNOTSUPP: features unknown here.
  static base::Result<std::unique_ptr<Volume>> mount(BlockDevice& device, VolumeOptions options);
  Volume(const Volume&) = delete;
  Volume& operator=(const Volume&) = delete;
  // Syncs as well as it can.
  ~Volume();

  [[nodiscard]] uint32_t block_size() const { return fs_->blocksize; }
  [[nodiscard]] bool read_only() const { return options_.read_only; }
  // Whether the volume was marked clean when it was mounted.
  [[nodiscard]] bool was_clean() const { return was_clean_; }
  [[nodiscard]] bool has_file_types() const;
  [[nodiscard]] VolumeStats stats() const;
  [[nodiscard]] std::string label() const;
  [[nodiscard]] Time now() const;

  // Must succeed before anything is changed: EROFS, or EIO when the mark cannot be written.
  base::Status begin_change();
  // Writes all changes and, when the file system is consistent so, the clean mark.
  base::Status sync();
  // sync(), then no more changes.
  base::Status shut_down();

  // Inodes. load() answers EIO for a number that no directory should hold.
  base::Result<Inode> load(ext2_ino_t number);
  base::Status store(Inode& inode);
  // A fresh inode with no links, near `parent`; it is on the orphan set until someone links it.
  base::Result<Inode> allocate(const Inode& parent, uint32_t mode, uint32_t uid, uint32_t gid);
  // Frees blocks and inode. The inode must have no links.
  base::Status free(Inode& inode);
  // Tells that the inode has no name but is in use, or not any more.
  void set_orphan(ext2_ino_t number, bool orphan);

  // The device block of a file block; 0 for a hole.
  base::Result<blk64_t> map(Inode& inode, uint64_t file_block);
  // As map(), giving a hole a block. The new block's contents on the medium are undefined: the
  // caller writes all of it. Stores the inode.
  base::Result<blk64_t> map_or_allocate(Inode& inode, uint64_t file_block);
  // Frees the blocks from `first` on. Stores the inode.
  base::Status free_blocks_from(Inode& inode, uint64_t first);
  // Changes the size field only. EFBIG.
  base::Status set_size(Inode& inode, uint64_t size);

  // Room promised to data that is still in memory. ENOSPC.
  base::Status reserve(uint64_t blocks);
  void unreserve(uint64_t blocks);

  // Blocks of file data, and of directories (kept in the cache).
  base::Status read_data(blk64_t block, std::span<uint8_t> data);
  base::Status write_data(blk64_t block, std::span<const uint8_t> data);
  base::Status read_directory_block(const Inode& dir, blk64_t block, std::span<uint8_t> data);
  base::Status write_directory_block(const Inode& dir, blk64_t block, std::span<uint8_t> data);
  // The first block of a new directory: `.` and `..`.
  base::Status init_directory(Inode& dir, ext2_ino_t parent);

  ext2_filsys ext2() { return fs_; }

 private:
  Volume(BlockDevice& device, VolumeOptions options)
      : options_(std::move(options)), cache_(device, options_.cache_blocks) {}
  base::Status open();
  base::Status check_features() const;
  base::Status write_state(bool clean);
  [[nodiscard]] uint64_t metadata_slack(uint64_t blocks) const;

  VolumeOptions options_;
  BlockCache cache_;
  ext2_filsys fs_ = nullptr;
  bool clean_on_disk_ = false;
  bool was_clean_ = false;  // at mount; a volume that was not stays marked until checked
  uint64_t reserved_ = 0;
  std::set<ext2_ino_t> orphans_;
  std::vector<char> map_buffer_;  // two blocks, scratch of libext2fs
  uint32_t next_generation_ = 0;
};

}  // namespace file
