// The outputs for a small interface, letter by letter. To renew them after a wanted change:
//   mig -I. -include demo.h -types types.h -user ... testdata/golden.defs  (see kOutputs)
#include <fstream>
#include <optional>
#include <sstream>

#include "gtest/gtest.h"
#include "libs/mig/backends.h"
#include "libs/mig/parser.h"
#include "libs/mig/preprocessor.h"

namespace mig {
namespace {

constexpr const char* kFolder = "libs/mig/testdata/";

struct Output {
  const char* option;
  const char* file;
};

constexpr Output kOutputs[] = {
    {"-user", "golden_user.c.golden"},           {"-header", "golden_user.h.golden"},
    {"-cserver", "golden_cserver.c.golden"},     {"-sheader", "golden_cserver.h.golden"},
    {"-cxxserver", "golden_cxxserver.h.golden"}, {"-kernel", "golden_kernel.h.golden"},
    {"-requests", "golden_requests.h.golden"},
};

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class GoldenTest : public testing::TestWithParam<Output> {};

INSTANTIATE_TEST_SUITE_P(Outputs, GoldenTest, testing::ValuesIn(kOutputs));

TEST_P(GoldenTest, IsUnchanged) {
  Preprocessor preprocessor({"."}, read_file);
  const Subsystem subsystem =
      Parser(preprocessor.run(std::string(kFolder) + "golden.defs")).parse();
  const Backend* backend = find_backend(GetParam().option);
  ASSERT_NE(backend, nullptr);
  const auto expected = read_file(std::string(kFolder) + GetParam().file);
  ASSERT_TRUE(expected.has_value());
  EXPECT_EQ(backend->emit(subsystem, {"demo.h", "types.h"}), *expected);
}

}  // namespace
}  // namespace mig
