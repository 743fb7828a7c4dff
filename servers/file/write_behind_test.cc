// Data on its way to the disk while the file system goes on.
#include <cerrno>
#include <deque>

#include "gtest/gtest.h"
#include "servers/file/ext2_file_system.h"
#include "servers/file/ext2_node.h"
#include "servers/file/fake_page_cache.h"
#include "servers/file/memory_block_device.h"
#include "servers/file/test_image.h"

namespace file {
namespace {

// A disk whose started writes happen when somebody waits for them, or never.
class LazyBlockDevice final : public BlockDevice {
 public:
  explicit LazyBlockDevice(std::vector<uint8_t> image) : medium(std::move(image)) {}

  [[nodiscard]] uint64_t size() const override { return medium.size(); }
  base::Status read(uint64_t offset, std::span<uint8_t> data) override { return medium.read(offset, data); }
  base::Status write(uint64_t offset, std::span<const uint8_t> data) override {
    if (under_way != 0) ++writes_beside;
    return medium.write(offset, data);
  }
  base::Status flush() override { return medium.flush(); }
  std::unique_ptr<PendingWrite> start_write(uint64_t offset, std::span<uint8_t> pages) override {
    ++under_way;
    most = std::max(most, under_way);
    return std::make_unique<Write>(*this, offset, std::vector<uint8_t>(pages.begin(), pages.end()));
  }

  MemoryBlockDevice medium;
  size_t under_way = 0;
  size_t most = 0;
  size_t writes_beside = 0;  // metadata written while data was under way
  bool fails = false;

 private:
  class Write final : public PendingWrite {
   public:
    Write(LazyBlockDevice& device, uint64_t offset, std::vector<uint8_t> data)
        : device_(device), offset_(offset), data_(std::move(data)) {}
    base::Status finish() override {
      --device_.under_way;
      if (device_.fails) return base::Error(EIO);
      return device_.medium.write(offset_, data_);
    }

   private:
    LazyBlockDevice& device_;
    uint64_t offset_;
    std::vector<uint8_t> data_;
  };
};

class WriteBehindTest : public testing::TestWithParam<bool> {
 protected:
  WriteBehindTest() : cache_(lock_), device_(make_image({.size = 12u << 20, .block_size = 4096, .journal = GetParam()})) {
    lock_.lock();
    mount();
  }
  ~WriteBehindTest() override {
    unmount();
    EXPECT_EQ(check_image(device_.medium.bytes()), "");
    lock_.unlock();
  }

  void mount() {
    auto volume = Volume::mount(device_, {.clock = [] { return Time{1'700'000'000, 0}; }});
    fs_ = std::make_unique<Ext2FileSystem>(volume.take(), cache_, lock_, 0x301);
  }
  void unmount() {
    EXPECT_TRUE(fs_->sync(server::FileSystem::Shutdown::kYes).ok());
    cache_.settle();
    fs_.reset();
    EXPECT_EQ(device_.under_way, 0u);
  }
  base::Ref<Ext2Node> make(std::string_view name, size_t size, uint8_t byte) {
    const auto made = fs_->root()->create(name, {.mode = S_IFREG | 0644}).take();
    auto node = fs_->node(static_cast<ext2_ino_t>(made->number())).take();
    uint64_t end = 0;
    EXPECT_EQ(node->write(0, std::vector<uint8_t>(size, byte), &end).value(), size);
    return node;
  }
  base::Ref<Ext2Node> open(std::string_view name) {
    const auto found = fs_->root()->lookup(name).take();
    return fs_->node(static_cast<ext2_ino_t>(found->number())).take();
  }
  static std::vector<uint8_t> read(Ext2Node& node) {
    std::vector<uint8_t> data(node.size(), '?');
    EXPECT_EQ(node.read(0, data).value(), data.size());
    return data;
  }

  server::Mutex lock_;
  FakePageCache cache_;
  LazyBlockDevice device_;
  std::unique_ptr<Ext2FileSystem> fs_;
};

TEST_P(WriteBehindTest, ACommitWaitsForIt) {
  {
    const auto file = make("f", 200'000, 'a');
    cache_.evict();
    EXPECT_GT(device_.under_way, 0u);
    EXPECT_TRUE(fs_->sync(server::FileSystem::Shutdown::kNo).ok());
    EXPECT_EQ(device_.under_way, 0u);
    EXPECT_EQ(device_.writes_beside, 0u);
  }
  unmount();
  mount();
  EXPECT_EQ(read(*open("f")), std::vector<uint8_t>(200'000, 'a'));
}

TEST_P(WriteBehindTest, OnlySoMuchIsUnderWay) {
  const auto file = make("f", 2'000'000, 'b');
  cache_.evict();
  EXPECT_LE(device_.most, 5u);
  EXPECT_GT(device_.most, 2u);
  EXPECT_TRUE(file->sync(server::Node::Sync::kAll).ok());
  EXPECT_EQ(read(*file), std::vector<uint8_t>(2'000'000, 'b'));
}

TEST_P(WriteBehindTest, WhatGoesWrongIsAHoleAndToldToFsync) {
  const auto file = make("f", 131'072, 'c');
  EXPECT_TRUE(file->sync(server::Node::Sync::kAll).ok());
  uint64_t end = 0;
  EXPECT_TRUE(file->write(131'072, std::vector<uint8_t>(131'072, 'd'), &end).ok());
  device_.fails = true;
  EXPECT_EQ(file->sync(server::Node::Sync::kAll).code(), EIO);
  device_.fails = false;
  EXPECT_TRUE(file->sync(server::Node::Sync::kAll).ok());
  cache_.evict();
  const io_stat_t stat = file->attributes().value();
  EXPECT_EQ(stat.st_size, 262'144);
  EXPECT_LE(stat.st_blocks * 512, 131'072 + 8192);
  std::vector<uint8_t> expected(262'144, 0);
  std::fill(expected.begin(), expected.begin() + 131'072, 'c');
  EXPECT_EQ(read(*file), expected);
}

TEST_P(WriteBehindTest, WhoCutsTheFileWaits) {
  const auto file = make("f", 131'072, 'e');
  cache_.evict();
  EXPECT_GT(device_.under_way, 0u);
  device_.fails = true;
  EXPECT_TRUE(file->change({.which = FS_SET_SIZE, .size = 4096}).ok());
  device_.fails = false;
  EXPECT_EQ(device_.under_way, 0u);
  EXPECT_EQ(file->sync(server::Node::Sync::kAll).code(), EIO);
}

TEST_P(WriteBehindTest, ARemovedFileWaits) {
  {
    const auto file = make("f", 131'072, 'f');
    cache_.evict();
    EXPECT_GT(device_.under_way, 0u);
    EXPECT_TRUE(fs_->root()->unlink("f").ok());
  }
  cache_.settle();
  EXPECT_EQ(device_.under_way, 0u);
}

INSTANTIATE_TEST_SUITE_P(All, WriteBehindTest, testing::Bool());

}  // namespace
}  // namespace file
