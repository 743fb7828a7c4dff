#include "kernel/device/keyboard_decoder.h"

#include <initializer_list>
#include <string>

#include "gtest/gtest.h"

namespace device {
namespace {

std::string type(KeyboardDecoder& decoder, std::initializer_list<int> codes) {
  std::string out;
  for (int code : codes) out += decoder.decode(static_cast<uint8_t>(code));
  return out;
}

TEST(KeyboardDecoderTest, LettersAndReleases) {
  KeyboardDecoder k;
  EXPECT_EQ(type(k, {0x23, 0xa3, 0x17, 0x97, 0x1c, 0x9c}), "hi\r");
  EXPECT_EQ(type(k, {0x0e, 0x0f, 0x01, 0x39}), "\x7f\t\x1b ");
}

TEST(KeyboardDecoderTest, ShiftAndCapsLock) {
  KeyboardDecoder k;
  EXPECT_EQ(type(k, {0x2a, 0x1e, 0x02, 0xaa, 0x1e, 0x02}), "A!a1");
  EXPECT_EQ(type(k, {0x36, 0x0c, 0xb6}), "_");
  EXPECT_EQ(type(k, {0x3a, 0xba, 0x1e, 0x02, 0x2a, 0x1e, 0xaa}), "A1a");
  EXPECT_TRUE(k.caps_lock());
}

TEST(KeyboardDecoderTest, ControlAndAlt) {
  KeyboardDecoder k;
  EXPECT_EQ(type(k, {0x1d, 0x2e, 0x2b, 0x9d}), "\x03\x1c");
  EXPECT_EQ(type(k, {0xe0, 0x1d, 0x20, 0xe0, 0x9d, 0x20}), "\x04" "d");
  EXPECT_EQ(type(k, {0x38, 0x30, 0xb8}), "\x1b" "b");
  EXPECT_EQ(type(k, {0x1d, 0x39, 0x9d}), std::string(1, '\0'));
}

TEST(KeyboardDecoderTest, CursorAndFunctionKeys) {
  KeyboardDecoder k;
  EXPECT_EQ(type(k, {0xe0, 0x48, 0xe0, 0xc8}), "\x1b[A");
  EXPECT_EQ(type(k, {0xe0, 0x47, 0xe0, 0x4f, 0xe0, 0x53}), "\x1b[H\x1b[F\x1b[3~");
  EXPECT_EQ(type(k, {0x3b, 0x44, 0x58}), "\x1bOP\x1b[21~\x1b[24~");
  EXPECT_EQ(type(k, {0xe0, 0x1c, 0xe0, 0x35}), "\r/");
}

TEST(KeyboardDecoderTest, SwallowsPauseAndUnknownCodes) {
  KeyboardDecoder k;
  EXPECT_EQ(type(k, {0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5, 0x1e}), "a");
  for (int code = 0x59; code < 0x80; ++code) EXPECT_EQ(type(k, {code}), "");
  EXPECT_EQ(type(k, {0xe0, 0x2a, 0xe0, 0x53, 0xe0, 0xaa, 0x1e}), "\x1b[3~a");
}

}  // namespace
}  // namespace device
