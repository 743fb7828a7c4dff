// The journal against e2fsprogs: logs that debugfs wrote are replayed here, logs written here are
// replayed by e2fsck.
#include "servers/file/journal.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "gtest/gtest.h"
#include "servers/file/crash_block_device.h"
#include "servers/file/directory.h"
#include "servers/file/journal_format.h"
#include "servers/file/test_image.h"
#include "servers/file/volume.h"

namespace file {
namespace {

constexpr uint32_t kBlock = 1024;
constexpr uint32_t kMode = LINUX_S_IFREG | 0644;

// A file of the build machine with some blocks, for debugfs.
class BlockFile {
 public:
  explicit BlockFile(const std::vector<uint8_t>& bytes) {
    const char* directory = std::getenv("TEST_TMPDIR");
    path_ = std::string(directory != nullptr ? directory : "/tmp") + "/blocksXXXXXX";
    const int fd = mkstemp(path_.data());
    EXPECT_EQ(write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    close(fd);
  }
  ~BlockFile() { unlink(path_.c_str()); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::vector<uint8_t> fresh() { return make_image({.size = 4u << 20, .journal = true}); }

uint8_t byte_of(const std::vector<uint8_t>& image, uint32_t block) { return image[block * kBlock]; }

base::ErrorCode mount_and_unmount(std::vector<uint8_t>& image, bool read_only = false) {
  MemoryBlockDevice device(std::move(image));
  base::ErrorCode code = 0;
  {
    const auto mounted = Volume::mount(device, {.read_only = read_only, .clock = {}});
    code = mounted.code();
  }
  image = std::move(device.bytes());
  return code;
}

TEST(Journal, ReplaysWhatDebugfsWrote) {
  std::vector<uint8_t> image = fresh();
  const BlockFile a(std::vector<uint8_t>(2 * kBlock, 'a'));
  const BlockFile b(std::vector<uint8_t>(2 * kBlock, 'b'));
  debugfs("jo\njw -b 3000,3001 " + a.path() + "\njw -b 3001,3002 " + b.path() + "\njc\n", image);
  ASSERT_FALSE(marked_clean(image));
  ASSERT_EQ(byte_of(image, 3001), 0);
  EXPECT_EQ(mount_and_unmount(image), 0);
  EXPECT_EQ(byte_of(image, 3000), 'a');
  EXPECT_EQ(byte_of(image, 3001), 'b');
  EXPECT_EQ(byte_of(image, 3002), 'b');
  EXPECT_TRUE(marked_clean(image));
  EXPECT_EQ(check_image(image), "");
}

TEST(Journal, AReadOnlyMountReplaysToo) {
  std::vector<uint8_t> image = fresh();
  const BlockFile a(std::vector<uint8_t>(kBlock, 'a'));
  debugfs("jo\njw -b 3000 " + a.path() + "\njc\n", image);
  EXPECT_EQ(mount_and_unmount(image, true), 0);
  EXPECT_EQ(byte_of(image, 3000), 'a');
}

TEST(Journal, RevokedBlocksStay) {
  std::vector<uint8_t> image = fresh();
  const BlockFile a(std::vector<uint8_t>(2 * kBlock, 'a'));
  const BlockFile b(std::vector<uint8_t>(kBlock, 'b'));
  debugfs("jo\njw -b 3000,3001 " + a.path() + "\njw -r 3000,3001\njw -b 3001 " + b.path() +
              "\njc\n",
          image);
  EXPECT_EQ(mount_and_unmount(image), 0);
  EXPECT_EQ(byte_of(image, 3000), 0);
  // Written again after it was revoked.
  EXPECT_EQ(byte_of(image, 3001), 'b');
}

TEST(Journal, BlocksThatLookLikeTheLogAreEscaped) {
  std::vector<uint8_t> image = fresh();
  std::vector<uint8_t> bytes(kBlock, 'a');
  journal_format::put32(bytes, 0, journal_format::kMagic);
  const BlockFile file(bytes);
  debugfs("jo\njw -b 3000 " + file.path() + "\njc\n", image);
  EXPECT_EQ(mount_and_unmount(image), 0);
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), image.begin() + 3000 * kBlock));
}

TEST(Journal, ATransactionWithoutItsCommitBlockDoesNotCount) {
  std::vector<uint8_t> image = fresh();
  const BlockFile a(std::vector<uint8_t>(kBlock, 'a'));
  const BlockFile b(std::vector<uint8_t>(kBlock, 'b'));
  debugfs("jo\njw -b 3000 " + a.path() + "\njw -c -b 3000 " + b.path() + "\njc\n", image);
  EXPECT_EQ(mount_and_unmount(image), 0);
  EXPECT_EQ(byte_of(image, 3000), 'a');
}

// Where the journal's blocks are.
std::vector<uint32_t> journal_blocks(std::vector<uint8_t>& image) {
  MemoryBlockDevice device(image);
  auto volume = Volume::mount(device, {.read_only = true, .clock = {}}).take();
  Inode inode = volume->load(8).take();
  std::vector<uint32_t> blocks;
  for (uint64_t i = 0; i < inode.size() / kBlock; ++i) {
    blocks.push_back(static_cast<uint32_t>(volume->map(inode, i).take()));
  }
  return blocks;
}

TEST(Journal, WhatIsUnknownIsRefused) {
  std::vector<uint8_t> image = fresh();
  const uint32_t superblock = journal_blocks(image)[0];
  const auto block = std::span(image).subspan(superblock * kBlock, kBlock);
  constexpr uint32_t kChecksums = 0x10;
  journal_format::put32(block, journal_format::kIncompatAt, kChecksums);
  EXPECT_EQ(mount_and_unmount(image), EOPNOTSUPP);
}

TEST(Journal, DamageIsAnError) {
  for (const size_t field : {journal_format::kMagicAt, journal_format::kBlockSizeAt,
                             journal_format::kLengthAt, journal_format::kFirstAt,
                             journal_format::kStartAt}) {
    std::vector<uint8_t> image = fresh();
    const uint32_t superblock = journal_blocks(image)[0];
    journal_format::put32(std::span(image).subspan(superblock * kBlock, kBlock), field, 0x12345678);
    EXPECT_EQ(mount_and_unmount(image), EIO) << field;
  }
}

TEST(Journal, TheLogGoesAroundAndE2fsckFollows) {
  std::vector<uint8_t> image = fresh();
  const std::vector<uint32_t> blocks = journal_blocks(image);
  MemoryBlockDevice device(image);
  auto journal = Journal::open(device, kBlock, blocks).take();
  ASSERT_TRUE(journal->begin().ok());
  // Transactions of 202 blocks: the fifth one crosses the end. Each is retired but the last two.
  std::vector<uint8_t> data(kBlock);
  for (uint32_t round = 1; round <= 7; ++round) {
    std::ranges::fill(data, static_cast<uint8_t>(round));
    if (round == 5) journal_format::put32(data, 0, journal_format::kMagic);
    std::vector<BlockCache::Block> changed;
    for (uint32_t i = 0; i < 200; ++i) changed.push_back({2000 + round * 100 + i, data});
    if (round <= 5) ASSERT_TRUE(journal->retire().ok());
    const std::vector<uint32_t> revoked = round == 6 ? std::vector<uint32_t>{2500, 2501}
                                                     : std::vector<uint32_t>{};
    ASSERT_TRUE(journal->commit(changed, revoked, 0).ok());
    EXPECT_TRUE(journal->has(2000 + round * 100));
  }
  EXPECT_FALSE(journal->has(2500));
  std::vector<uint8_t> medium = device.bytes();
  debugfs("ssv feature_incompat 0x6\n", medium);
  std::vector<uint8_t> other = medium;
  std::string before = recover_with_e2fsck(other);
  EXPECT_EQ(mount_and_unmount(medium), 0);
  for (uint32_t block = 2000; block < 3000; ++block) {
    ASSERT_TRUE(std::equal(medium.begin() + block * kBlock, medium.begin() + (block + 1) * kBlock,
                           other.begin() + block * kBlock))
        << block;
  }
  EXPECT_EQ(byte_of(medium, 2400), 0);  // retired
  EXPECT_EQ(byte_of(medium, 2500), 0);  // revoked
  EXPECT_EQ(byte_of(medium, 2502), 0xc0);
  EXPECT_EQ(byte_of(medium, 2799), 7);
}

TEST(Journal, OrphansAreFreedByTheNextMount) {
  std::vector<uint8_t> image = fresh();
  CrashBlockDevice device(image);
  uint64_t free_inodes = 0;
  {
    auto volume = Volume::mount(device, {}).take();
    free_inodes = volume->stats().free_inodes;
    Inode root = volume->load(Volume::kRootInode).take();
    for (int i = 0; i < 3; ++i) {
      Inode inode = volume->allocate(root, kMode, 0, 0).take();
      volume->add_orphan(inode.number);
      ASSERT_TRUE(volume->store(inode).ok());
      if (i == 1) ASSERT_TRUE(volume->free(inode).ok());  // from the middle of the list
    }
    ASSERT_TRUE(volume->sync().ok());
    std::mt19937 random(1);
    image = device.after_cut(device.events(), random);
  }
  std::vector<uint8_t> other = image;
  EXPECT_EQ(recover_with_e2fsck(other), "");
  MemoryBlockDevice after(image);
  {
    auto volume = Volume::mount(after, {}).take();
    EXPECT_EQ(volume->stats().free_inodes, free_inodes);
  }
  EXPECT_EQ(check_image(after.bytes()), "");
}

TEST(Journal, AFailingLogMakesTheVolumeReadOnlyAndLosesNothingDurable) {
  CrashBlockDevice device(fresh());
  std::vector<uint8_t> medium;
  {
    auto volume = Volume::mount(device, {}).take();
    Inode root = volume->load(Volume::kRootInode).take();
    Inode inode = volume->allocate(root, kMode, 0, 0).take();
    ASSERT_TRUE(Directory(*volume, root).insert("kept", inode.number, kMode).ok());
    inode.raw.i_links_count = 1;
    volume->named(inode.number);
    ASSERT_TRUE(volume->store(inode).ok());
    ASSERT_TRUE(volume->sync().ok());
    ASSERT_TRUE(Directory(*volume, root).insert("lost", inode.number, kMode).ok());
    device.fail_after(1);  // the descriptor and blocks arrive, the commit block does not
    EXPECT_EQ(volume->sync().code(), EIO);
    device.fail_after(~0u);
    EXPECT_TRUE(volume->aborted());
    EXPECT_EQ(volume->begin_operation().code(), EROFS);
    EXPECT_EQ(volume->sync().code(), EIO);
    EXPECT_TRUE(Directory(*volume, root).lookup("kept").ok());
    std::mt19937 random(1);
    medium = device.after_cut(device.events(), random);
  }
  MemoryBlockDevice after(medium);
  {
    auto volume = Volume::mount(after, {}).take();
    Inode root = volume->load(Volume::kRootInode).take();
    EXPECT_TRUE(Directory(*volume, root).lookup("kept").ok());
    EXPECT_EQ(Directory(*volume, root).lookup("lost").code(), ENOENT);
  }
  EXPECT_EQ(check_image(after.bytes()), "");
}

}  // namespace
}  // namespace file
