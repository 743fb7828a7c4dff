// The layout of an ext3 journal on the disk (JBD2, without checksums). All numbers are big-endian.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

namespace file::journal_format {

inline constexpr uint32_t kMagic = 0xc03b3998;

enum class BlockType : uint32_t {
  kDescriptor = 1,
  kCommit = 2,
  kSuperblockV1 = 3,
  kSuperblockV2 = 4,
  kRevoke = 5,
};

// At the start of every block of the log that is not a copy of a file system block.
inline constexpr size_t kMagicAt = 0;
inline constexpr size_t kTypeAt = 4;
inline constexpr size_t kSequenceAt = 8;
inline constexpr size_t kHeaderSize = 12;

// Superblock, block 0 of the journal.
inline constexpr size_t kBlockSizeAt = 0x0c;
inline constexpr size_t kLengthAt = 0x10;         // blocks, this one included
inline constexpr size_t kFirstAt = 0x14;          // first block of the log
inline constexpr size_t kStartSequenceAt = 0x18;  // of the transaction at kStartAt
inline constexpr size_t kStartAt = 0x1c;          // 0: nothing to recover
inline constexpr size_t kErrorAt = 0x20;
inline constexpr size_t kIncompatAt = 0x28;
inline constexpr size_t kReadOnlyCompatAt = 0x2c;
inline constexpr size_t kSuperblockSize = 1024;

// Features a journal needs whoever reads it to know.
inline constexpr uint32_t kRevokes = 1;
inline constexpr uint32_t kLongNumbers = 2;

// Descriptor: tags after the header. A tag is number, checksum (unused), flags and, with
// kLongNumbers, the upper half of the number; then a UUID unless kSameUuid.
inline constexpr size_t kTagFlagsAt = 6;
inline constexpr size_t kTagHighAt = 8;
inline constexpr size_t kUuidSize = 16;
inline constexpr uint32_t kEscaped = 1;  // the block began with kMagic; zeros stand there instead
inline constexpr uint32_t kSameUuid = 2;
inline constexpr uint32_t kLastTag = 8;

// Revoke: the number of bytes used, header included, then block numbers.
inline constexpr size_t kRevokeSizeAt = kHeaderSize;
inline constexpr size_t kRevokesAt = kHeaderSize + 4;

// Commit: seconds (64 bits) and nanoseconds.
inline constexpr size_t kCommitSecondsAt = 0x30;
inline constexpr size_t kCommitNanosecondsAt = 0x38;

inline uint32_t get32(std::span<const uint8_t> block, size_t at) {
  return uint32_t{block[at]} << 24 | uint32_t{block[at + 1]} << 16 | uint32_t{block[at + 2]} << 8 |
         block[at + 3];
}

inline uint32_t get16(std::span<const uint8_t> block, size_t at) {
  return uint32_t{block[at]} << 8 | block[at + 1];
}

inline void put32(std::span<uint8_t> block, size_t at, uint32_t value) {
  for (int i = 0; i < 4; ++i) block[at + i] = static_cast<uint8_t>(value >> (24 - 8 * i));
}

inline void put16(std::span<uint8_t> block, size_t at, uint32_t value) {
  block[at] = static_cast<uint8_t>(value >> 8);
  block[at + 1] = static_cast<uint8_t>(value);
}

// Sequence numbers wrap around.
inline bool not_before(uint32_t a, uint32_t b) { return static_cast<int32_t>(a - b) >= 0; }

}  // namespace file::journal_format
