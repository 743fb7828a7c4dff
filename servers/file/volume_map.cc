// Volume: from file blocks to device blocks, through the tree of indirect blocks. libext2fs does the
// same, but copies a whole indirect block for every step, and zeroes and stores what it allocates.
#include <cerrno>
#include <cstring>

#include "servers/file/errors.h"
#include "servers/file/volume.h"

namespace file {
namespace {

constexpr unsigned kMaxDepth = 3;

// Where the number of a file block's device block is kept: in the inode, or `depth` indirect blocks away.
struct BlockPlace {
  uint32_t root = 0;  // index in i_block
  unsigned depth = 0;
  uint32_t index[kMaxDepth] = {};
};

// False: files do not get that long.
bool find_place(uint64_t block, uint64_t numbers_per_block, BlockPlace& place) {
  if (block < EXT2_NDIR_BLOCKS) {
    place.root = static_cast<uint32_t>(block);
    return true;
  }
  block -= EXT2_NDIR_BLOCKS;
  uint64_t reach = numbers_per_block;
  for (unsigned depth = 1; depth <= kMaxDepth; ++depth, reach *= numbers_per_block) {
    if (block >= reach) {
      block -= reach;
      continue;
    }
    place.root = EXT2_NDIR_BLOCKS + depth - 1;
    place.depth = depth;
    for (unsigned i = depth; i-- > 0; block /= numbers_per_block) {
      place.index[i] = static_cast<uint32_t>(block % numbers_per_block);
    }
    return true;
  }
  return false;
}

bool has_extents(const Inode& inode) { return (inode.raw.i_flags & EXT4_EXTENTS_FL) != 0; }

}  // namespace

base::Result<blk64_t> Volume::check_block(blk64_t block) const {
  if (block >= ext2fs_blocks_count(fs_->super)) return base::Error(EIO);
  return block;
}

base::Result<blk64_t> Volume::map(Inode& inode, uint64_t file_block) {
  if (has_extents(inode)) return map_by_library(inode, file_block);
  BlockPlace place;
  if (!find_place(file_block, fs_->blocksize / sizeof(uint32_t), place)) return base::Error(EFBIG);
  blk64_t block = inode.raw.i_block[place.root];
  for (unsigned i = 0; i < place.depth && block != 0; ++i) {
    block = TRY(cache_.number(TRY(check_block(block)), place.index[i]));
  }
  return check_block(block);
}

base::Result<blk64_t> Volume::map_by_library(Inode& inode, uint64_t file_block) {
  blk64_t block = 0;
  int flags = 0;
  TRY(status_of(ext2fs_bmap2(fs_, inode.number, inode.base(), map_buffer_.data(), 0, file_block,
                             &flags, &block)));
  if ((flags & BMAP_RET_UNINIT) != 0) return blk64_t{0};
  return check_block(block);
}

base::Result<blk64_t> Volume::map_or_allocate(Inode& inode, uint64_t file_block, Use use) {
  if (const blk64_t present = TRY(map(inode, file_block)); present != 0) return present;
  TRY(begin_change());
  const blk64_t block = TRY(fill_hole(inode, file_block, use));
  TRY(store_filled(inode));
  return block;
}

base::Status Volume::store_filled(Inode& inode) {
  const base::Status stored = store(inode);
  if (stored.code() == EIO) abort("a block map was left half-way");
  return stored;
}

base::Result<blk64_t> Volume::fill_hole(Inode& inode, uint64_t file_block, Use use) {
  BlockPlace place;
  if (has_extents(inode) ||
      !find_place(file_block, fs_->blocksize / sizeof(uint32_t), place)) {
    return fill_hole_by_library(inode, file_block, use);
  }
  if (place.depth == 0) return fill_in_inode(inode, place.root, use);
  blk64_t holder = inode.raw.i_block[place.root];
  for (unsigned i = 0; i + 1 < place.depth && holder != 0; ++i) {
    holder = TRY(cache_.number(TRY(check_block(holder)), place.index[i]));
  }
  // Indirect blocks that are missing come from the library.
  if (holder == 0) return fill_hole_by_library(inode, file_block, use);
  return fill_in_block(inode, TRY(check_block(holder)), place.index[place.depth - 1], use);
}

base::Result<blk64_t> Volume::fill_hole_by_library(Inode& inode, uint64_t file_block, Use use) {
  const uint64_t before = cache_.changes();
  blk64_t block = 0;
  int flags = 0;
  use_ = use;
  base::Status done = status_of(ext2fs_bmap2(fs_, inode.number, inode.base(), map_buffer_.data(),
                                             BMAP_ALLOC, file_block, &flags, &block));
  use_ = Use::kData;
  if (done.ok() && (block == 0 || check_block(block).code() != 0)) done = base::Error(EIO);
  if (done.code() == EIO && cache_.changes() != before) abort("a block map was left half-way");
  if (!done.ok()) return done.error();
  return block;
}

base::Result<blk64_t> Volume::fill_in_inode(Inode& inode, uint32_t at, Use use) {
  const blk64_t before = at != 0 ? inode.raw.i_block[at - 1] : 0;
  const blk64_t block = TRY(take_block(inode, before, use));
  inode.raw.i_block[at] = static_cast<uint32_t>(block);
  return block;
}

base::Result<blk64_t> Volume::fill_in_block(Inode& inode, blk64_t holder, uint32_t at, Use use) {
  const blk64_t before = at != 0 ? TRY(cache_.number(holder, at - 1)) : holder;
  const blk64_t block = TRY(take_block(inode, before, use));
  const auto number = static_cast<uint32_t>(block);
  uint8_t bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  const base::Status written =
      cache_.write_bytes(holder * fs_->blocksize + at * sizeof number, bytes);
  if (written.ok()) return block;
  ext2fs_block_alloc_stats2(fs_, block, -1);
  (void)ext2fs_iblk_sub_blocks(fs_, inode.base(), 1);
  return written.error();
}

// A free block for the inode, best behind `before` (0: near the inode).
base::Result<blk64_t> Volume::take_block(Inode& inode, blk64_t before, Use use) {
  const blk64_t goal =
      before != 0 ? before + 1 : ext2fs_find_inode_goal(fs_, inode.number, inode.base(), 0);
  blk64_t block = 0;
  use_ = use;
  const base::Status picked = status_of(pick_block(fs_, goal, &block));
  use_ = Use::kData;
  if (!picked.ok()) return picked.error();
  TRY(check_block(block));
  ext2fs_block_alloc_stats2(fs_, block, +1);
  TRY(status_of(ext2fs_iblk_add_blocks(fs_, inode.base(), 1)));
  return block;
}

}  // namespace file
