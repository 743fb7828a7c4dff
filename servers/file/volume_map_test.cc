// Block maps: what libext2fs says of each block is the reference for runs.
#include <cerrno>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "servers/file/directory.h"
#include "servers/file/file_data.h"
#include "servers/file/memory_block_device.h"
#include "servers/file/test_image.h"
#include "servers/file/volume.h"

namespace file {
namespace {

constexpr uint32_t kFileMode = LINUX_S_IFREG | 0644;

struct Format {
  uint32_t block_size;
  bool journal;
  bool extents = false;
};

class VolumeMapTest : public testing::TestWithParam<Format> {
 protected:
  VolumeMapTest()
      : device_(make_image(
            {.size = 12u << 20, .block_size = block_size(), .journal = GetParam().journal})) {
    auto mounted = Volume::mount(device_, {.cache_blocks = 64, .clock = [] { return Time{}; }});
    EXPECT_TRUE(mounted.ok());
    volume_ = mounted.take();
    if (GetParam().extents) ext2fs_set_feature_extents(volume_->ext2()->super);
  }
  ~VolumeMapTest() override {
    EXPECT_TRUE(volume_->shut_down().ok());
    volume_.reset();
    EXPECT_EQ(check_image(device_.bytes()), "");
  }

  static uint32_t block_size() { return GetParam().block_size; }
  static uint32_t per_block() { return block_size() / 4; }

  Inode make_file(const std::string& name) {
    Inode dir = volume_->load(Volume::kRootInode).take();
    Inode inode = volume_->allocate(dir, kFileMode, 0, 0).take();
    EXPECT_TRUE(Directory(*volume_, dir).insert(name, inode.number, kFileMode).ok());
    inode.raw.i_links_count = 1;
    if (GetParam().extents) inode.raw.i_flags |= EXT4_EXTENTS_FL;
    EXPECT_TRUE(volume_->store(inode).ok());
    volume_->named(inode.number);
    return inode;
  }
  base::Status write(Inode& inode, uint64_t block, uint32_t count, uint8_t value) {
    std::vector<uint8_t> data(size_t{count} * block_size(), value);
    const uint64_t offset = block * block_size();
    EXPECT_TRUE(volume_->begin_operation().ok());
    EXPECT_TRUE(
        volume_->set_size(inode, std::max<uint64_t>(inode.size(), offset + data.size())).ok());
    const base::Status written = write_file(*volume_, inode, offset, data);
    EXPECT_TRUE(volume_->store(inode).ok());
    return written;
  }
  void make_hole(Inode& inode, uint64_t first, uint64_t end) {
    while (first < end) {
      const Volume::Run run = volume_->map_run(inode, first, end - first).take();
      if (run.block != 0) EXPECT_TRUE(volume_->empty(inode, first, run).ok());
      first += run.count;
    }
    EXPECT_TRUE(volume_->store(inode).ok());
  }
  // What is on the medium or in the journal is a file system without faults.
  std::string check_medium() {
    std::vector<uint8_t> medium = device_.bytes();
    return GetParam().journal ? recover_with_e2fsck(medium) : check_image(medium);
  }
  // The first byte of a block of the file.
  uint8_t value_at(Inode& inode, uint64_t block) {
    std::vector<uint8_t> data(block_size());
    EXPECT_TRUE(read_file(*volume_, inode, block * block_size(), data).ok());
    EXPECT_EQ(data, std::vector<uint8_t>(block_size(), data[0]));
    return data[0];
  }
  blk64_t reference(Inode& inode, uint64_t block) {
    blk64_t found = 0;
    EXPECT_EQ(ext2fs_bmap2(volume_->ext2(), inode.number, inode.base(), nullptr, 0, block, nullptr,
                           &found),
              0);
    return found;
  }
  // Every run is what it should be, and ends only where it has to.
  void check_runs(Inode& inode, uint64_t first, uint64_t end) {
    for (uint64_t block = first; block < end;) {
      auto mapped = volume_->map_run(inode, block, end - block);
      ASSERT_TRUE(mapped.ok());
      const Volume::Run run = mapped.take();
      ASSERT_GT(run.count, 0u);
      ASSERT_LE(run.count, end - block);
      const uint64_t step = run.block == 0 ? 0 : 1;
      for (uint64_t i = 0; i < run.count; ++i) {
        ASSERT_EQ(reference(inode, block + i), run.block + i * step) << block + i;
        ASSERT_EQ(volume_->map(inode, block + i).take(), run.block + i * step);
      }
      block += run.count;
      const bool at_border = block == 12 || (block > 12 && (block - 12) % per_block() == 0);
      if (block < end && (GetParam().extents || !at_border)) {
        ASSERT_NE(reference(inode, block), run.block + run.count * step) << block;
      }
    }
  }

  MemoryBlockDevice device_;
  std::unique_ptr<Volume> volume_;
};

TEST_P(VolumeMapTest, RunsEndWhereTheNumbersDo) {
  Inode inode = make_file("f");
  const uint32_t n = per_block();
  const uint64_t borders[] = {12, 12 + n, 12 + n + n, 12 + n + n * n};
  uint8_t value = 1;
  for (const uint64_t border : borders) {
    if ((border + 8) * block_size() > Volume::kMaxFileSize) continue;
    EXPECT_TRUE(write(inode, border - 5, 10, value).ok());
    check_runs(inode, border - 9, border + 9);
    for (uint64_t i = border - 5; i < border + 5; ++i) EXPECT_EQ(value_at(inode, i), value);
    EXPECT_EQ(value_at(inode, border + 6), 0);
    ++value;
  }
  check_runs(inode, 0, 12 + 3 * n);
  EXPECT_EQ(count_holes(*volume_, inode, 0, uint64_t{12 + n + n} * block_size()).take(),
            12 + n + n - 25);
  EXPECT_FALSE(volume_->map_run(inode, 1ULL << 40, 1).ok());
  ASSERT_TRUE(volume_->free_blocks_from(inode, 12 + n).ok());
  check_runs(inode, 0, 12 + 3 * n);
  EXPECT_EQ(count_holes(*volume_, inode, 0, uint64_t{12 + n} * block_size()).take(), n - 3);
}

TEST_P(VolumeMapTest, RandomWritesAgreeWithAModel) {
  Inode file = make_file("f");
  Inode other = make_file("g");  // in between, and cut, for pieces
  std::vector<uint8_t> model(12 + 5 * per_block());
  if (model.size() > 1500) model.resize(1500);
  std::mt19937 random(block_size());
  for (int i = 0; i < (GetParam().extents ? 60 : 300); ++i) {
    const auto block = static_cast<uint32_t>(random() % (model.size() - 40));
    const uint32_t count = 1 + random() % 40;
    const auto value = static_cast<uint8_t>(1 + random() % 255);
    ASSERT_TRUE(write(other, random() % 400, 1 + random() % 3, 1).ok());
    if (i % 3 == 2) {
      make_hole(file, block, block + count);
      std::fill_n(model.begin() + block, count, 0);
    } else {
      ASSERT_TRUE(write(file, block, count, value).ok());
      std::fill_n(model.begin() + block, count, value);
    }
    for (uint32_t b = 0; b < model.size(); ++b) {
      ASSERT_EQ(volume_->map(file, b).take() != 0, model[b] != 0) << i << ": " << b;
    }
    if (i % 50 != 0) continue;
    check_runs(file, 0, model.size());
    ASSERT_TRUE(volume_->sync().ok());
    ASSERT_EQ(check_medium(), "");
  }
  const uint64_t size = file.size() / block_size();
  for (uint32_t i = 0; i < size; ++i) ASSERT_EQ(value_at(file, i), model[i]) << i;
  ASSERT_TRUE(volume_->free_blocks_from(file, 0).ok());
  ASSERT_TRUE(volume_->free_blocks_from(other, 0).ok());
}

TEST_P(VolumeMapTest, EveryPieceOfAFragmentedVolumeIsUsed) {
  // An extent tree that cannot grow is left inconsistent by libext2fs.
  if (GetParam().extents) return;
  Inode big = make_file("big");
  Inode file = make_file("file");
  uint64_t blocks = 0;
  while (write(big, blocks, 16, 'b').ok()) blocks += 16;
  while (write(big, blocks, 1, 'b').ok()) ++blocks;
  // What is left is less than an indirect block and a block.
  EXPECT_LE(volume_->stats().free_blocks, 1u);
  EXPECT_EQ(count_holes(*volume_, big, 0, blocks * block_size()).take(), 0u);
  // Pieces of one, two, three ... blocks.
  uint64_t freed = 0;
  for (uint64_t block = 20, length = 1; block + length < blocks; length = length % 9 + 1) {
    make_hole(big, block, block + length);
    freed += length;
    block += 2 * length;
  }
  ASSERT_TRUE(volume_->sync().ok());
  const uint64_t room = volume_->stats().free_blocks;
  EXPECT_GE(room, freed);
  // Too much at once: nothing remains taken but indirect blocks. Then all of it, in small writes.
  EXPECT_EQ(write(file, 0, static_cast<uint32_t>(room) + 1, 'x').code(), ENOSPC);
  EXPECT_EQ(count_holes(*volume_, file, 0, room * block_size()).take(), room);
  ASSERT_TRUE(volume_->sync().ok());
  EXPECT_GE(volume_->stats().free_blocks, room - room / per_block() - 3);
  EXPECT_EQ(check_medium(), "");
  ASSERT_TRUE(volume_->free_blocks_from(file, 0).ok());
  EXPECT_EQ(volume_->stats().free_blocks, room);
  ASSERT_TRUE(volume_->sync().ok());
  uint64_t written = 0;
  while (write(file, written, 16, 'f').ok()) written += 16;
  while (write(file, written, 1, 'f').ok()) ++written;
  EXPECT_LE(volume_->stats().free_blocks, 1u);
  for (uint64_t i = 0; i < written; ++i) ASSERT_EQ(value_at(file, i), 'f') << i;
  for (uint64_t i = 0; i < 20; ++i) ASSERT_EQ(value_at(big, i), 'b') << i;
  ASSERT_TRUE(volume_->sync().ok());
  EXPECT_EQ(check_medium(), "");
  ASSERT_TRUE(volume_->free_blocks_from(file, 0).ok());
}

TEST_P(VolumeMapTest, AFailingDiskTakesNoBlocks) {
  Inode inode = make_file("f");
  ASSERT_TRUE(write(inode, 8, 2, 1).ok());
  ASSERT_TRUE(volume_->sync().ok());
  ASSERT_TRUE(volume_->begin_operation().ok());
  const uint64_t before = volume_->stats().free_blocks;
  const auto blocks_before = inode.raw.i_blocks;
  std::vector<uint8_t> data(size_t{6} * block_size());
  ASSERT_TRUE(volume_->set_size(inode, 100 * block_size()).ok());
  device_.fail(true);
  EXPECT_EQ(write_file(*volume_, inode, 0, data).code(), EIO);
  device_.fail(false);
  EXPECT_EQ(volume_->stats().free_blocks, before);
  EXPECT_EQ(inode.raw.i_blocks, blocks_before);
  EXPECT_EQ(count_holes(*volume_, inode, 0, data.size()).take(), 6u);
}

TEST_P(VolumeMapTest, DamagedNumbersAreErrors) {
  if (GetParam().extents) return;
  Inode inode = make_file("f");
  Inode damaged = inode;
  const auto blocks = static_cast<uint32_t>(volume_->stats().blocks) +
                      volume_->ext2()->super->s_first_data_block;
  damaged.raw.i_block[0] = blocks - 1;
  damaged.raw.i_block[1] = blocks;
  EXPECT_EQ(volume_->map(damaged, 0).take(), blocks - 1);
  EXPECT_EQ(volume_->map(damaged, 1).code(), EIO);
  EXPECT_EQ(volume_->map_run(damaged, 0, 2).code(), EIO);
  damaged.raw.i_block[12] = blocks;
  EXPECT_EQ(volume_->map_run(damaged, 12, 1).code(), EIO);
  std::vector<uint8_t> data(block_size());
  ASSERT_TRUE(volume_->set_size(damaged, 40 * block_size()).ok());
  EXPECT_EQ(read_file(*volume_, damaged, 12 * block_size(), data).code(), EIO);
  EXPECT_EQ(volume_->fill_hole(damaged, 12, 1, Volume::Use::kData).code(), EIO);
}

// The count of sectors in an inode has 32 bits.
TEST_P(VolumeMapTest, ARunThatCannotBeCountedIsNotTaken) {
  if (GetParam().extents) return;
  Inode inode = make_file("f");
  ASSERT_TRUE(volume_->begin_operation().ok());
  const uint64_t before = volume_->stats().free_blocks;
  Inode full = inode;
  full.raw.i_blocks = ~0u;
  EXPECT_FALSE(volume_->fill_hole(full, 0, 4, Volume::Use::kData).ok());
  EXPECT_EQ(volume_->stats().free_blocks, before);
  EXPECT_EQ(full.raw.i_block[0], 0u);
}

TEST_P(VolumeMapTest, MetadataDoesNotGetReservedBlocks) {
  Inode inode = make_file("f");
  uint64_t reserved = volume_->reserve(1u << 20).take();
  EXPECT_EQ(volume_->reserve(1).code(), ENOSPC);
  // A few blocks are kept for indirect blocks.
  std::vector<uint64_t> filled;
  for (uint64_t block = 0;; ++block) {
    const auto got = volume_->map_or_allocate(inode, block, Volume::Use::kMetadata);
    if (!got.ok()) {
      EXPECT_EQ(got.code(), ENOSPC);
      break;
    }
    filled.push_back(block);
    ASSERT_LT(filled.size(), 100u);
  }
  EXPECT_EQ(volume_->stats().free_blocks, 0u);
  volume_->unreserve(reserved);
  EXPECT_EQ(volume_->stats().free_blocks, reserved);
  ASSERT_TRUE(volume_->free_blocks_from(inode, 0).ok());
}

INSTANTIATE_TEST_SUITE_P(Formats, VolumeMapTest,
                         testing::Values(Format{1024, false}, Format{2048, false},
                                         Format{4096, false}, Format{1024, true},
                                         Format{4096, true}, Format{1024, false, true},
                                         Format{4096, true, true}));

}  // namespace
}  // namespace file
