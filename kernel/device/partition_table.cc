#include "kernel/device/partition_table.h"

namespace device {
namespace {

constexpr size_t kTableOffset = 446;
constexpr size_t kEntrySize = 16;
constexpr size_t kTypeOffset = 4;
constexpr size_t kStartOffset = 8;
constexpr size_t kSectorsOffset = 12;
constexpr size_t kSignatureOffset = 510;
constexpr size_t kFirstLogical = 5;

uint32_t little_endian(std::span<const uint8_t> bytes) {
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint32_t>(bytes[3]) << 24;
}

}  // namespace

std::optional<PartitionRecord> parse_boot_record(std::span<const uint8_t> sector) {
  if (sector.size() < kSectorSize) return std::nullopt;
  if (sector[kSignatureOffset] != 0x55 || sector[kSignatureOffset + 1] != 0xaa) return std::nullopt;
  PartitionRecord record;
  for (size_t i = 0; i < record.size(); ++i) {
    const auto raw = sector.subspan(kTableOffset + i * kEntrySize, kEntrySize);
    record[i].type = raw[kTypeOffset];
    record[i].extent.start = little_endian(raw.subspan(kStartOffset, 4));
    record[i].extent.sectors = little_endian(raw.subspan(kSectorsOffset, 4));
  }
  return record;
}

uint64_t PartitionList::add_primaries(std::span<const uint8_t> sector, uint64_t disk_sectors) {
  const auto record = parse_boot_record(sector);
  if (!record) return 0;
  uint64_t extended = 0;
  for (size_t i = 0; i < record->size(); ++i) {
    const PartitionEntry& entry = (*record)[i];
    if (!entry.used()) continue;
    if (entry.is_extended()) {
      if (extended == 0) extended = entry.extent.start;
    } else {
      set(i + 1, entry.extent, disk_sectors);
    }
  }
  return extended;
}

// A logical partition counts from its own record, the link to the next record from the first one.
uint64_t PartitionList::add_logical(std::span<const uint8_t> sector, uint64_t record_sector,
                                    uint64_t extended, uint64_t disk_sectors) {
  const auto record = parse_boot_record(sector);
  if (!record) return 0;
  uint64_t next = 0;
  for (const PartitionEntry& entry : *record) {
    if (!entry.used()) continue;
    if (entry.is_extended()) {
      if (next == 0) next = extended + entry.extent.start;
    } else {
      const size_t number = last_ < kFirstLogical ? kFirstLogical : last_ + 1;
      set(number, {record_sector + entry.extent.start, entry.extent.sectors}, disk_sectors);
    }
  }
  return next;
}

void PartitionList::set(size_t number, Extent extent, uint64_t disk_sectors) {
  if (number > kMaxPartitions || extent.start == 0 || extent.end() > disk_sectors) return;
  extents_[number - 1] = extent;
  if (number > last_) last_ = number;
}

}  // namespace device
