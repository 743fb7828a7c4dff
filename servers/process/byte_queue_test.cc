#include "servers/process/byte_queue.h"

#include <deque>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace process {
namespace {

TEST(ByteQueueTest, NothingInNothingOut) {
  ByteQueue queue;
  uint8_t byte = 7;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.pop({&byte, 1}), 0u);
  queue.push({});
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(byte, 7);
}

TEST(ByteQueueTest, KeepsTheOrderAcrossGrowthAndWrapping) {
  std::mt19937 random(1);
  ByteQueue queue;
  std::deque<uint8_t> model;
  uint8_t next = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<uint8_t> data(random() % (round < 1000 ? 300 : 3000));
    if (model.size() < 20000) {
      for (uint8_t& byte : data) byte = next++;
      queue.push(data);
      model.insert(model.end(), data.begin(), data.end());
    }
    std::vector<uint8_t> out(random() % 3000);
    const size_t count = queue.pop(out);
    ASSERT_EQ(count, std::min(out.size(), model.size()));
    for (size_t i = 0; i < count; ++i) {
      ASSERT_EQ(out[i], model.front());
      model.pop_front();
    }
    ASSERT_EQ(queue.size(), model.size());
  }
}

}  // namespace
}  // namespace process
