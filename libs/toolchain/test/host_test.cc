#include <cstdint>
#include <cstdlib>
#include <expected>
#include <format>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace {

static_assert(sizeof(void*) == 4, "unit tests have the target's pointer size");

TEST(HostToolchain, LibraryIsCurrent) {
  std::expected<int, std::string> half = 21;
  EXPECT_EQ(half.transform([](int v) { return 2 * v; }), 42);
  EXPECT_THAT(std::format("{:#06x}", 0xabc), testing::StartsWith("0x0abc"));
}

TEST(HostToolchain, ExceptionsUnwind) {
  EXPECT_THROW(throw std::runtime_error("thrown"), std::runtime_error);
}

TEST(HostToolchainDeathTest, AddressErrorIsFatal) {
  auto bytes = std::make_unique<char[]>(8);
  volatile std::size_t past = 8;
  EXPECT_DEATH(bytes[past] = 1, "heap-buffer-overflow.*\n(.*\n)*.*host_test.cc");
}

TEST(HostToolchainDeathTest, UndefinedBehaviourIsFatal) {
  volatile int big = std::numeric_limits<int>::max();
  EXPECT_DEATH(big = big + 1, "signed integer overflow");
}

TEST(HostToolchainDeathTest, LeakIsFatal) {
  auto leak = [] {
    static void* volatile slot = nullptr;
    slot = std::malloc(16);
    EXPECT_NE(slot, nullptr);
    slot = nullptr;
    std::exit(0);
  };
  EXPECT_DEATH(leak(), "detected memory leaks");
}

}  // namespace
