// Files that clients write beyond the end, and tell of it later: Ext2Node's room, epochs and loose pages.
#include <algorithm>
#include <cerrno>

#include "gtest/gtest.h"
#include "servers/file/ext2_file_system.h"
#include "servers/file/ext2_node.h"
#include "servers/file/fake_page_cache.h"
#include "servers/file/memory_block_device.h"
#include "servers/file/test_image.h"

namespace file {
namespace {

constexpr uint32_t kWindow = 1u << 20;
constexpr uint64_t kSize = 100'000;

class GrowthTest : public testing::Test {
 protected:
  GrowthTest() : cache_(lock_), device_(make_image({.size = 6u << 20, .block_size = 4096, .journal = false})) {
    lock_.lock();
    auto volume = Volume::mount(device_, {.clock = [] { return Time{1'700'000'000, 0}; }});
    fs_ = std::make_unique<Ext2FileSystem>(volume.take(), cache_, lock_, 0x301);
    file_ = make("file");
    EXPECT_NE(file_->slot(), 0u);
    write(*file_, 0, kSize, 'a');
  }
  ~GrowthTest() override {
    file_ = {};
    EXPECT_TRUE(fs_->sync(server::FileSystem::Shutdown::kYes).ok());
    cache_.settle();
    fs_.reset();
    EXPECT_EQ(check_image(device_.bytes()), "");
    lock_.unlock();
  }

  base::Ref<Ext2Node> make(std::string_view name) {
    const auto node = fs_->root()->create(name, {.mode = S_IFREG | 0644}).take();
    return fs_->node(static_cast<ext2_ino_t>(node->number())).take();
  }
  // How much could be written.
  static size_t write(Ext2Node& node, uint64_t at, size_t size, uint8_t byte) {
    uint64_t end = 0;
    const auto written = node.write(at, std::vector<uint8_t>(size, byte), &end);
    return written.ok() ? written.value() : 0;
  }
  static std::vector<uint8_t> read(Ext2Node& node, uint64_t at, size_t size) {
    std::vector<uint8_t> data(size, '?');
    const auto got = node.read(at, data);
    data.resize(got.ok() ? got.value() : 0);
    return data;
  }
  static server::Window window(Ext2Node& node, uint64_t offset = 0) {
    auto window = node.map_window({.offset = offset, .size = kWindow, .readable = true, .write = true});
    return window.ok() ? window.value() : server::Window{};
  }
  // What a client does.
  void write_loose(uint64_t at, size_t size, uint8_t byte) {
    cache_.write_mapped(*file_, at, std::vector<uint8_t>(size, byte));
  }
  int grow(uint64_t end, uint32_t epoch, uint64_t position = kSize) {
    return file_->grow({.position = position, .end = end, .epoch = epoch}).code();
  }
  uint64_t free_blocks() { return fs_->statistics().value().f_bfree; }
  static int resize(Ext2Node& node, uint64_t size) { return node.change({.which = FS_SET_SIZE, .size = size}).code(); }

  server::Mutex lock_;
  FakePageCache cache_;
  MemoryBlockDevice device_;
  std::unique_ptr<Ext2FileSystem> fs_;
  base::Ref<Ext2Node> file_;
};

TEST_F(GrowthTest, WhatIsToldOfIsPartOfTheFile) {
  const server::Window w = window(*file_);
  EXPECT_TRUE(w.writable);
  EXPECT_EQ(w.room_end, kWindow);
  write_loose(kSize, 200'000, 'b');
  EXPECT_EQ(file_->size(), kSize);
  EXPECT_EQ(grow(300'000, w.epoch), 0);
  EXPECT_EQ(file_->size(), 300'000u);
  EXPECT_EQ(cache_.seen(file_->slot()).size, 300'000u);
  EXPECT_EQ(cache_.seen(file_->slot()).epoch, w.epoch);
  cache_.evict();
  EXPECT_EQ(read(*file_, kSize, 300'000), std::vector<uint8_t>(200'000, 'b'));
  EXPECT_EQ(read(*file_, 0, kSize), std::vector<uint8_t>(kSize, 'a'));
}

TEST_F(GrowthTest, TheNextWindowContinuesTheLast) {
  EXPECT_EQ(window(*file_, 2 * kWindow).room_end, 0u);  // there would be a gap
  const server::Window first = window(*file_);
  const server::Window second = window(*file_, kWindow);
  EXPECT_EQ(second.room_end, 2 * kWindow);
  write_loose(kSize, kWindow, 'c');
  EXPECT_EQ(grow(kSize + kWindow, first.epoch), 0);
  cache_.evict();
  EXPECT_EQ(read(*file_, kSize, 2 * kWindow), std::vector<uint8_t>(kWindow, 'c'));
}

TEST_F(GrowthTest, WithoutRoomOrWithAnOldEpochItIsDoneAgain) {
  const server::Window w = window(*file_);
  EXPECT_EQ(grow(kWindow + 1, w.epoch), EAGAIN);
  EXPECT_EQ(grow(200'000, w.epoch + 1), EAGAIN);
  EXPECT_EQ(grow(200'000, w.epoch, kSize + 1), EAGAIN);
  EXPECT_EQ(file_->size(), kSize);
  EXPECT_EQ(grow(200'000, w.epoch), 0);
  EXPECT_EQ(grow(150'000, w.epoch, kSize + 10), 0);  // somebody was faster
  EXPECT_EQ(file_->size(), 200'000u);
}

TEST_F(GrowthTest, PagesThatLeaveTheCacheBeforeAreLost) {
  server::Window w = window(*file_);
  write_loose(kSize, 200'000, 'd');
  cache_.evict();
  EXPECT_EQ(grow(300'000, w.epoch), EAGAIN);
  EXPECT_EQ(file_->size(), kSize);
  w = window(*file_);
  EXPECT_EQ(w.room_end, kWindow);
  write_loose(kSize, 200'000, 'e');
  EXPECT_EQ(grow(300'000, w.epoch), 0);
  EXPECT_EQ(read(*file_, kSize, 200'000), std::vector<uint8_t>(200'000, 'e'));
}

TEST_F(GrowthTest, WhatNobodyToldOfIsNeverSeen) {
  (void)window(*file_);
  write_loose(kSize, 300'000, 'f');
  EXPECT_EQ(resize(*file_, 250'000), 0);
  EXPECT_EQ(read(*file_, kSize, 300'000), std::vector<uint8_t>(150'000, 0));
  const server::Window w = window(*file_);
  write_loose(250'000, 100'000, 'g');
  EXPECT_EQ(write(*file_, 300'000, 10, 'h'), 10u);
  const auto gap = read(*file_, 250'000, 50'000);
  EXPECT_EQ(std::ranges::find_if(gap, [](uint8_t byte) { return byte != 0; }) - gap.begin(), 50'000);
  EXPECT_EQ(grow(350'000, w.epoch, 250'000), EAGAIN);
}

TEST_F(GrowthTest, RoomIsFreeForOthers) {
  const uint64_t before = free_blocks();
  const io_stat_t stat = file_->attributes().value();
  const server::Window w = window(*file_);
  EXPECT_EQ(free_blocks(), before);
  EXPECT_EQ(file_->attributes().value().st_blocks, stat.st_blocks);
  const auto other = make("other");
  size_t written = 0;
  while (const size_t part = write(*other, written, 65'536, 'x')) written += part;
  EXPECT_GT(written, (before - 32) * 4096);
  EXPECT_EQ(grow(300'000, w.epoch), EAGAIN);
  EXPECT_EQ(window(*file_).room_end, 102'400u);
}

TEST_F(GrowthTest, RoomIsGivenBack) {
  const server::Window w = window(*file_);
  file_->release_room();
  EXPECT_EQ(grow(200'000, w.epoch), EAGAIN);
  const server::Window again = window(*file_);
  EXPECT_EQ(grow(200'000, again.epoch), 0);
}

TEST_F(GrowthTest, WithoutASlotThereIsNoRoom) {
  const auto other = make("other");
  write(*other, 0, kSize, 'a');
  EXPECT_EQ(window(*other).room_end, 0u);
  EXPECT_EQ(other->grow({.position = kSize, .end = 200'000, .epoch = 0}).code(), EAGAIN);
}

}  // namespace
}  // namespace file
