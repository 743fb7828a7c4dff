#include "servers/file/file_data.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "libs/base/math.h"

namespace file {
namespace {

// Collects runs of file blocks that are neighbours on the device and hands each run to `transfer`.
template <typename F>
class RunBuilder {
 public:
  RunBuilder(unsigned block_bits, F transfer) : block_bits_(block_bits), transfer_(transfer) {}

  base::Status add(blk64_t block, std::span<uint8_t> data) {
    const bool continues = !run_.empty() && block == next_ && data.data() == run_.data() + run_.size();
    if (!continues) TRY(finish());
    if (run_.empty()) {
      first_ = block;
      run_ = data;
    } else {
      run_ = {run_.data(), run_.size() + data.size()};
    }
    next_ = block + (data.size() >> block_bits_);
    return {};
  }

  base::Status finish() {
    if (run_.empty()) return {};
    const std::span<uint8_t> run = run_;
    run_ = {};
    return transfer_(first_, run);
  }

 private:
  unsigned block_bits_;
  F transfer_;
  blk64_t first_ = 0;
  blk64_t next_ = 0;
  std::span<uint8_t> run_;
};

// The beginning of `data` that a run of blocks holds.
std::span<uint8_t> part_in(const Volume& volume, const Volume::Run& run, std::span<uint8_t> data) {
  return data.first(
      static_cast<size_t>(std::min<uint64_t>(data.size(), run.count << volume.block_bits())));
}

base::Status read_blocks(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data) {
  RunBuilder runs(volume.block_bits(), [&](blk64_t block, std::span<uint8_t> run) {
    return volume.read_data(block, run);
  });
  while (!data.empty()) {
    const Volume::Run run = TRY(volume.map_run(inode, offset >> volume.block_bits(),
                                               data.size() >> volume.block_bits()));
    const auto part = part_in(volume, run, data);
    if (run.block == 0) {
      std::memset(part.data(), 0, part.size());
    } else {
      TRY(runs.add(run.block, part));
    }
    data = data.subspan(part.size());
    offset += part.size();
  }
  return runs.finish();
}

}  // namespace

base::Status read_file(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data) {
  const uint32_t block_size = volume.block_size();
  const uint64_t size = inode.size();
  const auto valid =
      static_cast<size_t>(offset < size ? std::min<uint64_t>(data.size(), size - offset) : 0);
  const size_t used = std::min(base::align_up<size_t>(valid, block_size), data.size());
  const size_t whole = base::align_down<size_t>(used, block_size);
  TRY(read_blocks(volume, inode, offset, data.first(whole)));
  // A last piece smaller than a block goes through a buffer of its own.
  if (whole < used) {
    std::vector<uint8_t> piece(block_size);
    TRY(read_blocks(volume, inode, offset + whole, piece));
    std::memcpy(data.data() + whole, piece.data(), used - whole);
  }
  // The medium may hold anything behind the end.
  std::memset(data.data() + valid, 0, data.size() - valid);
  return {};
}

std::unique_ptr<PendingRead> start_read_file(Volume& volume, Inode& inode, uint64_t offset, size_t size) {
  if (offset > inode.size()) return nullptr;
  size = static_cast<size_t>(std::min<uint64_t>(size, base::align_up<uint64_t>(inode.size() - offset, kPageSize)));
  if (size == 0) return nullptr;
  const auto run = volume.map_run(inode, offset >> volume.block_bits(), size >> volume.block_bits());
  if (!run.ok() || run.value().block == 0) return nullptr;
  const uint64_t together = base::align_down<uint64_t>(run.value().count << volume.block_bits(), kPageSize);
  return together == 0 ? nullptr : volume.start_read_data(run.value().block, static_cast<size_t>(together));
}

base::Result<uint64_t> count_holes(Volume& volume, Inode& inode, uint64_t offset,
                                   uint64_t length) {
  const uint64_t end = (offset + length + volume.block_size() - 1) >> volume.block_bits();
  uint64_t holes = 0;
  for (uint64_t block = offset >> volume.block_bits(); block < end;) {
    const Volume::Run run = TRY(volume.map_run(inode, block, end - block));
    if (run.block == 0) holes += run.count;
    block += run.count;
  }
  return holes;
}

namespace {

// What was a hole, and its new blocks.
struct Filled {
  uint64_t file_block;
  Volume::Run run;
};

// Writes whole blocks. Notes the holes it gives blocks; the inode is not stored.
base::Status write_blocks(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data,
                          std::vector<Filled>& filled) {
  RunBuilder runs(volume.block_bits(), [&](blk64_t block, std::span<uint8_t> run) {
    return volume.write_data(block, run);
  });
  while (!data.empty()) {
    const uint64_t at = offset >> volume.block_bits();
    Volume::Run run = TRY(volume.map_run(inode, at, data.size() >> volume.block_bits()));
    if (run.block == 0) {
      run = TRY(volume.fill_hole(inode, at, run.count, Volume::Use::kData));
      filled.push_back({at, run});
    }
    const auto part = part_in(volume, run, data);
    TRY(runs.add(run.block, part));
    data = data.subspan(part.size());
    offset += part.size();
  }
  return runs.finish();
}

// As write_blocks(). The block of a last piece smaller than a block keeps what is behind.
base::Status write_pieces(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data,
                          std::vector<Filled>& filled) {
  const size_t whole = base::align_down<size_t>(data.size(), volume.block_size());
  TRY(write_blocks(volume, inode, offset, data.first(whole), filled));
  if (whole == data.size()) return {};
  std::vector<uint8_t> piece(volume.block_size());
  TRY(read_blocks(volume, inode, offset + whole, piece));
  std::memcpy(piece.data(), data.data() + whole, data.size() - whole);
  return write_blocks(volume, inode, offset + whole, piece, filled);
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
  std::vector<Filled> filled;
  const base::Status written = write_pieces(volume, inode, offset, data, filled);
  if (written.ok() && !filled.empty()) return volume.store_filled(inode);
  if (written.ok()) return end > durable ? volume.store(inode) : written;
  // New blocks may hold what was there before: they go, and the holes are back.
  inode.durable_size = durable;
  for (const auto& [file_block, run] : filled) (void)volume.empty(inode, file_block, run);
  if (!filled.empty()) (void)volume.store(inode);
  return written;
}

base::Status cut_file(Volume& volume, Inode& inode, uint64_t size) {
  const uint32_t block_size = volume.block_size();
  inode.durable_size = std::min(inode.durable_size, size);
  return volume.free_blocks_from(inode, base::align_up<uint64_t>(size, block_size) >> volume.block_bits());
}

}  // namespace file
