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

std::unique_ptr<PendingRead> start_read_file(Volume& volume, Inode& inode, uint64_t offset, size_t size) {
  if (offset > inode.size() || size > inode.size() - offset) return nullptr;
  const uint64_t first = offset / volume.block_size();
  const auto start = volume.map(inode, first);
  if (!start.ok() || start.value() == 0) return nullptr;
  for (uint64_t i = 1; i < size / volume.block_size(); ++i) {
    const auto next = volume.map(inode, first + i);
    if (!next.ok() || next.value() != start.value() + i) return nullptr;
  }
  return volume.start_read_data(start.value(), size);
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

namespace {

// Writes whole blocks, and a last piece smaller than a block. Notes the holes it gives blocks; the
// inode is not stored.
base::Status write_blocks(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data,
                          std::vector<uint64_t>& filled) {
  const uint32_t block_size = volume.block_size();
  RunBuilder runs(block_size, [&](blk64_t block, std::span<uint8_t> run) {
    return volume.write_data(block, run);
  });
  std::vector<uint8_t> piece;
  for (size_t at = 0; at < data.size(); at += block_size) {
    const auto part = data.subspan(at, std::min<size_t>(block_size, data.size() - at));
    const uint64_t file_block = (offset + at) / block_size;
    blk64_t block = TRY(volume.map(inode, file_block));
    const bool hole = block == 0;
    if (hole) {
      block = TRY(volume.fill_hole(inode, file_block, Volume::Use::kData));
      filled.push_back(file_block);
    }
    if (part.size() == block_size) {
      TRY(runs.add(block, part));
      continue;
    }
    piece.assign(block_size, 0);
    if (!hole) TRY(volume.read_data(block, piece));
    std::memcpy(piece.data(), part.data(), part.size());
    TRY(volume.write_data(block, piece));
  }
  return runs.finish();
}

}  // namespace

base::Status write_file(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data) {
  const uint32_t block_size = volume.block_size();
  const uint64_t size = inode.size();
  if (offset >= size) return {};
  const uint64_t end = std::min<uint64_t>(size, offset + data.size());
  if (size - offset < data.size()) {
    const auto valid = static_cast<size_t>(size - offset);
    const size_t used = std::min(base::align_up<size_t>(valid, block_size), data.size());
    std::memset(data.data() + valid, 0, used - valid);
    data = data.first(used);
  }
  TRY(volume.begin_change());
  const uint64_t durable = inode.durable_size;
  if (end > durable) inode.durable_size = end;
  std::vector<uint64_t> filled;
  const base::Status written = write_blocks(volume, inode, offset, data, filled);
  if (written.ok() && !filled.empty()) return volume.store_filled(inode);
  if (written.ok()) return end > durable ? volume.store(inode) : written;
  // New blocks may hold what was there before: they go, and the holes are back.
  inode.durable_size = durable;
  for (const uint64_t block : filled) (void)volume.free_blocks_from(inode, block, block);
  return written;
}

base::Status cut_file(Volume& volume, Inode& inode, uint64_t size) {
  const uint32_t block_size = volume.block_size();
  inode.durable_size = std::min(inode.durable_size, size);
  return volume.free_blocks_from(inode, base::align_up<uint64_t>(size, block_size) / block_size);
}

}  // namespace file
