#include "kernel/device/text_screen.h"

#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace device {
namespace {

class TextScreenTest : public testing::Test {
 protected:
  static constexpr uint16_t kColumns = 10;
  static constexpr uint16_t kRows = 4;
  static constexpr uint16_t kMemoryRows = 6;

  void write(std::string_view text) {
    for (char c : text) screen_.write(static_cast<uint8_t>(c));
  }
  // The row's text without trailing blanks.
  std::string row(int r) const {
    std::string text;
    for (int c = 0; c < kColumns; ++c) text += static_cast<char>(cell(r, c) & 0xff);
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }
  uint16_t cell(int r, int c) const { return cells_[screen_.origin() + r * kColumns + c]; }
  int attribute(int r, int c) const { return cell(r, c) >> 8; }

  std::vector<uint16_t> cells_ = std::vector<uint16_t>(kColumns * kMemoryRows, 0xdead);
  TextScreen screen_{cells_.data(), kColumns, kRows, kMemoryRows};
};

TEST_F(TextScreenTest, StartsBlankAndPrints) {
  EXPECT_EQ(row(0), "");
  write("hi\r\nyou");
  EXPECT_EQ(row(0), "hi");
  EXPECT_EQ(row(1), "you");
  EXPECT_EQ(screen_.column(), 3);
}

TEST_F(TextScreenTest, WrapsOnlyWhenMoreComes) {
  write("0123456789");
  EXPECT_EQ(screen_.row(), 0);
  EXPECT_EQ(screen_.column(), 9);
  write("a");
  EXPECT_EQ(row(1), "a");
  write("\r\n012345678\x1b[K9\r\n");  // A full line and a line feed make no empty line.
  EXPECT_EQ(screen_.row(), 3);
}

TEST_F(TextScreenTest, ScrollsAtTheBottom) {
  write("a\r\nb\r\nc\r\nd\r\ne");
  EXPECT_EQ(row(0), "b");
  EXPECT_EQ(row(3), "e");
}

TEST_F(TextScreenTest, ScrollsThroughTheMemoryAndStartsAgain) {
  for (char c = 'a'; c <= 'z'; ++c) {
    write("\r\n");
    screen_.write(static_cast<uint8_t>(c));
    EXPECT_LE(screen_.origin(), (kMemoryRows - kRows) * kColumns);
  }
  EXPECT_EQ(row(0), "w");
  EXPECT_EQ(row(1), "x");
  EXPECT_EQ(row(2), "y");
  EXPECT_EQ(row(3), "z");
}

TEST_F(TextScreenTest, MovesTheCursor) {
  write("\x1b[2;3HX\x1b[A\x1b[2DY\x1b[99;99HZ");
  EXPECT_EQ(row(1), "  X");
  EXPECT_EQ(row(0), " Y");
  EXPECT_EQ(row(3), "         Z");
  write("\x1b[99A\x1b[99DQ");
  EXPECT_EQ(row(0), "QY");
}

TEST_F(TextScreenTest, Erases) {
  write("aaaaa\r\nbbbbb\r\nccccc\x1b[2;3H\x1b[K");
  EXPECT_EQ(row(1), "bb");
  write("\x1b[1K");
  EXPECT_EQ(row(1), "");
  write("\x1b[J");
  EXPECT_EQ(row(0), "aaaaa");
  EXPECT_EQ(row(2), "");
  write("\x1b[2J");
  EXPECT_EQ(row(0), "");
}

TEST_F(TextScreenTest, InsertsAndDeletes) {
  write("abcdef\x1b[1;3H\x1b[2@");
  EXPECT_EQ(row(0), "ab  cdef");
  write("\x1b[3P");
  EXPECT_EQ(row(0), "abdef");
  write("\x1b[99P\x1b[99@");
  EXPECT_EQ(row(0), "ab");
}

TEST_F(TextScreenTest, Colours) {
  write("\x1b[31ma\x1b[1;44mb\x1b[0;7mc\x1b[md");
  EXPECT_EQ(attribute(0, 0), 0x04);
  EXPECT_EQ(attribute(0, 1), 0x1c);
  EXPECT_EQ(attribute(0, 2), 0x70);
  EXPECT_EQ(attribute(0, 3), 0x07);
}

TEST_F(TextScreenTest, ScrollingRegion) {
  write("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[3;1H\n");
  EXPECT_EQ(row(0), "a");
  EXPECT_EQ(row(1), "c");
  EXPECT_EQ(row(2), "");
  EXPECT_EQ(row(3), "d");
  write("\x1b[2;1H\x1bM");
  EXPECT_EQ(row(2), "c");
  write("\x1b[4;1H\n\n");  // Below the region nothing scrolls.
  EXPECT_EQ(row(3), "d");
}

TEST_F(TextScreenTest, IgnoresWhatItDoesNotKnow) {
  write("\x1b]0;title\x07\x1b(Ba\x1b[?2004h\x1b[6nb\x1b[1;2;3;4;5;6;7;8;9;10;99999zc");
  EXPECT_EQ(row(0), "abc");
  write("\x1b[?25l");
  EXPECT_FALSE(screen_.cursor_visible());
  write("\x1b[?25h");
  EXPECT_TRUE(screen_.cursor_visible());
}

}  // namespace
}  // namespace device
