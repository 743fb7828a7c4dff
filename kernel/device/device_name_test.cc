#include "kernel/device/device_name.h"

#include "gtest/gtest.h"

namespace device {
namespace {

TEST(DeviceNameTest, MakesNames) {
  EXPECT_EQ(DeviceName("console").view(), "console");
  EXPECT_EQ(DeviceName("module", 0).view(), "module0");
  EXPECT_EQ(partition_name("hd0", 12).view(), "hd0s12");
  EXPECT_EQ(DeviceName("a_name_that_is_too_long").view(), "a_name_that_is_");
}

TEST(DeviceNameTest, TakesPartitionNamesApart) {
  EXPECT_EQ(partition_number("hd0s1", "hd0"), 1u);
  EXPECT_EQ(partition_number("hd0s16", "hd0"), 16u);
  for (const char* wrong : {"hd0", "hd0s", "hd1s1", "hd0s0", "hd0s01", "hd0s1x", "hd0x1", "hd0s-1",
                            "hd0s99999999999", ""}) {
    EXPECT_EQ(partition_number(wrong, "hd0"), 0u) << wrong;
  }
}

}  // namespace
}  // namespace device
