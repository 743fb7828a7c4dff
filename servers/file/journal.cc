#include "servers/file/journal.h"

#include <algorithm>
#include <cerrno>

#include "libs/base/math.h"
#include "servers/file/journal_format.h"

namespace file {

using namespace journal_format;

namespace {

constexpr size_t kMaxTransfer = 64 * 1024;

constexpr uint32_t type_number(BlockType type) { return static_cast<uint32_t>(type); }

}  // namespace

// Collects blocks of the log that are neighbours on the device into larger transfers.
struct Journal::Writer {
  Journal& journal;
  uint32_t position;
  uint32_t count = 0;
  uint64_t start = 0;  // device block of buffer
  std::vector<uint8_t> buffer = {};

  // The bytes of the next block, zeros, valid until the next call.
  base::Result<std::span<uint8_t>> add() {
    const uint32_t size = journal.block_size_;
    const uint32_t block = journal.blocks_[position];
    if (buffer.size() >= kMaxTransfer || block != start + buffer.size() / size) TRY(flush());
    if (buffer.empty()) start = block;
    buffer.resize(buffer.size() + size);
    position = journal.next(position);
    ++count;
    return std::span(buffer).last(size);
  }
  base::Status flush() {
    if (!buffer.empty()) TRY(journal.device_.write(start * journal.block_size_, buffer));
    buffer.clear();
    return {};
  }
};

base::Result<std::unique_ptr<Journal>> Journal::open(BlockDevice& device, uint32_t block_size,
                                                     std::vector<uint32_t> blocks) {
  auto journal =
      std::unique_ptr<Journal>(new Journal(device, block_size, std::move(blocks)));
  TRY(journal->load());
  return journal;
}

base::Status Journal::load() {
  if (blocks_.empty()) return base::Error(EIO);
  superblock_.resize(block_size_);
  TRY(read_log(0, superblock_));
  const uint32_t type = get32(superblock_, kTypeAt);
  const bool v2 = type == type_number(BlockType::kSuperblockV2);
  if (get32(superblock_, kMagicAt) != kMagic ||
      (!v2 && type != type_number(BlockType::kSuperblockV1))) {
    return base::Error(EIO);
  }
  if (v2 && ((get32(superblock_, kIncompatAt) & ~(kRevokes | kLongNumbers)) != 0 ||
             get32(superblock_, kReadOnlyCompatAt) != 0)) {
    return base::Error(EOPNOTSUPP);
  }
  // Version 1 knows no revoke records, without which nothing can be written safely.
  if (!v2) return base::Error(EOPNOTSUPP);
  length_ = get32(superblock_, kLengthAt);
  first_ = get32(superblock_, kFirstAt);
  start_ = get32(superblock_, kStartAt);
  sequence_ = get32(superblock_, kStartSequenceAt);
  constexpr uint32_t kLeastLog = 16;
  if (get32(superblock_, kBlockSizeAt) != block_size_ || length_ > blocks_.size() || first_ == 0 ||
      first_ >= length_ || length_ - first_ < kLeastLog || start_ >= length_ ||
      (start_ != 0 && start_ < first_)) {
    return base::Error(EIO);
  }
  head_ = start_ != 0 ? start_ : first_;
  return {};
}

base::Status Journal::read_log(uint32_t position, std::span<uint8_t> block) const {
  return device_.read(uint64_t{blocks_[position]} * block_size_, block);
}

base::Status Journal::store_superblock(uint32_t start) {
  put32(superblock_, kStartAt, start);
  put32(superblock_, kStartSequenceAt, sequence_);
  put32(superblock_, kIncompatAt, get32(superblock_, kIncompatAt) | kRevokes);
  // One sector holds every field that changes: it is old or new.
  TRY(device_.write(uint64_t{blocks_[0]} * block_size_,
                    std::span(superblock_).first(BlockDevice::kSectorSize)));
  TRY(device_.flush());
  start_ = start;
  return {};
}

base::Status Journal::begin() { return store_superblock(head_); }

base::Status Journal::end() { return store_superblock(0); }

base::Status Journal::retire() {
  TRY(device_.flush());
  TRY(store_superblock(head_));
  used_ = 0;
  logged_.clear();
  return {};
}

size_t Journal::tag_size() const {
  return (get32(superblock_, kIncompatAt) & kLongNumbers) != 0 ? 12 : 8;
}

size_t Journal::tags_per_block() const {
  return (block_size_ - kHeaderSize - kUuidSize) / tag_size();
}

size_t Journal::revokes_per_block() const { return (block_size_ - kRevokesAt) / (tag_size() - 4); }

uint32_t Journal::needed(size_t blocks, size_t revoked) const {
  const size_t descriptors = base::align_up(blocks, tags_per_block()) / tags_per_block();
  const size_t revokes = base::align_up(revoked, revokes_per_block()) / revokes_per_block();
  return static_cast<uint32_t>(descriptors + blocks + revokes + 1);
}

void Journal::start_block(std::span<uint8_t> block, uint32_t type) const {
  put32(block, kMagicAt, kMagic);
  put32(block, kTypeAt, type);
  put32(block, kSequenceAt, sequence_);
}

base::Status Journal::write_revokes(Writer& writer, std::span<const uint32_t> revoked) const {
  const size_t number_size = tag_size() - 4;
  while (!revoked.empty()) {
    const size_t count = std::min(revoked.size(), revokes_per_block());
    const std::span<uint8_t> block = TRY(writer.add());
    start_block(block, type_number(BlockType::kRevoke));
    put32(block, kRevokeSizeAt, static_cast<uint32_t>(kRevokesAt + count * number_size));
    // With long numbers the upper half, zero here, comes first.
    for (size_t i = 0; i < count; ++i) {
      put32(block, kRevokesAt + (i + 1) * number_size - 4, revoked[i]);
    }
    revoked = revoked.subspan(count);
  }
  return {};
}

base::Status Journal::write_blocks(Writer& writer,
                                   std::span<const BlockCache::Block> blocks) const {
  while (!blocks.empty()) {
    const size_t count = std::min(blocks.size(), tags_per_block());
    const std::span<uint8_t> descriptor = TRY(writer.add());
    start_block(descriptor, type_number(BlockType::kDescriptor));
    size_t at = kHeaderSize;
    for (size_t i = 0; i < count; ++i) {
      uint32_t flags = i == 0 ? 0 : kSameUuid;
      if (i + 1 == count) flags |= kLastTag;
      if (get32(blocks[i].data, 0) == kMagic) flags |= kEscaped;
      put32(descriptor, at, static_cast<uint32_t>(blocks[i].number));
      put16(descriptor, at + kTagFlagsAt, flags);
      at += tag_size();
      if (i == 0) at += kUuidSize;  // the journal of one file system: zeros
    }
    for (const BlockCache::Block& block : blocks.first(count)) {
      const std::span<uint8_t> copy = TRY(writer.add());
      std::ranges::copy(block.data, copy.begin());
      if (get32(copy, 0) == kMagic) put32(copy, 0, 0);
    }
    blocks = blocks.subspan(count);
  }
  return {};
}

base::Status Journal::commit(std::span<const BlockCache::Block> blocks,
                             std::span<const uint32_t> revoked, int64_t now) {
  if (broken_) return base::Error(EROFS);
  if (needed(blocks.size(), revoked.size()) > room()) return base::Error(ENOSPC);
  Writer writer{.journal = *this, .position = head_};
  TRY(write_revokes(writer, revoked));
  TRY(write_blocks(writer, blocks));
  TRY(writer.flush());
  TRY(device_.flush());

  const std::span<uint8_t> record = TRY(writer.add());
  start_block(record, type_number(BlockType::kCommit));
  put32(record, kCommitSecondsAt, static_cast<uint32_t>(now >> 32));
  put32(record, kCommitSecondsAt + 4, static_cast<uint32_t>(now));
  base::Status written = writer.flush();
  if (written.ok()) written = device_.flush();
  if (!written.ok()) {
    broken_ = true;
    return base::Error(EROFS);
  }
  ++sequence_;
  head_ = writer.position;
  used_ += writer.count;
  for (const uint32_t block : revoked) logged_.erase(block);
  for (const BlockCache::Block& block : blocks) {
    logged_.insert(static_cast<uint32_t>(block.number));
  }
  return {};
}

}  // namespace file
