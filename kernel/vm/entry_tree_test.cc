#include "kernel/vm/entry_tree.h"

#include <map>
#include <memory>
#include <random>

#include "gtest/gtest.h"

namespace vm {
namespace {

// The tree beside an ordinary map that does the same slowly.
class EntryTreeTest : public ::testing::Test {
 protected:
  ~EntryTreeTest() override {
    while (Entry* e = tree_.first()) remove(e);
  }

  void add(Address start, Address end) {
    auto* e = new Entry;
    e->start = start;
    e->end = end;
    tree_.insert(e);
    model_[start] = e;
  }
  void remove(Entry* e) {
    model_.erase(e->start);
    tree_.remove(e);
    delete e;
  }
  Entry* model_find(Address a) {
    auto it = model_.upper_bound(a);
    if (it == model_.begin()) return nullptr;
    Entry* e = std::prev(it)->second;
    return a < e->end ? e : nullptr;
  }
  bool model_space(Address from, Address limit, Size size, Address mask, Address& result) {
    for (uint64_t at = from; at + size <= limit; at += 0x1000) {
      bool is_free = (at & mask) == 0;
      for (uint64_t p = at; p < at + size; p += 0x1000) {
        is_free &= model_find(static_cast<Address>(p)) == nullptr;
      }
      if (!is_free) continue;
      result = static_cast<Address>(at);
      return true;
    }
    return false;
  }

  EntryTree tree_;
  std::map<Address, Entry*> model_;
};

TEST_F(EntryTreeTest, FindsWhatContainsOrFollowsAnAddress) {
  add(0x1000, 0x3000);
  add(0x8000, 0x9000);
  EXPECT_EQ(tree_.find(0x2fff)->start, 0x1000u);
  EXPECT_EQ(tree_.find(0x3000), nullptr);
  EXPECT_EQ(tree_.find_at_or_above(0x3000)->start, 0x8000u);
  EXPECT_EQ(tree_.find_at_or_above(0x9000), nullptr);
}

TEST_F(EntryTreeTest, AgreesWithAModelOverRandomOperations) {
  std::mt19937 random(7);
  constexpr Address kLimit = 0x400000;
  for (int i = 0; i < 6000; ++i) {
    const Address a = random() % (kLimit >> 12) << 12;
    Entry* const found = tree_.find(a);
    ASSERT_EQ(found, model_find(a));
    if (found && random() % 2) {
      remove(found);
    } else if (!found) {
      const Entry* above = tree_.find_at_or_above(a);
      const Address room = (above ? above->start : kLimit) - a;
      const Address size = std::min<Address>(room, (1 + random() % 4) << 12);
      if (Entry* below = a ? tree_.find(a - 1) : nullptr; below && random() % 4 == 0) {
        below->end = a + size;
        tree_.resized(below);
      } else {
        add(a, a + size);
      }
    }
    const Size size = (1 + random() % 8) << 12;
    constexpr Address kMasks[] = {0, 0, 0x7fff, 0x2000, 0x25000};
    const Address mask = kMasks[random() % 5];
    const Address from = random() % (kLimit >> 12) << 12;
    Address got = 0;
    Address want = 0;
    Entry* above = nullptr;
    const bool expected = model_space(from, kLimit, size, mask, want);
    ASSERT_EQ(tree_.find_space(from, kLimit, size, mask, got, above), expected);
    if (expected) {
      ASSERT_EQ(got, want);
      ASSERT_EQ(above, tree_.find_at_or_above(got));
    }
  }
  EXPECT_EQ(tree_.count(), model_.size());
}

TEST_F(EntryTreeTest, StaysShallowWithManyEntries) {
  for (Address a = 0; a < 4096; ++a) add(a * 0x2000, a * 0x2000 + 0x1000);
  Entry* e = tree_.first();
  while (e->parent) e = e->parent;
  EXPECT_LE(e->height, 14);
  Address at = 0;
  Entry* above = e;
  ASSERT_TRUE(tree_.find_space(0, 0xC0000000, 0x2000, 0, at, above));
  EXPECT_EQ(above, nullptr);
  EXPECT_EQ(at, 4095 * 0x2000u + 0x1000u);
}

}  // namespace
}  // namespace vm
