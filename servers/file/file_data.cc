#include "servers/file/file_data.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>
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

// Neighbours on the device, and what they are to hold.
struct Piece {
  blk64_t block;
  std::span<uint8_t> data;
};

// Finds the blocks for whole blocks of data. Notes the holes it gives blocks; the inode is not stored.
base::Status place_blocks(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data,
                          std::vector<Filled>& filled, std::vector<Piece>& pieces) {
  RunBuilder runs(volume.block_bits(), [&](blk64_t block, std::span<uint8_t> run) {
    pieces.push_back({block, run});
    return base::Status();
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

base::Status write_pieces(Volume& volume, const std::vector<Piece>& pieces) {
  for (const Piece& piece : pieces) TRY(volume.write_data(piece.block, piece.data));
  return {};
}

// One write_file() under way.
class FileWrite {
 public:
  FileWrite(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data)
      : volume_(volume), inode_(inode), offset_(offset), data_(data), durable_(inode.durable_size) {}

  // What lies beyond the end of file is left out, or zeros.
  void cut_to_size();
  // Gives the data blocks, in pieces_.
  base::Status place();
  base::Status write() { return write_pieces(volume_, pieces_); }
  // Pages with blocks that are neighbours, with nothing left out.
  [[nodiscard]] bool is_one_piece(std::span<uint8_t> pages) const {
    return pieces_.size() == 1 && pieces_[0].data.size() == pages.size() && pages.size() % kPageSize == 0;
  }
  [[nodiscard]] const Piece& piece() const { return pieces_[0]; }
  // The inode goes to the volume.
  base::Status store();
  // New blocks may hold what was there before: they go, and the holes are back.
  void undo();

 private:
  Volume& volume_;
  Inode& inode_;
  const uint64_t offset_;
  std::span<uint8_t> data_;
  const uint64_t durable_;
  std::vector<Filled> filled_;
  std::vector<Piece> pieces_;
  std::vector<uint8_t> last_;  // the block of a last piece smaller than a block
};

void FileWrite::cut_to_size() {
  const uint64_t size = inode_.size();
  if (size - offset_ >= data_.size()) return;
  const auto valid = static_cast<size_t>(size - offset_);
  const size_t used = std::min(base::align_up<size_t>(valid, volume_.block_size()), data_.size());
  std::memset(data_.data() + valid, 0, used - valid);
  data_ = data_.first(used);
}

base::Status FileWrite::place() {
  inode_.durable_size = std::max(durable_, std::min<uint64_t>(inode_.size(), offset_ + data_.size()));
  const size_t whole = base::align_down<size_t>(data_.size(), volume_.block_size());
  TRY(place_blocks(volume_, inode_, offset_, data_.first(whole), filled_, pieces_));
  if (whole == data_.size()) return {};
  // It keeps what is behind.
  last_.resize(volume_.block_size());
  TRY(read_blocks(volume_, inode_, offset_ + whole, last_));
  std::memcpy(last_.data(), data_.data() + whole, data_.size() - whole);
  return place_blocks(volume_, inode_, offset_ + whole, last_, filled_, pieces_);
}

base::Status FileWrite::store() {
  if (!filled_.empty()) return volume_.store_filled(inode_);
  return inode_.durable_size > durable_ ? volume_.store(inode_) : base::Status();
}

void FileWrite::undo() {
  // Unless more has been written behind it.
  const uint64_t end = offset_ + data_.size();
  if (inode_.durable_size <= end) inode_.durable_size = std::min(inode_.durable_size, durable_);
  for (const auto& [file_block, run] : filled_) (void)volume_.empty(inode_, file_block, run);
  if (!filled_.empty()) (void)volume_.store(inode_);
}

}  // namespace

base::Status write_file(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data) {
  if (offset >= inode.size()) return {};
  FileWrite file(volume, inode, offset, data);
  file.cut_to_size();
  TRY(volume.begin_change());
  base::Status written = file.place();
  if (written.ok()) written = file.write();
  if (written.ok()) return file.store();
  file.undo();
  return written;
}

base::Result<bool> write_file_behind(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data,
                                     std::function<void(int error)> failed) {
  if (offset >= inode.size()) return false;
  auto file = std::make_shared<FileWrite>(volume, inode, offset, data);
  file->cut_to_size();
  TRY(volume.begin_change());
  base::Status written = file->place();
  // Before the memory goes.
  if (written.ok()) written = file->store();
  if (written.ok() && file->is_one_piece(data)) {
    const auto undo = [file, failed = std::move(failed)](int error) {
      file->undo();
      failed(error);
    };
    if (volume.start_write_data({inode.number, file->piece().block, data, undo})) return true;
  }
  if (written.ok()) written = file->write();
  if (written.ok()) return false;
  file->undo();
  return written.error();
}

base::Status cut_file(Volume& volume, Inode& inode, uint64_t size) {
  const uint32_t block_size = volume.block_size();
  inode.durable_size = std::min(inode.durable_size, size);
  return volume.free_blocks_from(inode, base::align_up<uint64_t>(size, block_size) >> volume.block_bits());
}

}  // namespace file
