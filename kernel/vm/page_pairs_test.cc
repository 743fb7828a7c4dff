// Free pages become neighbours when others move.
#include "kernel/vm/page_pairs.h"

#include <vector>

#include "kernel/vm/heap.h"
#include "kernel/vm/offset_set.h"
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

// Takes all free pages.
class NoFreePages {
 public:
  NoFreePages() {
    while (Page* page = allocate_page(Reserve::kPrivileged)) taken_.push_back(page);
  }
  NoFreePages(const NoFreePages&) = delete;
  ~NoFreePages() {
    for (Page* page : taken_) free_page(page);
  }

 private:
  std::vector<Page*> taken_;
};

TEST_F(PagePairsTest, PagesInUseMakeRoom) {
  User user;
  const Address memory = user.allocate(64 * kPageSize);
  std::vector<Page*> neighbours = fill(user, memory, 64);
  const NoFreePages rest;
  free_all(neighbours);
  EXPECT_FALSE(has_page_pair());
  const uint32_t free = free_page_count();
  make_pairs();
  EXPECT_TRUE(has_page_pair());
  EXPECT_EQ(free_page_count(), free);
  for (uint32_t i = 0; i < 64; ++i) EXPECT_EQ(user.read(memory + i * kPageSize), 100 + i);
}

TEST_F(PagePairsTest, WiredPagesStay) {
  User user;
  const Address memory = user.allocate(8 * kPageSize);
  std::vector<Page*> neighbours = fill(user, memory, 8);
  ASSERT_TRUE(user.map().wire(memory, 8 * kPageSize, VM_PROT_READ).ok());
  const NoFreePages rest;
  free_all(neighbours);
  make_pairs();
  EXPECT_FALSE(has_page_pair());
}

TEST_F(PagePairsTest, NothingToMoveIsNoTrouble) {
  const NoFreePages rest;
  make_pairs();
  EXPECT_FALSE(has_page_pair());
}

// Page-out fills such sets, for many objects of a page or two, when memory is short.
TEST_F(PagePairsTest, AnOffsetSetIsAsSmallAsItsObject) {
  const size_t before = heap_bytes_in_use();
  OffsetSet set;
  ASSERT_TRUE(set.add(0).ok());
  EXPECT_LE(heap_bytes_in_use() - before, 256u);
  ASSERT_TRUE(set.add(5u << 22).ok());
  ASSERT_TRUE(set.add(0xfffff000u).ok());
  EXPECT_TRUE(set.contains(0));
  EXPECT_TRUE(set.contains(5u << 22));
  EXPECT_TRUE(set.contains(0xfffff000u));
  EXPECT_FALSE(set.contains(4u << 22));
  set.clear();
  EXPECT_FALSE(set.contains(0));
  EXPECT_EQ(heap_bytes_in_use(), before);
}

}  // namespace
}  // namespace vm::test
