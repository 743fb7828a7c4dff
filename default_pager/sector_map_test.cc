#include "default_pager/sector_map.h"

#include <gtest/gtest.h>

namespace default_pager {
namespace {

TEST(SectorMapTest, PagesOfOneRunLieTogether) {
  SectorMap map(*std::pmr::new_delete_resource());
  EXPECT_EQ(0u, map.page_count());
  map.append(1000, 80);
  EXPECT_EQ(10u, map.page_count());
  const SectorMap::Run run = map.find(2, 100);
  EXPECT_EQ(1016u, run.sector);
  EXPECT_EQ(8u, run.pages);
  EXPECT_EQ(3u, map.find(2, 3).pages);
}

TEST(SectorMapTest, RunsEndWhereTheFileGoesOnElsewhere) {
  SectorMap map(*std::pmr::new_delete_resource());
  map.append(1000, 16);
  map.append(5000, 8);
  map.append(200, 24);
  EXPECT_EQ(6u, map.page_count());
  EXPECT_EQ(1008u, map.find(1, 5).sector);
  EXPECT_EQ(1u, map.find(1, 5).pages);
  EXPECT_EQ(5000u, map.find(2, 4).sector);
  EXPECT_EQ(1u, map.find(2, 4).pages);
  EXPECT_EQ(208u, map.find(4, 2).sector);
  EXPECT_EQ(2u, map.find(4, 2).pages);
}

TEST(SectorMapTest, OnlyWholePagesAreUsed) {
  SectorMap map(*std::pmr::new_delete_resource());
  map.append(0, 7);
  EXPECT_EQ(0u, map.page_count());
  map.append(100, 15);
  map.append(300, 8);
  EXPECT_EQ(2u, map.page_count());
  EXPECT_EQ(300u, map.find(1, 1).sector);
}

}  // namespace
}  // namespace default_pager
