#include "kernel/vm/heap.h"

#include <cstring>
#include <random>
#include <vector>

#include "kernel/vm/test_support.h"

namespace vm::test {
namespace {

using HeapTest = VmTest;

struct Block {
  unsigned char* p;
  size_t size;
  unsigned char fill;
};

bool intact(const Block& b) {
  for (size_t i = 0; i < b.size; ++i) {
    if (b.p[i] != b.fill) return false;
  }
  return true;
}

TEST_F(HeapTest, BlocksOfAllSizesKeepTheirContents) {
  std::mt19937 random(3);
  const size_t in_use = heap_bytes_in_use();
  std::vector<Block> blocks;
  for (int i = 0; i < 20000; ++i) {
    if (blocks.size() < 300 && random() % 2) {
      const size_t size = random() % 10 ? random() % 2500 : random() % 40000;
      auto* p = static_cast<unsigned char*>(heap_allocate(size));
      ASSERT_NE(p, nullptr);
      ASSERT_EQ(reinterpret_cast<uintptr_t>(p) % 16, 0u);
      blocks.push_back({p, size, static_cast<unsigned char>(random())});
      std::memset(p, blocks.back().fill, size);
    } else if (!blocks.empty()) {
      const size_t at = random() % blocks.size();
      ASSERT_TRUE(intact(blocks[at]));
      heap_free(blocks[at].p);
      blocks[at] = blocks.back();
      blocks.pop_back();
    }
  }
  for (const Block& b : blocks) {
    ASSERT_TRUE(intact(b));
    heap_free(b.p);
  }
  EXPECT_EQ(heap_bytes_in_use(), in_use);
  // Each size class may keep one empty page; the check of the fixture must not see them.
  heap_release_cached_pages();
}

TEST_F(HeapTest, OutOfMemoryIsNull) {
  std::vector<void*> blocks;
  while (void* p = heap_allocate(100000)) blocks.push_back(p);
  EXPECT_GT(blocks.size(), 100u);
  EXPECT_EQ(heap_allocate(SIZE_MAX), nullptr);
  for (void* p : blocks) heap_free(p);
  void* p = heap_allocate(1 << 20);
  EXPECT_NE(p, nullptr);
  heap_free(p);
}

TEST_F(HeapTest, FreedPagesFormLargeBlocksAgain) {
  {
    const NoMemory no_memory;
    EXPECT_EQ(allocate_kernel_pages(1024), nullptr);
  }
  void* block = allocate_kernel_pages(1024);
  ASSERT_NE(block, nullptr);
  free_kernel_pages(block);
}

TEST_F(HeapTest, ReserveIsKeptFromUsers) {
  const NoMemory no_memory;
  EXPECT_EQ(free_page_count(), reserved_page_count());
  Page* last = allocate_page(Reserve::kPrivileged);
  EXPECT_NE(last, nullptr);
  free_page(last);
}

}  // namespace
}  // namespace vm::test
