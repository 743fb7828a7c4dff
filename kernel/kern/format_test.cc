#include "kernel/kern/format.h"

#include <string>

#include "gtest/gtest.h"

namespace kern {
namespace {

template <typename... Arguments>
std::string formatted(const char* format, Arguments... arguments) {
  char text[64];
  const unsigned length = format_to(text, sizeof text, format, arguments...);
  return std::string(text, length);
}

TEST(FormatTest, Numbers) {
  EXPECT_EQ(formatted("%d %i", 42, -7), "42 -7");
  EXPECT_EQ(formatted("%u", 4294967295u), "4294967295");
  EXPECT_EQ(formatted("%x %X", 0xBEEFu, 0xBEEFu), "beef BEEF");
  EXPECT_EQ(formatted("%llx", 0x123456789ABCDEFull), "123456789abcdef");
  EXPECT_EQ(formatted("%d", -2147483647 - 1), "-2147483648");
}

TEST(FormatTest, WidthAndFlags) {
  EXPECT_EQ(formatted("[%5d]", 42), "[   42]");
  EXPECT_EQ(formatted("[%-5d]", 42), "[42   ]");
  EXPECT_EQ(formatted("[%05d]", -42), "[-0042]");
  EXPECT_EQ(formatted("[%08x]", 0xABCu), "[00000abc]");
  EXPECT_EQ(formatted("[%6s|%-6s]", "ab", "cd"), "[    ab|cd    ]");
}

TEST(FormatTest, TextAndCharacters) {
  EXPECT_EQ(formatted("%s%c%%", "ab", 'c'), "abc%");
  EXPECT_EQ(formatted("%s", static_cast<const char*>(nullptr)), "(null)");
}

TEST(FormatTest, OutputIsCutAtCapacity) {
  char text[4];
  EXPECT_EQ(format_to(text, sizeof text, "%s", "abcdef"), 3u);
  EXPECT_STREQ(text, "abc");
}

}  // namespace
}  // namespace kern
