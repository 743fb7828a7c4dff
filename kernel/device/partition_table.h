// The partition table of a PC disk: the master boot record and the chain of extended records.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace device {

inline constexpr size_t kSectorSize = 512;

// A range of sectors of a disk.
struct Extent {
  uint64_t start = 0;
  uint64_t sectors = 0;

  [[nodiscard]] constexpr uint64_t end() const { return start + sectors; }
  friend constexpr bool operator==(const Extent&, const Extent&) = default;
};

// One of the four entries of a boot record.
struct PartitionEntry {
  uint8_t type = 0;  // 0: unused.
  Extent extent;     // As written: relative to what the record's kind says.

  [[nodiscard]] bool used() const { return type != 0 && extent.sectors != 0; }
  [[nodiscard]] bool is_extended() const { return type == 0x05 || type == 0x0f || type == 0x85; }
};

using PartitionRecord = std::array<PartitionEntry, 4>;

// Decodes the boot record in `sector` (kSectorSize bytes); nothing without the 0x55 0xaa signature.
std::optional<PartitionRecord> parse_boot_record(std::span<const uint8_t> sector);

// Collects a disk's partitions: 1 to 4 are the primary ones, 5 and up the logical ones.
class PartitionList {
 public:
  static constexpr size_t kMaxPartitions = 16;

  // Numbered from 1; an unused number has no sectors.
  [[nodiscard]] Extent partition(size_t number) const { return extents_[number - 1]; }
  [[nodiscard]] size_t last() const { return last_; }

  // Fills the list. `read_sector(number, buffer)` reads one sector and says whether it could.
  // Partitions that do not lie within the disk are left out.
  template <typename ReadSector>
  void scan(uint64_t disk_sectors, ReadSector read_sector) {
    std::array<uint8_t, kSectorSize> buffer;
    if (!read_sector(uint64_t{0}, std::span<uint8_t>(buffer))) return;
    uint64_t next = add_primaries(buffer, disk_sectors);
    const uint64_t extended = next;
    // Each record names the next one; more records than numbers is a loop.
    for (size_t i = 0; next != 0 && i < kMaxPartitions; ++i) {
      if (next >= disk_sectors || !read_sector(next, std::span<uint8_t>(buffer))) return;
      next = add_logical(buffer, next, extended, disk_sectors);
    }
  }

 private:
  // Both return the sector of the next extended record, or 0.
  uint64_t add_primaries(std::span<const uint8_t> sector, uint64_t disk_sectors);
  uint64_t add_logical(std::span<const uint8_t> sector, uint64_t record, uint64_t extended,
                       uint64_t disk_sectors);
  void set(size_t number, Extent extent, uint64_t disk_sectors);

  std::array<Extent, kMaxPartitions> extents_{};
  size_t last_ = 0;
};

}  // namespace device
