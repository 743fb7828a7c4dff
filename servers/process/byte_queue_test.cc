#include "servers/process/byte_queue.h"

#include <algorithm>
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

// Every byte is copied, and none beside them, at any alignment.
TEST(LargeCopyTest, CopiesExactly) {
  std::vector<uint8_t> from(3 * 4096);
  for (size_t i = 0; i < from.size(); ++i) from[i] = static_cast<uint8_t>(1 + i % 251);
  for (const size_t size : {0, 1, 127, 4095, 4096, 4097, 4096 + 127, 4096 + 128, 8191, 10000}) {
    for (size_t shift = 0; shift < 20; ++shift) {
      std::vector<uint8_t> to(from.size() + 20);
      large_copy(to.data() + shift, from.data() + 19 - shift, size);
      std::vector<uint8_t> expected(to.size());
      std::copy_n(from.begin() + static_cast<ptrdiff_t>(19 - shift), size,
                  expected.begin() + static_cast<ptrdiff_t>(shift));
      ASSERT_EQ(to, expected) << size << " bytes, " << shift;
    }
  }
}

TEST(ByteQueueTest, LargeAmountsWrap) {
  ByteQueue queue;
  std::vector<uint8_t> data(50'000);
  for (size_t i = 0; i < data.size(); ++i) data[i] = static_cast<uint8_t>(i * 7 + i / 256);
  queue.push(data);
  for (int round = 0; round < 20; ++round) {
    std::vector<uint8_t> out(30'001);
    EXPECT_EQ(queue.pop(out), out.size());
    EXPECT_TRUE(std::equal(out.begin(), out.end(), data.begin()));
    queue.push(out);
    std::rotate(data.begin(), data.begin() + 30'001, data.end());
  }
  EXPECT_EQ(queue.size(), data.size());
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
