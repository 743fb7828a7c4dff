#include "servers/process/tty/line_discipline.h"

#include <vector>

#include "gtest/gtest.h"

namespace process::tty {
namespace {

class LineDisciplineTest : public testing::Test, public TerminalEvents {
 protected:
  void output(std::string_view bytes) override { screen += bytes; }
  void signal_foreground(int signal) override { signals.push_back(signal); }

  std::string read(size_t size = 100) {
    std::vector<uint8_t> buffer(size);
    buffer.resize(line.read(buffer));
    return {buffer.begin(), buffer.end()};
  }
  void make_raw() {
    Termios t = line.termios();
    t.local = 0;
    t.input = 0;
    t.output = 0;
    line.set_termios(t);
  }

  std::string screen;
  std::vector<int> signals;
  LineDiscipline line{*this};
};

TEST_F(LineDisciplineTest, LineIsReadableWhenComplete) {
  line.input("ab");
  EXPECT_FALSE(line.readable());
  line.input("c\r");
  EXPECT_TRUE(line.readable());
  EXPECT_EQ(read(), "abc\n");
  EXPECT_FALSE(line.readable());
  EXPECT_EQ(screen, "abc\r\n");
}

TEST_F(LineDisciplineTest, OneLinePerRead) {
  line.input("one\ntwo\n");
  EXPECT_EQ(read(2), "on");
  EXPECT_EQ(read(), "e\n");
  EXPECT_EQ(read(), "two\n");
}

TEST_F(LineDisciplineTest, ErasesCharactersWordsAndLines) {
  line.input("abX\177c\n");
  EXPECT_EQ(read(), "abc\n");
  line.input("one two\027three\n");
  EXPECT_EQ(read(), "one three\n");
  line.input("junk\025good\n");
  EXPECT_EQ(read(), "good\n");
}

TEST_F(LineDisciplineTest, ErasesWholeUtf8Characters) {
  line.input("a\xc3\xa4\177\n");
  EXPECT_EQ(read(), "a\n");
}

TEST_F(LineDisciplineTest, EofEndsInputOnce) {
  line.input("\004");
  EXPECT_TRUE(line.readable());
  EXPECT_EQ(read(), "");
  EXPECT_FALSE(line.readable());
  line.input("abc\004");
  EXPECT_TRUE(line.readable());
  EXPECT_EQ(read(3), "abc");
  EXPECT_FALSE(line.readable());
}

TEST_F(LineDisciplineTest, SignalCharactersFlushAndSignal) {
  line.input("half\003");
  EXPECT_EQ(signals, std::vector<int>{2});
  EXPECT_EQ(screen, "half^C");
  line.input("\032\034");
  EXPECT_EQ(signals, (std::vector<int>{2, 20, 3}));
  EXPECT_FALSE(line.readable());
}

TEST_F(LineDisciplineTest, LiteralNextTakesAnyCharacter) {
  line.input("\026\003\n");
  EXPECT_TRUE(signals.empty());
  EXPECT_EQ(read(), "\003\n");
}

TEST_F(LineDisciplineTest, RawModePassesEverything) {
  make_raw();
  line.input("\003\r\004");
  EXPECT_TRUE(signals.empty());
  EXPECT_EQ(read(), "\003\r\004");
  EXPECT_EQ(screen, "");
  line.write("a\n");
  EXPECT_EQ(screen, "a\n");
}

TEST_F(LineDisciplineTest, SwitchToRawMakesTypedTextReadable) {
  line.input("typed");
  make_raw();
  EXPECT_TRUE(line.readable());
  EXPECT_EQ(read(), "typed");
}

TEST_F(LineDisciplineTest, MinimumOfBytesInRawMode) {
  make_raw();
  Termios t = line.termios();
  t.characters[kMin] = 3;
  line.set_termios(t);
  line.input("ab");
  EXPECT_FALSE(line.readable());
  line.input("c");
  EXPECT_TRUE(line.readable());
}

TEST_F(LineDisciplineTest, OutputNewlinesBecomeCrNl) {
  line.write("a\nb\n");
  EXPECT_EQ(screen, "a\r\nb\r\n");
}

TEST_F(LineDisciplineTest, InputIsBounded) {
  line.input(std::string(LineDiscipline::kMaxInput + 100, 'x'));
  EXPECT_NE(screen.find('\a'), std::string::npos);
  line.input("\n");
  EXPECT_EQ(read(10000).size(), LineDiscipline::kMaxInput + 1);
}

}  // namespace
}  // namespace process::tty
