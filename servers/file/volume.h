// Volume: an ext2 file system on a block device, operated inode by inode.
#pragma once

#include "servers/file/libext2fs.h"

#include <cerrno>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "libs/base/result.h"
#include "servers/file/block_cache.h"
#include "servers/file/directory_index.h"
#include "servers/file/inode.h"
#include "servers/file/journal.h"

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
// With a journal (ext3) changes gather in a transaction that sync() commits. A transaction may be
// committed whenever an operation begins and whenever the lock above is given up: at these points
// the structures agree with each other. File data go to their blocks directly, before the commit
// that makes the blocks the file's; freed blocks are not used again before the commit that frees
// them. When a commit cannot be finished, or an operation fails half-way, no more changes are
// accepted: the medium keeps the last committed state.
//
// Without a journal (ext2) the superblock says "not clean" while changes are not on the medium;
// sync() makes it clean again, except when inodes without a name are still in use.
class Volume {
 public:
  static constexpr ext2_ino_t kRootInode = EXT2_ROOT_INO;
  // The largest file: memory objects are addressed with 32 bits, and the end of the last window on
  // one (1 MiB here and in clients) is such an address.
  static constexpr uint64_t kMaxFileSize = 0xfff00000;
  // A page: what is read and written has whole blocks.
  static constexpr uint32_t kMaxBlockSize = 4096;

  // The device must outlive the volume. EINVAL: not ext2; EOPNOTSUPP: features unknown here, or
  // larger blocks.
  static base::Result<std::unique_ptr<Volume>> mount(BlockDevice& device, VolumeOptions options);
  Volume(const Volume&) = delete;
  Volume& operator=(const Volume&) = delete;
  // Syncs as well as it can.
  ~Volume();

  [[nodiscard]] uint32_t block_size() const { return fs_->blocksize; }
  // Its logarithm.
  [[nodiscard]] unsigned block_bits() const { return EXT2_BLOCK_SIZE_BITS(fs_->super); }
  [[nodiscard]] bool read_only() const { return options_.read_only; }
  // Whether the volume was marked clean when it was mounted.
  [[nodiscard]] bool was_clean() const { return was_clean_; }
  // Whether the journal had to be replayed when it was mounted.
  [[nodiscard]] bool recovered() const { return recovered_; }
  [[nodiscard]] bool has_file_types() const;
  // `spare`: how many of the reserved blocks count as free, for they are given back when somebody needs them.
  [[nodiscard]] VolumeStats stats(uint64_t spare = 0) const;
  [[nodiscard]] std::string label() const;
  [[nodiscard]] std::string_view device_name() const { return device_.name(); }
  [[nodiscard]] Time now() const;

  // Must succeed before anything is changed: EROFS, or EIO when the mark cannot be written.
  base::Status begin_change();
  // As begin_change(), at a point where the structures agree with each other: commits first when
  // the transaction is large or blocks it freed are needed.
  base::Status begin_operation();
  // begin_operation() and `f`, which returns a Status or Result and may not fail with EIO once it
  // has changed something: then the volume becomes read-only.
  template <typename F>
  auto operate(F f) -> decltype(f());
  // Makes all changes durable.
  base::Status sync();
  // sync(), everything home, marked clean; then no more changes.
  base::Status shut_down();
  // Whether a failure has ended all changes.
  [[nodiscard]] bool aborted() const { return aborted_; }
  [[nodiscard]] bool has_journal() const { return journal_ != nullptr; }
  // Counts commits.
  [[nodiscard]] uint32_t transaction() const { return transaction_; }

  // Inodes. load() answers EIO for a number that no directory should hold.
  base::Result<Inode> load(ext2_ino_t number);
  base::Status store(Inode& inode);
  // A fresh inode with no links, near `parent`. Within the same operation somebody says named() or
  // frees it.
  base::Result<Inode> allocate(const Inode& parent, uint32_t mode, uint32_t uid, uint32_t gid);
  void named(ext2_ino_t number) { fresh_.erase(number); }
  // Frees blocks and inode. The inode must have no links.
  base::Status free(Inode& inode);
  // Puts an inode on the list of those to be freed (or, with links, cut to their size) at the next
  // mount if this one ends without doing it. Before the store() that takes the last link.
  void add_orphan(ext2_ino_t number);
  base::Status remove_orphan(ext2_ino_t number);

  // Neighbours on the device, or a hole (0) of that many blocks.
  struct Run {
    blk64_t block;
    uint64_t count;
  };
  // What device blocks the file blocks from `file_block` on have: at least one of them, at most
  // `max`. A run ends early where the next number is kept in another indirect block.
  base::Result<Run> map_run(Inode& inode, uint64_t file_block, uint64_t max);
  // The device block of a file block; 0 for a hole.
  base::Result<blk64_t> map(Inode& inode, uint64_t file_block);
  // As map(), giving a hole a block. The new block's contents on the medium are undefined: the
  // caller writes all of it. Stores the inode. Room that was reserved is for data only.
  enum class Use { kData, kMetadata };
  base::Result<blk64_t> map_or_allocate(Inode& inode, uint64_t file_block, Use use);
  // The same for what map_run() has said to be a hole, between begin_change() and the caller's
  // store_filled(). Gives its beginning blocks, from one to `count`.
  base::Result<Run> fill_hole(Inode& inode, uint64_t file_block, uint64_t count, Use use);
  // store() of an inode that has got blocks. If that fails with EIO nothing more is changed.
  base::Status store_filled(Inode& inode);
  // Takes back what fill_hole() gave at `file_block`. The inode is not stored.
  base::Status empty(Inode& inode, uint64_t file_block, const Run& run);
  // Frees the blocks from `first` on. Stores the inode.
  base::Status free_blocks_from(Inode& inode, uint64_t first);
  // Changes the size field only. EFBIG.
  base::Status set_size(Inode& inode, uint64_t size);

  // Room promised to data that is still in memory, in pieces of so many blocks: how many pieces of
  // `count` there is room for. ENOSPC: for none.
  base::Result<uint64_t> reserve(uint64_t count, uint64_t blocks = 1);
  void unreserve(uint64_t blocks);
  // Called before there is no room: may unreserve(), but change nothing else.
  void on_shortage(std::function<void()> release) { release_rooms_ = std::move(release); }

  // Blocks of file data, and of directories (kept in the cache).
  base::Status read_data(blk64_t block, std::span<uint8_t> data);
  base::Status write_data(blk64_t block, std::span<const uint8_t> data);
  // Whole pages of file data on their way to blocks of `inode`.
  struct DataWrite {
    ext2_ino_t inode = 0;
    blk64_t block = 0;
    std::span<uint8_t> pages;
    // Called when it has gone wrong, at the latest by the commit that would make the blocks the file's: takes them back.
    std::function<void(int error)> failed;
  };
  // Begins to write data if that is possible without waiting for it; the pages' memory goes with it. False: nothing has
  // been done.
  bool start_write_data(DataWrite write);
  // Waits for such data: all of it, or that of one file.
  void settle_data();
  void settle_data(ext2_ino_t inode);
  // BlockDevice::start_read() from a block on.
  std::unique_ptr<PendingRead> start_read_data(blk64_t block, size_t size);
  base::Status read_directory_block(const Inode& dir, blk64_t block, std::span<uint8_t> data);
  base::Status write_directory_block(const Inode& dir, blk64_t block, std::span<uint8_t> data);
  // How many directory blocks have been looked through so far.
  [[nodiscard]] uint64_t directory_reads() const { return directory_reads_; }
  // The first block of a new directory: `.` and `..`.
  base::Status init_directory(Inode& dir, ext2_ino_t parent);

  ext2_filsys ext2() { return fs_; }
  DirectoryIndexes& indexes() { return indexes_; }

 private:
  // Where an inode stands in the orphan list; 0 at the ends. The list on the medium goes from newer
  // to older, from s_last_orphan on through i_dtime.
  struct Orphan {
    ext2_ino_t newer, older;
  };

  struct BlockPlace;

  Volume(BlockDevice& device, VolumeOptions options)
      : device_(device), options_(std::move(options)), cache_(device, options_.cache_blocks) {}
  base::Status open();
  base::Status open_structures();
  base::Status check_features() const;
  base::Status write_state(bool clean);

  // volume_journal.cc
  base::Status open_journal();
  base::Result<std::vector<uint32_t>> journal_blocks();
  base::Status recover();
  base::Status mark_recovery(bool needed);
  base::Status commit();
  base::Status checkpoint();
  base::Status stage();
  base::Status stage_group(dgrp_t group);
  base::Status stage_bitmap(blk64_t block, std::vector<uint8_t>& bits, size_t used);
  void abort(const char* why);
  [[nodiscard]] uint64_t free_now() const;

  // volume_orphans.cc
  base::Status free_orphans_of_crash();
  base::Status free_orphan(ext2_ino_t number);
  base::Status patch_orphan(ext2_ino_t number, ext2_ino_t older);

  // volume_map.cc
  base::Result<blk64_t> check_block(blk64_t block) const;
  base::Result<Run> first_run(std::span<const uint32_t> numbers) const;
  base::Result<blk64_t> holder_of(const Inode& inode, const BlockPlace& place);
  base::Result<Run> map_run_by_library(Inode& inode, uint64_t file_block, uint64_t max);
  base::Result<blk64_t> map_by_library(Inode& inode, uint64_t file_block);
  base::Result<Run> fill_hole_by_library(Inode& inode, uint64_t file_block, Use use);
  base::Result<Run> fill_in_inode(Inode& inode, uint32_t at, uint64_t count, Use use);
  base::Result<Run> fill_in_block(Inode& inode, blk64_t holder, uint32_t at, uint64_t count,
                                  Use use);

  // volume_blocks.cc
  [[nodiscard]] ext2fs_block_bitmap taken() const;
  static errcode_t pick_block(ext2_filsys fs, blk64_t goal, blk64_t* block);
  base::Result<Run> take_blocks(Inode& inode, blk64_t before, uint64_t count, Use use);
  void give_back(Inode& inode, const Run& run);
  static void block_changed(ext2_filsys fs, blk64_t block, int in_use);
  void block_freed(blk64_t block);
  [[nodiscard]] uint64_t metadata_slack(uint64_t blocks) const;

  BlockDevice& device_;
  VolumeOptions options_;
  BlockCache cache_;
  ext2_filsys fs_ = nullptr;
  bool marked_ = false;     // the medium says that it is in use
  bool was_clean_ = false;  // at mount; a volume that was not stays marked until checked
  bool recovered_ = false;
  bool aborted_ = false;
  void release_rooms();
  void settle_oldest_data();

  // The oldest first.
  struct StartedWrite {
    std::unique_ptr<PendingWrite> write;
    ext2_ino_t inode;
    std::function<void(int error)> failed;
  };
  static constexpr size_t kMostStarted = 4;
  std::deque<StartedWrite> started_;

  uint64_t reserved_ = 0;
  std::function<void()> release_rooms_;
  Use use_ = Use::kData;  // of the block being allocated
  std::unordered_map<ext2_ino_t, Orphan> orphans_;
  std::set<ext2_ino_t> fresh_;  // allocated, without links yet

  std::unique_ptr<Journal> journal_;
  uint32_t transaction_ = 1;
  size_t max_transaction_ = 0;               // blocks
  std::set<dgrp_t> changed_groups_;          // bitmaps and descriptors to be staged
  ext2fs_block_bitmap busy_ = nullptr;       // blocks in use, or freed by the transaction
  std::vector<Run> freed_;                   // by the transaction
  uint64_t freed_count_ = 0;                 // blocks in them
  std::set<uint32_t> revoked_;               // freed ones of which the log has copies
  bool data_written_ = false;                // since the device was flushed last
  DirectoryIndexes indexes_;
  uint64_t directory_reads_ = 0;
  std::vector<char> map_buffer_;  // three blocks, scratch of libext2fs
  uint32_t next_generation_ = 0;
};

template <typename F>
auto Volume::operate(F f) -> decltype(f()) {
  TRY(begin_operation());
  const uint64_t before = cache_.changes();
  auto result = f();
  if (result.code() == EIO && cache_.changes() != before) abort("an operation failed half-way");
  return result;
}

}  // namespace file
