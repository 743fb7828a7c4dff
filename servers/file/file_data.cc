#include "servers/file/file_data.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "libs/base/math.h"

namespace file {
namespace {

// Collects file blocks that are neighbours on the device and hands each run to `transfer`.
template <typename F>
class RunBuilder {
 public:
  RunBuilder(uint32_t block_size, F transfer) : block_size_(block_size), transfer_(transfer) {}

  base::Status add(blk64_t block, std::span<uint8_t> data) {
    const bool continues = !run_.empty() && block == next_ && data.data() == run_.data() + run_.size();
    if (!continues) TRY(finish());
    if (run_.empty()) {
      first_ = block;
      run_ = data;
    } else {
      run_ = {run_.data(), run_.size() + data.size()};
    }
    next_ = block + data.size() / block_size_;
    return {};
  }

  base::Status finish() {
    if (run_.empty()) return {};
    const std::span<uint8_t> run = run_;
    run_ = {};
    return transfer_(first_, run);
  }

 private:
  uint32_t block_size_;
  F transfer_;
  blk64_t first_ = 0;
  blk64_t next_ = 0;
  std::span<uint8_t> run_;
};

}  // namespace

base::Status read_file(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data) {
  const uint32_t block_size = volume.block_size();
  const uint64_t size = inode.size();
  RunBuilder runs(block_size, [&](blk64_t block, std::span<uint8_t> run) {
    return volume.read_data(block, run);
  });
  // A last piece smaller than a block goes through a buffer of its own.
  std::vector<uint8_t> piece;
  for (size_t at = 0; at < data.size(); at += block_size) {
    const uint64_t position = offset + at;
    const auto part = data.subspan(at, std::min<size_t>(block_size, data.size() - at));
    const blk64_t block =
        position < size ? TRY(volume.map(inode, position / block_size)) : blk64_t{0};
    if (block == 0) {
      std::memset(part.data(), 0, part.size());
    } else if (part.size() == block_size) {
      TRY(runs.add(block, part));
    } else {
      piece.resize(block_size);
      TRY(volume.read_data(block, piece));
      std::memcpy(part.data(), piece.data(), part.size());
    }
  }
  TRY(runs.finish());
  // The medium may hold anything behind the end.
  if (offset < size && size - offset < data.size()) {
    const auto valid = static_cast<size_t>(size - offset);
    std::memset(data.data() + valid, 0, data.size() - valid);
  }
  return {};
}

base::Result<uint64_t> count_holes(Volume& volume, Inode& inode, uint64_t offset,
                                   uint64_t length) {
  const uint32_t block_size = volume.block_size();
  uint64_t holes = 0;
  for (uint64_t at = offset; at < offset + length; at += block_size) {
    if (TRY(volume.map(inode, at / block_size)) == 0) ++holes;
  }
  return holes;
}

base::Status write_file(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data) {
  const uint32_t block_size = volume.block_size();
  const uint64_t size = inode.size();
  if (offset >= size) return {};
  if (size - offset < data.size()) {
    const auto valid = static_cast<size_t>(size - offset);
    const size_t used = std::min(base::align_up<size_t>(valid, block_size), data.size());
    std::memset(data.data() + valid, 0, used - valid);
    data = data.first(used);
  }
  TRY(volume.begin_change());
  RunBuilder runs(block_size, [&](blk64_t block, std::span<uint8_t> run) {
    return volume.write_data(block, run);
  });
  std::vector<uint8_t> piece;
  for (size_t at = 0; at < data.size(); at += block_size) {
    const auto part = data.subspan(at, std::min<size_t>(block_size, data.size() - at));
    const uint64_t file_block = (offset + at) / block_size;
    if (part.size() == block_size) {
      const blk64_t block = TRY(volume.map_or_allocate(inode, file_block));
      TRY(runs.add(block, part));
      continue;
    }
    const bool hole = TRY(volume.map(inode, file_block)) == 0;
    const blk64_t block = TRY(volume.map_or_allocate(inode, file_block));
    piece.assign(block_size, 0);
    if (!hole) TRY(volume.read_data(block, piece));
    std::memcpy(piece.data(), part.data(), part.size());
    TRY(volume.write_data(block, piece));
  }
  return runs.finish();
}

base::Status cut_file(Volume& volume, Inode& inode, uint64_t size) {
  const uint32_t block_size = volume.block_size();
  const uint64_t within = size % block_size;
  if (within != 0) {
    const blk64_t block = TRY(volume.map(inode, size / block_size));
    if (block != 0) {
      std::vector<uint8_t> data(block_size);
      TRY(volume.begin_change());
      TRY(volume.read_data(block, data));
      std::memset(data.data() + within, 0, block_size - within);
      TRY(volume.write_data(block, data));
    }
  }
  return volume.free_blocks_from(inode, base::align_up<uint64_t>(size, block_size) / block_size);
}

}  // namespace file
