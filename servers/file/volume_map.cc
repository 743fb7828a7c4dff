// Volume: from file blocks to device blocks, through the tree of indirect blocks. libext2fs does the
// same, but copies a whole indirect block for every step, and zeroes and stores what it allocates.
#include <algorithm>
#include <cerrno>
#include <numeric>

#include "servers/file/errors.h"
#include "servers/file/volume.h"

namespace file {

// Where the number of a file block's device block is kept: in the inode, or `depth` indirect blocks away.
struct Volume::BlockPlace {
  static constexpr unsigned kMaxDepth = 3;

  // False: files do not get that long. An indirect block has 1 << `bits` numbers.
  bool find(uint64_t block, unsigned bits);
  // In the indirect block that has the number.
  [[nodiscard]] uint32_t last_index() const { return index[depth - 1]; }

  uint32_t root = 0;  // index in i_block
  unsigned depth = 0;
  uint32_t index[kMaxDepth] = {};
};

bool Volume::BlockPlace::find(uint64_t block, unsigned bits) {
  if (block < EXT2_NDIR_BLOCKS) {
    root = static_cast<uint32_t>(block);
    return true;
  }
  block -= EXT2_NDIR_BLOCKS;
  for (depth = 1; depth <= kMaxDepth; ++depth) {
    const uint64_t reach = uint64_t{1} << (depth * bits);
    if (block >= reach) {
      block -= reach;
      continue;
    }
    root = EXT2_NDIR_BLOCKS + depth - 1;
    for (unsigned i = depth; i-- > 0; block >>= bits) {
      index[i] = static_cast<uint32_t>(block) & ((1u << bits) - 1);
    }
    return true;
  }
  return false;
}

namespace {

constexpr unsigned kNumberBits = 2;  // sizeof(uint32_t)

bool has_extents(const Inode& inode) { return (inode.raw.i_flags & EXT4_EXTENTS_FL) != 0; }

}  // namespace

base::Result<blk64_t> Volume::check_block(blk64_t block) const {
  if (block >= ext2fs_blocks_count(fs_->super)) return base::Error(EIO);
  return block;
}

base::Result<blk64_t> Volume::map(Inode& inode, uint64_t file_block) {
  return TRY(map_run(inode, file_block, 1)).block;
}

base::Result<Volume::Run> Volume::map_run(Inode& inode, uint64_t file_block, uint64_t max) {
  if (has_extents(inode)) return map_run_by_library(inode, file_block, max);
  BlockPlace place;
  if (!place.find(file_block, block_bits() - kNumberBits)) return base::Error(EFBIG);
  std::span<const uint32_t> numbers;
  if (place.depth == 0) {
    numbers = std::span(inode.raw.i_block).first(EXT2_NDIR_BLOCKS).subspan(place.root);
  } else if (const blk64_t holder = TRY(holder_of(inode, place)); holder != 0) {
    numbers = TRY(cache_.numbers(holder)).subspan(place.last_index());
  } else {
    return Run{0, std::min<uint64_t>(max, (block_size() >> kNumberBits) - place.last_index())};
  }
  return first_run(numbers.first(static_cast<size_t>(std::min<uint64_t>(max, numbers.size()))));
}

base::Result<Volume::Run> Volume::first_run(std::span<const uint32_t> numbers) const {
  const uint32_t first = numbers[0];
  const uint32_t step = first == 0 ? 0 : 1;
  uint32_t count = 1;
  while (count < numbers.size() && numbers[count] == first + count * step) ++count;
  TRY(check_block(first));
  TRY(check_block(blk64_t{first} + (count - 1) * step));
  return Run{first, count};
}

// The indirect block that has the number; 0: there is none.
base::Result<blk64_t> Volume::holder_of(const Inode& inode, const BlockPlace& place) {
  blk64_t holder = inode.raw.i_block[place.root];
  for (unsigned i = 0; i + 1 < place.depth && holder != 0; ++i) {
    holder = TRY(cache_.numbers(TRY(check_block(holder))))[place.index[i]];
  }
  return check_block(holder);
}

base::Result<Volume::Run> Volume::map_run_by_library(Inode& inode, uint64_t file_block,
                                                     uint64_t max) {
  Run run{TRY(map_by_library(inode, file_block)), 1};
  for (; run.count < max; ++run.count) {
    const blk64_t next = run.block == 0 ? 0 : run.block + run.count;
    if (TRY(map_by_library(inode, file_block + run.count)) != next) break;
  }
  return run;
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
  const Run filled = TRY(fill_hole(inode, file_block, 1, use));
  TRY(store_filled(inode));
  return filled.block;
}

base::Status Volume::store_filled(Inode& inode) {
  const base::Status stored = store(inode);
  if (stored.code() == EIO) abort("a block map was left half-way");
  return stored;
}

base::Result<Volume::Run> Volume::fill_hole(Inode& inode, uint64_t file_block, uint64_t count,
                                            Use use) {
  BlockPlace place;
  if (has_extents(inode) || !place.find(file_block, block_bits() - kNumberBits)) {
    return fill_hole_by_library(inode, file_block, use);
  }
  if (place.depth == 0) return fill_in_inode(inode, place.root, count, use);
  const blk64_t holder = TRY(holder_of(inode, place));
  // Indirect blocks that are missing come from the library.
  if (holder == 0) return fill_hole_by_library(inode, file_block, use);
  return fill_in_block(inode, holder, place.last_index(), count, use);
}

base::Result<Volume::Run> Volume::fill_hole_by_library(Inode& inode, uint64_t file_block,
                                                       Use use) {
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
  return Run{block, 1};
}

base::Result<Volume::Run> Volume::fill_in_inode(Inode& inode, uint32_t at, uint64_t count,
                                                Use use) {
  const blk64_t before = at != 0 ? inode.raw.i_block[at - 1] : 0;
  const auto numbers = std::span(inode.raw.i_block).first(EXT2_NDIR_BLOCKS).subspan(at);
  const Run run =
      TRY(take_blocks(inode, before, std::min<uint64_t>(count, numbers.size()), use));
  const auto filled = numbers.first(static_cast<size_t>(run.count));
  std::iota(filled.begin(), filled.end(), static_cast<uint32_t>(run.block));
  return run;
}

base::Result<Volume::Run> Volume::fill_in_block(Inode& inode, blk64_t holder, uint32_t at,
                                                uint64_t count, Use use) {
  uint32_t filled[64];
  const auto numbers = TRY(cache_.numbers(holder));
  const blk64_t before = at != 0 ? numbers[at - 1] : holder;
  count = std::min<uint64_t>({count, numbers.size() - at, std::size(filled)});
  const Run run = TRY(take_blocks(inode, before, count, use));
  std::iota(filled, filled + run.count, static_cast<uint32_t>(run.block));
  const base::Status written =
      cache_.write_bytes(holder * block_size() + at * sizeof(uint32_t),
                         {reinterpret_cast<const uint8_t*>(filled),
                          static_cast<size_t>(run.count) * sizeof(uint32_t)});
  if (written.ok()) return run;
  give_back(inode, run);
  return written.error();
}

// Not ext2fs_punch(), which frees other blocks than asked for when a range within a tree of indirect
// blocks has an end.
base::Status Volume::empty(Inode& inode, uint64_t file_block, const Run& run) {
  if (has_extents(inode)) {
    return status_of(ext2fs_punch(fs_, inode.number, inode.base(), map_buffer_.data(), file_block,
                                  file_block + run.count - 1));
  }
  BlockPlace place;
  if (!place.find(file_block, block_bits() - kNumberBits)) return base::Error(EFBIG);
  if (place.depth == 0) {
    std::fill_n(inode.raw.i_block + place.root, run.count, 0);
  } else {
    const std::vector<uint8_t> zeros(static_cast<size_t>(run.count) * sizeof(uint32_t));
    const blk64_t holder = TRY(holder_of(inode, place));
    TRY(cache_.write_bytes(holder * block_size() + place.last_index() * sizeof(uint32_t), zeros));
  }
  give_back(inode, run);
  return {};
}

}  // namespace file
