#include "servers/file/volume.h"

#include <cerrno>
#include <map>
#include <random>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "servers/file/directory.h"
#include "servers/file/file_data.h"
#include "servers/file/memory_block_device.h"
#include "servers/file/test_image.h"

namespace file {
namespace {

constexpr uint32_t kFileMode = LINUX_S_IFREG | 0644;
constexpr uint32_t kDirectoryMode = LINUX_S_IFDIR | 0755;

struct Format {
  uint32_t block_size;
  bool journal;
};

class VolumeTest : public testing::TestWithParam<Format> {
 protected:
  VolumeTest()
      : device_(make_image(
            {.size = 12u << 20, .block_size = block_size(), .journal = GetParam().journal})) {
    mount();
  }
  static uint32_t block_size() { return GetParam().block_size; }

  void mount() {
    auto mounted = Volume::mount(
        device_, {.cache_blocks = 64, .clock = [] { return Time{1'700'000'000, 5}; }});
    ASSERT_TRUE(mounted.ok()) << mounted.code();
    volume_ = mounted.take();
  }
  void unmount_and_check() {
    EXPECT_TRUE(volume_->shut_down().ok());
    volume_.reset();
    EXPECT_EQ(check_image(device_.bytes()), "");
    EXPECT_TRUE(marked_clean(device_.bytes()));
  }
  Inode root() { return volume_->load(Volume::kRootInode).take(); }

  Inode make_file(Inode& dir, const std::string& name) {
    auto made = volume_->allocate(dir, kFileMode, 10, 70'000);
    EXPECT_TRUE(made.ok()) << made.code();
    Inode inode = made.take();
    EXPECT_TRUE(Directory(*volume_, dir).insert(name, inode.number, kFileMode).ok());
    inode.raw.i_links_count = 1;
    EXPECT_TRUE(volume_->store(inode).ok());
    volume_->named(inode.number);
    return inode;
  }
  void remove_file(Inode& dir, const std::string& name) {
    Inode inode = volume_->load(Directory(*volume_, dir).lookup(name).take()).take();
    EXPECT_TRUE(Directory(*volume_, dir).remove(name).ok());
    inode.raw.i_links_count = 0;
    EXPECT_TRUE(volume_->free(inode).ok());
  }
  void write(Inode& inode, uint64_t offset, std::vector<uint8_t> data) {
    EXPECT_TRUE(
        volume_->set_size(inode, std::max<uint64_t>(inode.size(), offset + data.size())).ok());
    EXPECT_TRUE(write_file(*volume_, inode, offset, data).ok());
    EXPECT_TRUE(volume_->store(inode).ok());
  }

  MemoryBlockDevice device_;
  std::unique_ptr<Volume> volume_;
};

TEST_P(VolumeTest, MountingAndUnmountingChangesNothingThatMatters) { unmount_and_check(); }

TEST_P(VolumeTest, FilesKeepTheirContentsAndAttributes) {
  {
    Inode dir = root();
    Inode inode = make_file(dir, "hello");
    write(inode, 0, std::vector<uint8_t>(5000, 'x'));
    write(inode, 400 * block_size(), std::vector<uint8_t>(100, 'y'));
  }
  unmount_and_check();
  mount();
  Inode dir = root();
  auto number = Directory(*volume_, dir).lookup("hello");
  ASSERT_TRUE(number.ok());
  Inode inode = volume_->load(*number).take();
  EXPECT_EQ(inode.size(), 400 * block_size() + 100);
  EXPECT_EQ(inode.uid(), 10u);
  EXPECT_EQ(inode.gid(), 70'000u);
  EXPECT_EQ(inode.time(Inode::Stamp::kModify).seconds, 1'700'000'000);
  EXPECT_EQ(inode.time(Inode::Stamp::kModify).nanoseconds, 5u);
  std::vector<uint8_t> data(8192);
  ASSERT_TRUE(read_file(*volume_, inode, 0, data).ok());
  EXPECT_EQ(data[4999], 'x');
  EXPECT_EQ(data[5000], 0);
  ASSERT_TRUE(read_file(*volume_, inode, 400 * block_size(), data).ok());
  EXPECT_EQ(data[99], 'y');
  EXPECT_EQ(data[100], 0);
  EXPECT_EQ(count_holes(*volume_, inode, 8192, 4096).take(), 4096 / block_size());
}

TEST_P(VolumeTest, CutFileFreesBlocks) {
  const uint64_t before = volume_->stats().free_blocks;
  Inode dir = root();
  Inode inode = make_file(dir, "f");
  write(inode, 0, std::vector<uint8_t>(300'000, 'x'));
  ASSERT_TRUE(volume_->set_size(inode, 10).ok());
  ASSERT_TRUE(cut_file(*volume_, inode, 10).ok());
  ASSERT_TRUE(volume_->set_size(inode, 4096).ok());
  std::vector<uint8_t> data(4096);
  ASSERT_TRUE(read_file(*volume_, inode, 0, data).ok());
  EXPECT_EQ(data[9], 'x');
  EXPECT_EQ(volume_->stats().free_blocks, before - 1);
  remove_file(dir, "f");
  EXPECT_EQ(volume_->stats().free_blocks, before);
  unmount_and_check();
}

TEST_P(VolumeTest, ANamelessInodeKeepsTheVolumeMarked) {
  if (GetParam().journal) return;
  Inode dir = root();
  Inode inode = volume_->allocate(dir, kFileMode, 0, 0).take();
  ASSERT_TRUE(volume_->sync().ok());
  EXPECT_FALSE(marked_clean(device_.bytes()));
  ASSERT_TRUE(volume_->free(inode).ok());
  ASSERT_TRUE(volume_->sync().ok());
  EXPECT_TRUE(marked_clean(device_.bytes()));
  EXPECT_EQ(check_image(device_.bytes()), "");
}

TEST_P(VolumeTest, TheMarkGoesBeforeTheFirstChange) {
  EXPECT_TRUE(marked_clean(device_.bytes()));
  Inode dir = root();
  make_file(dir, "a");
  EXPECT_FALSE(marked_clean(device_.bytes()));
}

TEST_P(VolumeTest, AFullVolumeSaysSo) {
  Inode dir = root();
  Inode inode = make_file(dir, "big");
  std::vector<uint8_t> data(1u << 20, 'z');
  base::Status status;
  for (uint64_t offset = 0; status.ok() && offset < (64u << 20); offset += data.size()) {
    ASSERT_TRUE(volume_->set_size(inode, offset + data.size()).ok());
    status = write_file(*volume_, inode, offset, data);
  }
  EXPECT_EQ(status.code(), ENOSPC);
  EXPECT_EQ(volume_->reserve(1, (1u << 20) / block_size() + 1).code(), ENOSPC);
  ASSERT_TRUE(volume_->store(inode).ok());
  remove_file(dir, "big");
  EXPECT_TRUE(volume_->reserve(100).ok());
  volume_->unreserve(100);
  unmount_and_check();
}

TEST_P(VolumeTest, DeviceErrorsAreErrors) {
  Inode dir = root();
  Inode inode = make_file(dir, "f");
  device_.fail(true);
  std::vector<uint8_t> data(4096, 'q');
  ASSERT_TRUE(volume_->set_size(inode, 4096).ok());
  EXPECT_EQ(write_file(*volume_, inode, 0, data).code(), EIO);
  EXPECT_EQ(volume_->sync().code(), EIO);
  device_.fail(false);
  // Nothing was lost but what was reported lost.
  unmount_and_check();
}

TEST_P(VolumeTest, DirectoriesGrowAndShrinkByRandomNames) {
  std::map<std::string, ext2_ino_t> model;
  std::mt19937 random(block_size());
  Inode dir = volume_->allocate(root(), kDirectoryMode, 0, 0).take();
  Inode top = root();
  ASSERT_TRUE(volume_->init_directory(dir, top.number).ok());
  ASSERT_TRUE(Directory(*volume_, top).insert("d", dir.number, kDirectoryMode).ok());
  dir.raw.i_links_count = 2;
  top.raw.i_links_count++;
  ASSERT_TRUE(volume_->store(dir).ok());
  ASSERT_TRUE(volume_->store(top).ok());
  volume_->named(dir.number);
  for (int i = 0; i < 1500; ++i) {
    std::string name(1 + random() % 60, static_cast<char>('a' + random() % 8));
    name += std::to_string(random() % 100);
    const auto found = Directory(*volume_, dir).lookup(name);
    EXPECT_EQ(found.ok(), model.contains(name));
    if (!found.ok()) {
      model[name] = make_file(dir, name).number;
    } else {
      EXPECT_EQ(found.value(), model[name]);
      remove_file(dir, name);
      model.erase(name);
    }
  }
  std::map<std::string, ext2_ino_t> seen;
  uint64_t position = 0;
  // One entry per call: positions must carry over.
  for (bool more = true; more;) {
    more = false;
    ASSERT_TRUE(Directory(*volume_, dir).iterate(position, [&](const Directory::Entry& entry) {
      if (entry.name != "." && entry.name != "..") seen[std::string(entry.name)] = entry.inode;
      position = entry.next;
      more = true;
      return Directory::Visit::kStop;
    }).ok());
  }
  EXPECT_EQ(seen, model);
  EXPECT_FALSE(Directory(*volume_, dir).is_empty().take());
  ASSERT_TRUE(volume_->sync().ok());
  EXPECT_EQ(check_image(device_.bytes()), "");
  for (const auto& [name, inode] : model) remove_file(dir, name);
  EXPECT_TRUE(Directory(*volume_, dir).is_empty().take());
  unmount_and_check();
}

TEST_P(VolumeTest, OperationsInALargeDirectoryDoNotSearchIt) {
  constexpr int kNames = 10'000;
  constexpr uint64_t kReadsEach = 3;
  Inode dir = root();
  Inode inode = make_file(dir, "file");
  const auto name = [](int i) { return "a name of some length " + std::to_string(i); };
  uint64_t before = volume_->directory_reads();
  const auto reads = [&] { return std::exchange(before, volume_->directory_reads()); };
  for (int i = 0; i < kNames; ++i) {
    ASSERT_TRUE(volume_->begin_operation().ok());
    ASSERT_TRUE(Directory(*volume_, dir).insert(name(i), inode.number, kFileMode).ok());
  }
  EXPECT_LT(volume_->directory_reads() - reads(), kReadsEach * kNames);
  for (int i = 0; i < kNames; ++i) {
    ASSERT_EQ(Directory(*volume_, dir).lookup(name(i)).take(), inode.number);
    ASSERT_EQ(Directory(*volume_, dir).lookup(name(i) + "x").code(), ENOENT);
  }
  EXPECT_LT(volume_->directory_reads() - reads(), kReadsEach * kNames);
  for (int i = 0; i < kNames; ++i) {
    ASSERT_TRUE(volume_->begin_operation().ok());
    ASSERT_TRUE(Directory(*volume_, dir).remove(name((i * 7) % kNames)).ok());
  }
  EXPECT_LT(volume_->directory_reads() - reads(), kReadsEach * kNames);
  // The room is found again: the directory does not grow.
  const uint64_t size = dir.size();
  for (int i = 0; i < kNames; ++i) {
    ASSERT_TRUE(volume_->begin_operation().ok());
    ASSERT_TRUE(Directory(*volume_, dir).insert(name(i), inode.number, kFileMode).ok());
  }
  EXPECT_LT(volume_->directory_reads() - reads(), kReadsEach * kNames);
  EXPECT_EQ(dir.size(), size);
  inode.raw.i_links_count = kNames + 1;
  ASSERT_TRUE(volume_->store(inode).ok());
  unmount_and_check();
}

TEST(DirectoryIndexes, KeepsTheMostRecentlyUsed) {
  DirectoryIndexes indexes;
  for (ext2_ino_t directory = 1; directory <= 40; ++directory) {
    auto index = std::make_unique<DirectoryIndex>();
    for (uint32_t i = 0; i < 30'000; ++i) index->add("name" + std::to_string(i), i);
    indexes.add(directory, std::move(index));
    EXPECT_NE(indexes.find(1), nullptr);
  }
  EXPECT_LT(indexes.count(), 32u);
  EXPECT_EQ(indexes.find(2), nullptr);
  DirectoryIndex* const index = indexes.find(40);
  ASSERT_NE(index, nullptr);
  for (uint32_t i = 0; i < 30'000; i += 2) index->remove("name" + std::to_string(i), i);
  EXPECT_EQ(index->size(), 15'000u);
  const auto at = [&](uint32_t i) {
    return index->find("name" + std::to_string(i), [&](uint32_t found) { return found == i; });
  };
  EXPECT_FALSE(at(2000));
  EXPECT_TRUE(at(2001));
}

INSTANTIATE_TEST_SUITE_P(Formats, VolumeTest,
                         testing::Values(Format{1024, false}, Format{2048, false},
                                         Format{4096, false}, Format{1024, true},
                                         Format{4096, true}));

TEST(VolumeMount, RefusesWhatIsNotExt2) {
  MemoryBlockDevice device(1u << 20);
  EXPECT_EQ(Volume::mount(device, {}).code(), EINVAL);
}

TEST(VolumeMount, RefusesBlocksLargerThanAPage) {
  MemoryBlockDevice device(make_image({.size = 64u << 20, .block_size = 8192}));
  EXPECT_EQ(Volume::mount(device, {}).code(), EOPNOTSUPP);
}

}  // namespace
}  // namespace file
