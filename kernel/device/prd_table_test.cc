#include "kernel/device/prd_table.h"

#include <array>

#include "gtest/gtest.h"

namespace device {
namespace {

class PrdTableTest : public testing::Test {
 protected:
  std::array<PrdEntry, 3> entries_{};
  PrdTable table_{entries_};
};

TEST_F(PrdTableTest, KeepsSeparatePagesApart) {
  EXPECT_TRUE(table_.add({0x5000}, 0x1000));
  EXPECT_TRUE(table_.add({0x9000}, 0x200));
  table_.finish();
  ASSERT_EQ(table_.count(), 2u);
  EXPECT_EQ(entries_[0].address, 0x5000u);
  EXPECT_EQ(entries_[0].bytes, 0x1000);
  EXPECT_EQ(entries_[0].flags, 0);
  EXPECT_EQ(entries_[1].bytes, 0x200);
  EXPECT_EQ(entries_[1].flags, kPrdLast);
}

TEST_F(PrdTableTest, JoinsNeighbours) {
  EXPECT_TRUE(table_.add({0x5000}, 0x1000));
  EXPECT_TRUE(table_.add({0x6000}, 0x1000));
  ASSERT_EQ(table_.count(), 1u);
  EXPECT_EQ(entries_[0].bytes, 0x2000);
}

TEST_F(PrdTableTest, NeverCrosses64KiB) {
  EXPECT_TRUE(table_.add({0xf000}, 0x1000));
  EXPECT_TRUE(table_.add({0x10000}, 0x10000));
  EXPECT_TRUE(table_.add({0x20000}, 0x1000));
  ASSERT_EQ(table_.count(), 3u);
  EXPECT_EQ(entries_[1].address, 0x10000u);
  EXPECT_EQ(entries_[1].bytes, 0);  // 64 KiB
}

TEST_F(PrdTableTest, JoinsUpToExactly64KiB) {
  for (uint32_t page = 0; page < 16; ++page) EXPECT_TRUE(table_.add({page << 12}, 0x1000));
  ASSERT_EQ(table_.count(), 1u);
  EXPECT_EQ(entries_[0].bytes, 0);
}

TEST_F(PrdTableTest, SaysWhenFull) {
  EXPECT_TRUE(table_.add({0x1000}, 0x200));
  EXPECT_TRUE(table_.add({0x3000}, 0x200));
  EXPECT_TRUE(table_.add({0x5000}, 0x200));
  EXPECT_FALSE(table_.add({0x7000}, 0x200));
  table_.clear();
  EXPECT_TRUE(table_.add({0x7000}, 0x200));
}

}  // namespace
}  // namespace device
