#include "kernel/device/ata.h"

#include <bit>
#include <string_view>

#include "gtest/gtest.h"

namespace device {
namespace {

AtaIdentifyWords drive(uint32_t sectors28) {
  AtaIdentifyWords words{};
  words[49] = 0x300;
  words[60] = static_cast<uint16_t>(sectors28);
  words[61] = static_cast<uint16_t>(sectors28 >> 16);
  for (size_t i = 27; i < 47; ++i) words[i] = 0x2020;
  words[27] = 'Q' << 8 | 'E';
  words[28] = 'M' << 8 | ' ';
  return words;
}

TEST(AtaTest, ReadsTheIdentity) {
  const auto identity = parse_identity(drive(0x12345678));
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->sectors, 0x12345678u);
  EXPECT_FALSE(identity->lba48);
  EXPECT_EQ(std::string_view(identity->model), "QEM");
}

TEST(AtaTest, PrefersThe48BitSize) {
  AtaIdentifyWords words = drive(0x0fffffff);
  words[83] = 1 << 10;
  words[102] = 3;
  const auto identity = parse_identity(words);
  ASSERT_TRUE(identity);
  EXPECT_TRUE(identity->lba48);
  EXPECT_EQ(identity->sectors, uint64_t{3} << 32);
}

TEST(AtaTest, RefusesWhatItCannotDrive) {
  AtaIdentifyWords words = drive(100);
  words[49] = 0x200;  // No DMA.
  EXPECT_FALSE(parse_identity(words));
  EXPECT_FALSE(parse_identity(drive(0)));
}

TEST(AtaTest, RegisterLayout) {
  EXPECT_EQ(std::bit_cast<uint8_t>(AtaDeviceSelect{.unit = 1}), 0xf0);
  EXPECT_EQ(std::bit_cast<uint8_t>(AtaDeviceControl{.no_interrupt = true}), 0x02);
  EXPECT_TRUE(std::bit_cast<AtaStatus>(uint8_t{0x80}).busy);
  EXPECT_TRUE(std::bit_cast<AtaStatus>(uint8_t{0x08}).data_request);
}

}  // namespace
}  // namespace device
