#include "libs/mig/lexer.h"

#include "gtest/gtest.h"

namespace mig {
namespace {

std::vector<std::string> words(std::string_view line) {
  std::vector<Token> tokens;
  tokenize_line(line, {"t.defs", 7}, tokens);
  std::vector<std::string> result;
  for (const Token& token : tokens) result.push_back(token.text);
  return result;
}

TEST(Lexer, SplitsNamesNumbersAndPunctuation) {
  EXPECT_EQ(words("type x=array[*:0x10]of int;"),
            (std::vector<std::string>{"type", "x", "=", "array", "[", "*", ":", "0x10", "]", "of",
                                      "int", ";"}));
}

TEST(Lexer, KeepsQualifiedNamesTogetherButNotColons) {
  EXPECT_EQ(words("intran: kern::Task f(a:b)"),
            (std::vector<std::string>{"intran", ":", "kern::Task", "f", "(", "a", ":", "b", ")"}));
}

TEST(Lexer, StringsLoseTheirQuotes) {
  std::vector<Token> tokens;
  tokenize_line("import \"a b.h\";", {"t.defs", 1}, tokens);
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens[1].kind, TokenKind::kString);
  EXPECT_EQ(tokens[1].text, "a b.h");
}

TEST(Lexer, ErrorsNameThePlace) {
  try {
    words("type @");
    FAIL() << "no error";
  } catch (const DefsError& error) {
    EXPECT_STREQ(error.what(), "t.defs:7: unexpected character '@'");
  }
  EXPECT_THROW(words("\"open"), DefsError);
}

TEST(Lexer, NumbersInThreeBases) {
  std::vector<Token> tokens;
  tokenize_line("10 0x10 010 8x", {"t", 1}, tokens);
  EXPECT_EQ(number_value(tokens[0]), 10);
  EXPECT_EQ(number_value(tokens[1]), 16);
  EXPECT_EQ(number_value(tokens[2]), 8);
  EXPECT_THROW(number_value(tokens[3]), DefsError);
}

}  // namespace
}  // namespace mig
