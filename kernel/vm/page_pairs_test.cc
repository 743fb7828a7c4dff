// Free pages become neighbours when others move.
#include "kernel/vm/page_pairs.h"

#include <vector>

#include "kernel/vm/test_support.h"

namespace vm::test {
namespace {

using PagePairsTest = VmTest;

void make_pairs() {
  GraphLock lock;
  make_page_pairs();
}

// Writes to pages of the user; between them the caller gets others, which are their neighbours in memory.
std::vector<Page*> fill(User& user, Address memory, uint32_t count) {
  std::vector<Page*> between;
  for (uint32_t i = 0; i < count; ++i) {
    EXPECT_TRUE(user.write(memory + i * kPageSize, 100 + i));
    between.push_back(allocate_page());
  }
  return between;
}

void free_all(const std::vector<Page*>& pages) {
  for (Page* page : pages) free_page(page);
}

TEST_F(PagePairsTest, PagesInUseMakeRoom) {
  User user;
  const Address memory = user.allocate(64 * kPageSize);
  std::vector<Page*> neighbours = fill(user, memory, 64);
  const NoMemory rest(Reserve::kPrivileged);
  free_all(neighbours);
  EXPECT_FALSE(has_page_pair());
  const uint32_t free = free_page_count();
  make_pairs();
  EXPECT_TRUE(has_page_pair());
  EXPECT_EQ(free_page_count(), free);
  for (uint32_t i = 0; i < 64; ++i) EXPECT_EQ(user.read(memory + i * kPageSize), 100 + i);
}

// With one lonely page only, its neighbour could go to a page of the pair alone, which would be lonely then in its turn.
TEST_F(PagePairsTest, NoPairIsBrokenForAnother) {
  User user;
  const Address memory = user.allocate(kPageSize);
  const std::vector<Page*> neighbour = fill(user, memory, 1);
  void* const pair = allocate_kernel_pages(2);
  const NoMemory rest(Reserve::kPrivileged);
  free_all(neighbour);
  free_kernel_pages(pair);
  make_pairs();
  EXPECT_TRUE(has_page_pair());
  EXPECT_EQ(free_page_count(), 3u);
  EXPECT_EQ(user.read(memory), 100u);
}

TEST_F(PagePairsTest, WiredPagesStay) {
  User user;
  const Address memory = user.allocate(8 * kPageSize);
  std::vector<Page*> neighbours = fill(user, memory, 8);
  ASSERT_TRUE(user.map().wire(memory, 8 * kPageSize, VM_PROT_READ).ok());
  const NoMemory rest(Reserve::kPrivileged);
  free_all(neighbours);
  make_pairs();
  EXPECT_FALSE(has_page_pair());
}

TEST_F(PagePairsTest, NothingToMoveIsNoTrouble) {
  const NoMemory rest(Reserve::kPrivileged);
  make_pairs();
  EXPECT_FALSE(has_page_pair());
}

}  // namespace
}  // namespace vm::test
