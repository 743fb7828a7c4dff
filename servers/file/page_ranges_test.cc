#include "servers/file/page_ranges.h"

#include <random>
#include <set>

#include "gtest/gtest.h"

namespace file {
namespace {

TEST(PageRanges, JoinsNeighbours) {
  PageRanges pages;
  pages.add(10, 20);
  pages.add(30, 40);
  pages.add(5, 5);
  EXPECT_EQ(pages.count(), 20u);
  EXPECT_FALSE(pages.stretch(5, 6).inside);
  pages.add(20, 30);
  const auto stretch = pages.stretch(12, 100);
  EXPECT_TRUE(stretch.inside);
  EXPECT_EQ(stretch.end, 40u);
  EXPECT_EQ(pages.stretch(0, 100).end, 10u);
  EXPECT_EQ(pages.stretch(0, 7).end, 7u);
  EXPECT_EQ(pages.stretch(40, 50).end, 50u);
  EXPECT_EQ(pages.remove(0, 15), 5u);
  EXPECT_EQ(pages.remove(25, 26), 1u);
  EXPECT_EQ(pages.stretch(15, 100).end, 25u);
  EXPECT_EQ(pages.remove(0, ~0ULL), 24u);
  EXPECT_EQ(pages.count(), 0u);
  EXPECT_EQ(pages.stretch(0, 9).end, 9u);
}

TEST(PageRanges, IsASetOfPages) {
  constexpr uint64_t kPages = 60;
  std::mt19937 random(1);
  std::set<uint64_t> model;
  PageRanges pages;
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t first = random() % kPages;
    const uint64_t end = first + 1 + random() % 9;
    const PageRanges::Stretch stretch = pages.stretch(first, end);
    ASSERT_GT(stretch.end, first);
    ASSERT_LE(stretch.end, end);
    for (uint64_t page = first; page < stretch.end; ++page) {
      ASSERT_EQ(model.contains(page), stretch.inside);
    }
    if (stretch.end < end) ASSERT_NE(model.contains(stretch.end), stretch.inside);
    if (random() % 2 != 0 && !stretch.inside) {
      pages.add(first, stretch.end);
      for (uint64_t page = first; page < stretch.end; ++page) model.insert(page);
    } else if (random() % 2 != 0) {
      size_t removed = 0;
      for (uint64_t page = first; page < end; ++page) removed += model.erase(page);
      ASSERT_EQ(pages.remove(first, end), removed);
    }
    ASSERT_EQ(pages.count(), model.size());
  }
}

}  // namespace
}  // namespace file
