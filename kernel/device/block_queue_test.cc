#include "kernel/device/block_queue.h"

#include <deque>
#include <vector>

#include "gtest/gtest.h"

namespace device {
namespace {

constexpr auto kRead = BlockOperation::kRead;
constexpr auto kWrite = BlockOperation::kWrite;
constexpr auto kFlush = BlockOperation::kFlush;

class BlockQueueTest : public testing::Test {
 protected:
  BlockTransfer& add(BlockOperation operation, uint64_t sector, uint32_t sectors) {
    BlockTransfer& t = transfers_.emplace_back();
    t.operation = operation;
    t.sector = sector;
    t.sectors = sectors;
    queue_.add(t);
    return t;
  }
  // The first sectors of the next batch.
  std::vector<uint64_t> take(uint32_t max_sectors = 256, uint32_t max_count = 16) {
    BlockTransferList batch;
    queue_.take(batch, max_sectors, max_count);
    std::vector<uint64_t> sectors;
    while (BlockTransfer* t = batch.pop_front()) sectors.push_back(t->sector);
    return sectors;
  }
  using Sectors = std::vector<uint64_t>;

  std::deque<BlockTransfer> transfers_;
  BlockQueue queue_;
};

TEST_F(BlockQueueTest, GoesUpAndStartsAgain) {
  add(kRead, 50, 1);
  add(kRead, 10, 1);
  add(kRead, 90, 1);
  EXPECT_EQ(take(), Sectors{10});
  add(kRead, 5, 1);
  EXPECT_EQ(take(), Sectors{50});
  EXPECT_EQ(take(), Sectors{90});
  EXPECT_EQ(take(), Sectors{5});
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(take(), Sectors{});
}

TEST_F(BlockQueueTest, MergesNeighbours) {
  add(kWrite, 16, 8);
  add(kWrite, 0, 8);
  add(kWrite, 8, 8);
  add(kWrite, 25, 8);
  EXPECT_EQ(take(), (Sectors{0, 8, 16}));
  EXPECT_EQ(take(), Sectors{25});
}

TEST_F(BlockQueueTest, MergeLimits) {
  for (int i = 0; i < 6; ++i) add(kRead, 8 * i, 8);
  EXPECT_EQ(take(16), (Sectors{0, 8}));
  EXPECT_EQ(take(256, 3), (Sectors{16, 24, 32}));
  EXPECT_EQ(take(4), Sectors{40});
}

TEST_F(BlockQueueTest, DoesNotMergeReadsWithWrites) {
  add(kRead, 0, 8);
  add(kWrite, 8, 8);
  EXPECT_EQ(take(), Sectors{0});
  EXPECT_EQ(take(), Sectors{8});
}

TEST_F(BlockQueueTest, KeepsTheOrderOfConflicts) {
  add(kWrite, 100, 8);
  add(kRead, 96, 8);  // Must see what the write wrote.
  add(kRead, 0, 8);
  EXPECT_EQ(take(), Sectors{100});
  EXPECT_EQ(take(), Sectors{0});
  EXPECT_EQ(take(), Sectors{96});
}

TEST_F(BlockQueueTest, OverlappingReadsMayBeReordered) {
  add(kRead, 100, 8);
  add(kRead, 96, 8);
  EXPECT_EQ(take(), Sectors{96});
}

TEST_F(BlockQueueTest, FlushIsABarrier) {
  add(kWrite, 100, 8);
  add(kWrite, 50, 8);
  add(kFlush, 0, 0);
  add(kWrite, 1, 8);
  EXPECT_EQ(take(), Sectors{50});
  EXPECT_EQ(take(), Sectors{100});
  EXPECT_EQ(take(), Sectors{0});
  EXPECT_EQ(take(), Sectors{1});
}

}  // namespace
}  // namespace device
