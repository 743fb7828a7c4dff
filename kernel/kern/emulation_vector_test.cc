#include "kernel/kern/emulation_vector.h"

#include <mach/kern_return.h>

#include "gtest/gtest.h"

namespace kern {
namespace {

constexpr int kBadCount = 0x8002;

base::Ref<EmulationVector> make(const EmulationVector* old, int start,
                                std::initializer_list<uint32_t> routines) {
  auto made = EmulationVector::updated(old, start, {routines.begin(), routines.size()});
  EXPECT_TRUE(made.ok());
  return made.take();
}

TEST(EmulationVectorTest, LooksUpItsRangeOnly) {
  const auto v = make(nullptr, 10, {0x1000, 0, 0x3000});
  EXPECT_EQ(v->lookup(10), 0x1000u);
  EXPECT_EQ(v->lookup(11), 0u);
  EXPECT_EQ(v->lookup(12), 0x3000u);
  EXPECT_EQ(v->lookup(9), 0u);
  EXPECT_EQ(v->lookup(13), 0u);
  EXPECT_EQ(v->lookup(-2147483647 - 1), 0u);
  EXPECT_FALSE(v->redirects_traps());
}

TEST(EmulationVectorTest, GrowsToTheUnionWithGaps) {
  const auto first = make(nullptr, 20, {0x20});
  const auto both = make(first.get(), -33, {0x33});
  EXPECT_EQ(both->start(), -33);
  EXPECT_EQ(both->entries().size(), 54u);
  EXPECT_EQ(both->lookup(20), 0x20u);
  EXPECT_EQ(both->lookup(-33), 0x33u);
  EXPECT_EQ(both->lookup(0), 0u);
  EXPECT_TRUE(both->redirects_traps());
}

TEST(EmulationVectorTest, TheOldTableIsNotChanged) {
  const auto first = make(nullptr, 5, {0x5});
  const auto second = make(first.get(), 5, {0x55});
  EXPECT_EQ(first->lookup(5), 0x5u);
  EXPECT_EQ(second->lookup(5), 0x55u);
}

TEST(EmulationVectorTest, RefusesRangesThatAreTooLarge) {
  const uint32_t routine = 1;
  const auto v = make(nullptr, 0, {1});
  EXPECT_EQ(EmulationVector::updated(v.get(), 1'000'000, {&routine, 1}).code(), kBadCount);
  EXPECT_EQ(EmulationVector::updated(v.get(), -2147483647 - 1, {&routine, 1}).code(), kBadCount);
  EXPECT_EQ(EmulationVector::updated(nullptr, 2147483647, {&routine, 1}).code(), kBadCount);
}

}  // namespace
}  // namespace kern
