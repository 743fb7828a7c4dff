#include "kernel/device/partition_table.h"

#include <algorithm>
#include <map>
#include <vector>

#include "gtest/gtest.h"

namespace device {
namespace {

struct Raw {
  uint8_t type;
  uint32_t start;
  uint32_t sectors;
};

std::vector<uint8_t> boot_record(std::vector<Raw> entries) {
  std::vector<uint8_t> sector(kSectorSize);
  for (size_t i = 0; i < entries.size(); ++i) {
    uint8_t* p = &sector[446 + 16 * i];
    p[4] = entries[i].type;
    for (int b = 0; b < 4; ++b) {
      p[8 + b] = static_cast<uint8_t>(entries[i].start >> (8 * b));
      p[12 + b] = static_cast<uint8_t>(entries[i].sectors >> (8 * b));
    }
  }
  sector[510] = 0x55;
  sector[511] = 0xaa;
  return sector;
}

struct FakeDisk {
  std::map<uint64_t, std::vector<uint8_t>> sectors;
  bool operator()(uint64_t number, std::span<uint8_t> out) {
    if (!sectors.contains(number)) return false;
    std::ranges::copy(sectors[number], out.begin());
    return true;
  }
};

TEST(PartitionTableTest, NeedsTheSignature) {
  auto sector = boot_record({{0x83, 2048, 100}});
  EXPECT_TRUE(parse_boot_record(sector));
  sector[511] = 0;
  EXPECT_FALSE(parse_boot_record(sector));
  EXPECT_FALSE(parse_boot_record(std::span(sector).first(100)));
}

TEST(PartitionTableTest, PrimaryPartitionsKeepTheirNumbers) {
  FakeDisk disk;
  disk.sectors[0] = boot_record({{0x83, 2048, 4096}, {0, 5, 5}, {0x82, 0x10000, 0x800000}});
  PartitionList list;
  list.scan(0x1000000, disk);
  EXPECT_EQ(list.partition(1), (Extent{2048, 4096}));
  EXPECT_EQ(list.partition(2), Extent{});
  EXPECT_EQ(list.partition(3), (Extent{0x10000, 0x800000}));
  EXPECT_EQ(list.last(), 3u);
}

TEST(PartitionTableTest, LeavesOutWhatTheDiskDoesNotHold) {
  FakeDisk disk;
  disk.sectors[0] = boot_record({{0x83, 100, 101}, {0x83, 0xffffffff, 0xffffffff}, {0x83, 0, 10}});
  PartitionList list;
  list.scan(200, disk);
  EXPECT_EQ(list.last(), 0u);
}

TEST(PartitionTableTest, FollowsTheExtendedChain) {
  FakeDisk disk;
  disk.sectors[0] = boot_record({{0x83, 1, 9}, {0x05, 1000, 5000}});
  disk.sectors[1000] = boot_record({{0x83, 63, 100}, {0x05, 2000, 500}});
  disk.sectors[3000] = boot_record({{0x82, 10, 50}});
  PartitionList list;
  list.scan(10000, disk);
  EXPECT_EQ(list.partition(5), (Extent{1063, 100}));
  EXPECT_EQ(list.partition(6), (Extent{3010, 50}));
  EXPECT_EQ(list.last(), 6u);
}

TEST(PartitionTableTest, SurvivesAChainThatLoops) {
  FakeDisk disk;
  disk.sectors[0] = boot_record({{0x05, 1000, 5000}});
  disk.sectors[1000] = boot_record({{0x83, 1, 2}, {0x05, 0, 500}});
  PartitionList list;
  list.scan(10000, disk);
  EXPECT_EQ(list.last(), PartitionList::kMaxPartitions);
}

}  // namespace
}  // namespace device
