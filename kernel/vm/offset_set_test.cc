#include "kernel/vm/offset_set.h"

#include "kernel/vm/heap.h"
#include "kernel/vm/test_support.h"

namespace vm::test {
namespace {

using OffsetSetTest = VmTest;

// Page-out fills such sets, for many objects of a page or two, when memory is short.
TEST_F(OffsetSetTest, IsAsSmallAsItsObject) {
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
