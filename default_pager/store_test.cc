#include "default_pager/store.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>

#include "default_pager/fake_swap_device.h"

namespace default_pager {
namespace {

constexpr uint32_t kMany = 1000;

class StoreTest : public testing::Test {
 protected:
  void add(uint32_t pages, const std::string& name = "") {
    ASSERT_TRUE(space_
                    .add(std::make_unique<FakeSwapDevice>(
                        pages, log_, name.empty() ? "device " + std::to_string(++devices_) : name))
                    .ok());
  }
  // Ends using a device, as the pager does.
  kern_return_t remove(const std::string& name, std::initializer_list<BlockMap*> maps) {
    auto number = space_.close(name);
    if (!number.ok()) return number.code();
    for (BlockMap* map : maps) {
      if (const base::Status moved = store_.move(*map, number.value()); !moved.ok()) {
        space_.reopen(number.value());
        return moved.code();
      }
    }
    space_.remove(number.value());
    return KERN_SUCCESS;
  }
  static std::vector<std::byte> pages(uint32_t count, unsigned seed) {
    std::vector<std::byte> data(size_t{count} * kPageSize);
    for (size_t i = 0; i < data.size(); ++i) {
      data[i] = static_cast<std::byte>(seed + i / kPageSize * 7 + i % 251);
    }
    return data;
  }
  // The page's contents are those of page `index` of pages(..., seed).
  void expect_page(const BlockMap& map, uint32_t page, unsigned seed, uint32_t index) {
    const Store::Extent extent = Store::find(map, page, 1);
    ASSERT_TRUE(is_stored(extent.kind)) << page;
    auto block = store_.read(extent);
    ASSERT_TRUE(block.ok());
    const auto expected = pages(index + 1, seed);
    EXPECT_EQ(0, std::memcmp(block.value().bytes().data(),
                             expected.data() + size_t{index} * kPageSize, kPageSize))
        << page;
  }

  int devices_ = 0;
  FakeSwapDevice::Log log_;
  SwapSpace space_{*std::pmr::new_delete_resource()};
  Store store_{space_};
  BlockMap map_{*std::pmr::new_delete_resource()};
};

TEST_F(StoreTest, PagesNeverWrittenHaveNoSlot) {
  add(8);
  const Store::Extent extent = Store::find(map_, 5, kMany);
  EXPECT_EQ(kNoSlot, extent.kind);
  EXPECT_EQ(kMany, extent.count);
}

TEST_F(StoreTest, NeighboursAreWrittenAndFoundTogether) {
  add(64);
  EXPECT_EQ(16u, store_.write(map_, 100, pages(16, 1)));
  EXPECT_EQ(1u, log_.writes);
  const Store::Extent extent = Store::find(map_, 100, kMany);
  EXPECT_EQ(16u, extent.count);
  EXPECT_EQ(kNoSlot, Store::find(map_, 99, 1).kind);
  EXPECT_EQ(kNoSlot, Store::find(map_, 116, 1).kind);
  for (uint32_t i = 0; i < 16; ++i) expect_page(map_, 100 + i, 1, i);
  EXPECT_EQ(16u, map_.stored_pages());
  EXPECT_EQ(48u, space_.free_pages());
}

TEST_F(StoreTest, ContentsAreReplacedInPlace) {
  add(16);
  ASSERT_EQ(16u, store_.write(map_, 0, pages(16, 1)));
  EXPECT_EQ(4u, store_.write(map_, 3, pages(4, 9)));
  expect_page(map_, 2, 1, 2);
  expect_page(map_, 3, 9, 0);
  expect_page(map_, 6, 9, 3);
  expect_page(map_, 7, 1, 7);
}

TEST_F(StoreTest, ScatteredPagesMoveTogether) {
  add(64);
  for (uint32_t i = 8; i-- > 0;) ASSERT_EQ(1u, store_.write(map_, i, pages(1, i)));
  EXPECT_EQ(8u, store_.write(map_, 0, pages(8, 3)));
  EXPECT_EQ(8u, Store::find(map_, 0, kMany).count);
  EXPECT_EQ(56u, space_.free_pages());
}

TEST_F(StoreTest, SeveralPartitionsServeOneObject) {
  add(5);
  add(7);
  EXPECT_EQ(12u, space_.total_pages());
  EXPECT_EQ(12u, store_.write(map_, 0, pages(12, 2)));
  for (uint32_t i = 0; i < 12; ++i) expect_page(map_, i, 2, i);
  EXPECT_EQ(0u, space_.free_pages());
}

TEST_F(StoreTest, WhatFindsNoRoomStaysWithTheKernel) {
  add(6);
  EXPECT_EQ(6u, store_.write(map_, 0, pages(10, 4)));
  for (uint32_t i = 0; i < 6; ++i) expect_page(map_, i, 4, i);
  const Store::Extent rest = Store::find(map_, 6, 4);
  EXPECT_EQ(kKernelHolds, rest.kind);
  EXPECT_EQ(4u, rest.count);
  // Room comes back: the pages given back again are stored.
  BlockMap other{*std::pmr::new_delete_resource()};
  EXPECT_EQ(0u, store_.write(other, 0, pages(1, 5)));
  store_.release(map_);
  EXPECT_EQ(1u, store_.write(other, 0, pages(1, 5)));
  expect_page(other, 0, 5, 0);
}

TEST_F(StoreTest, ReleaseFreesEverything) {
  add(64);
  ASSERT_EQ(40u, store_.write(map_, 7, pages(40, 6)));
  store_.release(map_);
  EXPECT_EQ(64u, space_.free_pages());
}

TEST_F(StoreTest, SlotsThatCannotBeWrittenAreRetired) {
  add(16);
  log_.bad_pages = {0};
  EXPECT_EQ(4u, store_.write(map_, 0, pages(4, 7)));
  for (uint32_t i = 0; i < 4; ++i) expect_page(map_, i, 7, i);
  EXPECT_EQ(12u, space_.total_pages());
  EXPECT_EQ(8u, space_.free_pages());
}

TEST_F(StoreTest, AMediumThatFailsAltogetherHoldsNothing) {
  add(16);
  for (uint32_t i = 0; i < 16; ++i) log_.bad_pages.insert(i);
  EXPECT_EQ(0u, store_.write(map_, 0, pages(4, 7)));
  EXPECT_EQ(kKernelHolds, Store::find(map_, 0, 1).kind);
  EXPECT_EQ(0u, space_.total_pages());
}

TEST_F(StoreTest, ReadErrorsAreReported) {
  add(16);
  ASSERT_EQ(2u, store_.write(map_, 0, pages(2, 7)));
  log_.bad_pages = {page_of(map_.get(1))};
  EXPECT_FALSE(store_.read(Store::find(map_, 0, 2)).ok());
  EXPECT_TRUE(store_.read(Store::find(map_, 0, 1)).ok());
}

TEST_F(StoreTest, EmptyDevicesAreRefused) {
  EXPECT_EQ(KERN_INVALID_ARGUMENT,
            space_.add(std::make_unique<FakeSwapDevice>(0, log_)).code());
  EXPECT_EQ(1u, log_.destroyed);
}

TEST_F(StoreTest, ADeviceIsRemovedAndItsPagesMove) {
  add(40, "old");
  BlockMap other{*std::pmr::new_delete_resource()};
  ASSERT_EQ(20u, store_.write(map_, 3, pages(20, 1)));
  ASSERT_EQ(9u, store_.write(other, 70, pages(9, 2)));
  add(50, "new");
  EXPECT_EQ(90u, space_.total_pages());
  ASSERT_EQ(KERN_SUCCESS, remove("old", {&map_, &other}));
  EXPECT_EQ(1u, log_.destroyed);
  EXPECT_EQ(50u, space_.total_pages());
  EXPECT_EQ(21u, space_.free_pages());
  for (uint32_t i = 0; i < 20; ++i) expect_page(map_, 3 + i, 1, i);
  for (uint32_t i = 0; i < 9; ++i) expect_page(other, 70 + i, 2, i);
  add(10, "old");  // the name and the number are free again
  EXPECT_EQ(60u, space_.total_pages());
}

TEST_F(StoreTest, ADeviceInPiecesIsReadInPieces) {
  add(40, "old");
  ASSERT_EQ(20u, store_.write(map_, 3, pages(20, 1)));
  add(40, "new");
  log_.longest_read = 3;
  const auto block = store_.read(Store::find(map_, 3, 20));
  ASSERT_TRUE(block.ok());
  EXPECT_EQ(3 * kPageSize, block.value().bytes().size());
  ASSERT_EQ(KERN_SUCCESS, remove("old", {&map_}));
  EXPECT_EQ(20u, space_.free_pages());
  for (uint32_t i = 0; i < 20; ++i) expect_page(map_, 3 + i, 1, i);
}

TEST_F(StoreTest, ADeviceWhosePagesDoNotFitElsewhereStays) {
  add(40, "old");
  add(10, "small");
  ASSERT_EQ(20u, store_.write(map_, 0, pages(20, 1)));
  EXPECT_EQ(KERN_RESOURCE_SHORTAGE, remove("old", {&map_}));
  EXPECT_EQ(30u, space_.free_pages());
  for (uint32_t i = 0; i < 20; ++i) expect_page(map_, i, 1, i);
  EXPECT_EQ(KERN_INVALID_ARGUMENT, remove("older", {&map_}));
}

TEST_F(StoreTest, ADeviceThatCannotBeReadStays) {
  add(40, "old");
  ASSERT_EQ(20u, store_.write(map_, 0, pages(20, 1)));
  add(40, "new");
  log_.bad_pages.insert(7);
  EXPECT_EQ(KERN_FAILURE, remove("old", {&map_}));
  log_.bad_pages.clear();
  for (uint32_t i = 0; i < 20; ++i) expect_page(map_, i, 1, i);
  EXPECT_EQ(60u, space_.free_pages());
  EXPECT_EQ(KERN_SUCCESS, remove("old", {&map_}));
}

TEST_F(StoreTest, NamesAreUsedOnce) {
  add(5, "one");
  EXPECT_EQ(KERN_NAME_EXISTS, space_.add(std::make_unique<FakeSwapDevice>(5, log_, "one")).code());
}

// Random writes to several objects against a model.
TEST_F(StoreTest, RandomTraffic) {
  add(100);
  add(60);
  std::mt19937 random(42);
  constexpr uint32_t kObjects = 4;
  std::vector<std::unique_ptr<BlockMap>> maps(kObjects);
  std::vector<std::map<uint32_t, unsigned>> model(kObjects);  // page -> seed of its contents
  for (auto& map : maps) map = std::make_unique<BlockMap>(*std::pmr::new_delete_resource());
  for (unsigned step = 0; step < 2000; ++step) {
    const uint32_t n = random() % kObjects;
    if (random() % 50 == 0) {
      store_.release(*maps[n]);
      maps[n] = std::make_unique<BlockMap>(*std::pmr::new_delete_resource());
      model[n].clear();
      continue;
    }
    const uint32_t page = random() % 60;
    const uint32_t count = 1 + random() % 16;
    std::vector<std::byte> data;
    for (uint32_t i = 0; i < count; ++i) {
      const auto one = pages(1, step + i);
      data.insert(data.end(), one.begin(), one.end());
    }
    const uint32_t stored = store_.write(*maps[n], page, data);
    for (uint32_t i = 0; i < count; ++i) {
      if (i < stored) {
        model[n][page + i] = step + i;
      } else {
        model[n].erase(page + i);
        EXPECT_EQ(kKernelHolds, maps[n]->get(page + i));
      }
    }
    uint32_t used = 0;
    for (const auto& map : maps) used += map->stored_pages();
    ASSERT_EQ(160u, used + space_.free_pages());
  }
  for (uint32_t n = 0; n < kObjects; ++n) {
    EXPECT_EQ(model[n].size(), maps[n]->stored_pages());
    for (const auto& [page, seed] : model[n]) expect_page(*maps[n], page, seed, 0);
  }
}

}  // namespace
}  // namespace default_pager
