#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "libs/base/divide.h"
#include "libs/base/list.h"
#include "libs/base/math.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"
#include "libs/base/scope_guard.h"

namespace base {
namespace {

Result<int> parse(int v) {
  if (v < 0) return Error(4);
  return v;
}

Result<int> twice(int v) { return 2 * TRY(parse(v)); }
int as_code(int v) {
  TRY_CODE(parse(v));
  return kSuccess;
}

TEST(DivideTest, GivesQuotientAndRemainder) {
  const Quotient q = divide(123'456'789'012'345ull, 1'000'000);
  EXPECT_EQ(q.quotient, 123'456'789u);
  EXPECT_EQ(q.remainder, 12'345u);
}

TEST(ResultTest, PropagatesErrors) {
  EXPECT_EQ(twice(4).value(), 8);
  EXPECT_EQ(twice(-1).code(), 4);
  EXPECT_EQ(as_code(-1), 4);
  EXPECT_EQ(as_code(1), kSuccess);
}

TEST(ResultTest, HoldsMoveOnlyValues) {
  Result<std::unique_ptr<int>> r(std::make_unique<int>(7));
  Result<std::unique_ptr<int>> moved(std::move(r));
  EXPECT_EQ(*moved.take(), 7);
}

struct Counted : RefCounted<Counted> {
  explicit Counted(int* live) : live(live) { ++*live; }
  ~Counted() { --*live; }
  int* live;
};

TEST(RefTest, LastReferenceDeletes) {
  int live = 0;
  {
    Ref<Counted> a = adopt_ref(new Counted(&live));
    Ref<Counted> b = a;
    EXPECT_EQ(a->ref_count(), 2u);
    a = nullptr;
    EXPECT_EQ(live, 1);
    Counted* raw = b.leak();
    EXPECT_FALSE(b);
    b = Ref<Counted>::adopt(raw);
  }
  EXPECT_EQ(live, 0);
}

struct Node {
  int value = 0;
  ListLink link;
};

TEST(ListTest, KeepsOrderAndUnlinks) {
  List<Node, &Node::link> list;
  Node a{1}, b{2}, c{3};
  list.push_back(&b);
  list.push_front(&a);
  list.push_back(&c);
  b.link.unlink();
  b.link.unlink();
  std::vector<int> seen;
  for (Node& n : list) seen.push_back(n.value);
  EXPECT_EQ(seen, (std::vector<int>{1, 3}));
  list.insert_before(&c, &b);
  EXPECT_EQ(list.next(&a), &b);
  EXPECT_EQ(list.prev(&b), &a);
  EXPECT_EQ(list.pop_front(), &a);
  EXPECT_EQ(list.next(&c), nullptr);
}

TEST(MathTest, ChecksOverflow) {
  EXPECT_EQ(checked_align_up<uint32_t>(0xfffff001u, 4096), std::nullopt);
  EXPECT_EQ(checked_align_up<uint32_t>(1, 4096), 4096u);
  EXPECT_EQ(checked_add<uint32_t>(0xffffffffu, 1), std::nullopt);
  EXPECT_EQ(align_down<uint32_t>(4097, 4096), 4096u);
}

TEST(ScopeGuardTest, RunsUnlessDismissed) {
  int runs = 0;
  {
    ScopeGuard g([&] { ++runs; });
    ScopeGuard h([&] { ++runs; });
    h.dismiss();
  }
  EXPECT_EQ(runs, 1);
}

}  // namespace
}  // namespace base
