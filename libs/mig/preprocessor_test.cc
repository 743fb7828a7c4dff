#include "libs/mig/preprocessor.h"

#include "gtest/gtest.h"
#include "libs/mig/testing/test_support.h"

namespace mig {
namespace {

std::string text_of(const FakeFiles& files, const std::vector<std::string>& definitions = {}) {
  std::string result;
  for (const Token& token : preprocess(files, "t.defs", definitions)) {
    if (token.kind != TokenKind::kEnd) result += (result.empty() ? "" : " ") + token.text;
  }
  return result;
}

std::string error_of(const FakeFiles& files) {
  try {
    text_of(files);
  } catch (const DefsError& error) {
    return error.what();
  }
  return "";
}

TEST(Preprocessor, RemovesComments) {
  EXPECT_EQ(text_of({{"t.defs", "a /* b\n c */ d // e\nf \"/* no */\""}}), "a d f /* no */");
}

TEST(Preprocessor, CountsLinesAcrossComments) {
  const auto tokens = preprocess({{"t.defs", "/*\n\n*/ a\nb"}}, "t.defs");
  EXPECT_EQ(tokens[0].pos.line, 3);
  EXPECT_EQ(tokens[1].pos.line, 4);
}

TEST(Preprocessor, Conditionals) {
  const std::string text = "#if A\n1\n#elif B > 2 && !defined(C)\n2\n#else\n3\n#endif\n";
  EXPECT_EQ(text_of({{"t.defs", text}}, {"A"}), "1");
  EXPECT_EQ(text_of({{"t.defs", text}}, {"B=3"}), "2");
  EXPECT_EQ(text_of({{"t.defs", text}}, {"B=3", "C"}), "3");
  EXPECT_EQ(text_of({{"t.defs", text}}), "3");
  EXPECT_EQ(text_of({{"t.defs", "#ifndef X\n#ifdef Y\n1\n#else\n2\n#endif\n#endif\n"}}), "2");
}

TEST(Preprocessor, InactiveBranchesAreNotRead) {
  EXPECT_EQ(text_of({{"t.defs", "#if 0\n@@@\n#include \"nowhere\"\n#if X\n#endif\n#endif\nok"}}),
            "ok");
}

TEST(Preprocessor, ReplacesNames) {
  EXPECT_EQ(
      text_of({{"t.defs", "#define N (M + 1)\n#define M 4\narray[N] X\n#undef M\nM"}}, {"X="}),
      "array [ ( 4 + 1 ) ] M");
}

TEST(Preprocessor, IncludesOnceFromOwnFolderAndPath) {
  EXPECT_EQ(
      text_of({{"t.defs", "#include \"a.defs\"\n#include <b/c.defs>\n#include \"a.defs\"\nend"},
               {"a.defs", "one"},
               {"inc/b/c.defs", "two"}}),
      "one two end");
}

TEST(Preprocessor, ErrorsNameThePlace) {
  EXPECT_EQ(error_of({{"t.defs", "\n#include \"x.defs\""}}), "t.defs:2: cannot find \"x.defs\"");
  EXPECT_EQ(error_of({{"t.defs", "a\n#if 1\n"}}), "t.defs:2: conditional without #endif");
  EXPECT_EQ(error_of({{"t.defs", "#endif"}}), "t.defs:1: #endif without #if");
  EXPECT_EQ(error_of({{"t.defs", "#define f(x) x"}}),
            "t.defs:1: macros with parameters are not part of the language");
  EXPECT_EQ(error_of({{"t.defs", "#if 1 +\n#endif"}}), "t.defs:1: #if expression ends too early");
  EXPECT_EQ(error_of({{"t.defs", "/* open"}}), "t.defs:1: comment without end");
}

}  // namespace
}  // namespace mig
