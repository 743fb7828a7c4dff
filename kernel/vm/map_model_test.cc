// Random operations on several address spaces, checked against a simple model of what user code
// must see.
#include <map>
#include <memory>
#include <random>

#include "kernel/vm/test_support.h"

namespace vm::test {
namespace {

constexpr Address kBase = 0x400000;
constexpr Address kPages = 48;

// Contents of one page as a task sees it; shared between tasks after VM_INHERIT_SHARE.
using Cell = std::shared_ptr<uint32_t>;

struct ModelPage {
  Cell cell;
  bool writable = true;
  vm_inherit_t inheritance = VM_INHERIT_COPY;
};

// A task and what its memory must contain.
struct Modelled {
  User user;
  std::map<Address, ModelPage> pages;  // by page number above kBase
};

class MapModelTest : public VmTest {
 protected:
  static Address at(Address page) { return kBase + page * kPageSize; }
  uint32_t pick(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }

  void start() {
    tasks_.push_back(std::make_unique<Modelled>());
  }
  Modelled& any() { return *tasks_[pick(static_cast<uint32_t>(tasks_.size()))]; }

  void allocate(Modelled& t) {
    const Address first = pick(kPages);
    const Address count = 1 + pick(6);
    bool is_free = true;
    for (Address p = first; p < first + count; ++p) is_free &= !t.pages.contains(p);
    auto r = t.user.map().allocate(at(first), count * kPageSize, Placement::kFixed);
    ASSERT_EQ(r.ok(), is_free);
    if (!is_free) return;
    for (Address p = first; p < first + count; ++p) {
      t.pages[p] = {std::make_shared<uint32_t>(0)};
    }
  }

  void deallocate(Modelled& t) {
    const Address first = pick(kPages);
    const Address count = 1 + pick(8);
    (void)t.user.map().deallocate(at(first), count * kPageSize);
    for (Address p = first; p < first + count; ++p) t.pages.erase(p);
  }

  void write(Modelled& t) {
    const Address p = pick(kPages);
    const uint32_t value = static_cast<uint32_t>(random_());
    const auto it = t.pages.find(p);
    const bool allowed = it != t.pages.end() && it->second.writable;
    ASSERT_EQ(t.user.write(at(p) + 8, value), allowed);
    if (allowed) *it->second.cell = value;
  }

  void read(Modelled& t) {
    const Address p = pick(kPages);
    const auto it = t.pages.find(p);
    const auto value = t.user.read(at(p) + 8);
    ASSERT_EQ(value.has_value(), it != t.pages.end());
    if (value) {
      ASSERT_EQ(*value, *it->second.cell) << "page " << p;
    }
  }

  void attributes(Modelled& t) {
    const Address first = pick(kPages);
    const Address count = 1 + pick(4);
    bool all = true;
    for (Address p = first; p < first + count; ++p) all &= t.pages.contains(p);
    const bool writable = pick(4) != 0;
    const vm_inherit_t inheritance = static_cast<vm_inherit_t>(pick(3));
    const vm_prot_t protection = writable ? VM_PROT_DEFAULT : VM_PROT_READ;
    const bool protect = pick(2) != 0;
    const auto r = protect ? t.user.map().protect(at(first), count * kPageSize,
                                                  ProtectionKind::kCurrent, protection)
                           : t.user.map().inherit(at(first), count * kPageSize, inheritance);
    ASSERT_EQ(r.ok(), all);
    for (Address p = first; all && p < first + count; ++p) {
      if (protect) {
        t.pages[p].writable = writable;
      } else {
        t.pages[p].inheritance = inheritance;
      }
    }
  }

  void fork(Modelled& t) {
    if (tasks_.size() >= 6) return;
    auto child = std::make_unique<Modelled>(t.user.fork());
    for (auto& [p, page] : t.pages) {
      if (page.inheritance == VM_INHERIT_NONE) continue;
      ModelPage copy = page;
      if (page.inheritance == VM_INHERIT_COPY) copy.cell = std::make_shared<uint32_t>(*page.cell);
      child->pages[p] = copy;
    }
    tasks_.push_back(std::move(child));
  }

  void end_one() {
    if (tasks_.size() == 1) return;
    tasks_.erase(tasks_.begin() + pick(static_cast<uint32_t>(tasks_.size())));
  }

  void copy_within(Modelled& t) {
    const Address from = pick(kPages);
    const Address to = pick(kPages);
    const Address count = 1 + pick(4);
    bool allowed = true;
    for (Address i = 0; i < count; ++i) {
      allowed &= t.pages.contains(from + i);
      const auto target = t.pages.find(to + i);
      allowed &= target != t.pages.end() && target->second.writable;
    }
    base::Status r;
    t.user.run([&] {
      r = t.user.map().copy_within(at(from), count * kPageSize, at(to));
    });
    ASSERT_EQ(r.ok(), allowed);
    if (!allowed) return;
    std::vector<uint32_t> values;
    for (Address i = 0; i < count; ++i) values.push_back(*t.pages[from + i].cell);
    for (Address i = 0; i < count; ++i) *t.pages[to + i].cell = values[i];
  }

  // Out-of-line data of a message from one task to another, which looks at it and lets it go.
  void send(Modelled& from, Modelled& to) {
    const Address first = pick(kPages);
    const Address count = 1 + pick(4);
    const bool destroy = pick(3) == 0;
    bool allowed = true;
    for (Address p = first; p < first + count; ++p) allowed &= from.pages.contains(p);
    auto copy = from.user.map().copyin(at(first), count * kPageSize,
                                       destroy ? SourceAction::kDestroy : SourceAction::kKeep);
    ASSERT_EQ(copy.ok(), allowed);
    if (!allowed) return;
    std::vector<uint32_t> values;
    for (Address p = first; p < first + count; ++p) values.push_back(*from.pages[p].cell);
    if (destroy) {
      for (Address p = first; p < first + count; ++p) from.pages.erase(p);
    }
    const Address a = to.user.map().copyout(copy.take()).take();
    if (pick(2)) write(from);
    for (Address i = 0; i < count; ++i) {
      ASSERT_EQ(to.user.read(a + i * kPageSize + 8), values[i]);
    }
    if (pick(2)) {
      ASSERT_TRUE(to.user.write(a + 8, 12345));
    }
    ASSERT_TRUE(to.user.map().deallocate(a, count * kPageSize).ok());
  }

  void wire(Modelled& t) {
    const Address first = pick(kPages);
    const Address count = 1 + pick(3);
    bool all = true;
    for (Address p = first; p < first + count; ++p) all &= t.pages.contains(p);
    base::Status r;
    const vm_prot_t access = pick(2) ? VM_PROT_READ : VM_PROT_NONE;
    t.user.run([&] { r = t.user.map().wire(at(first), count * kPageSize, access); });
    ASSERT_EQ(r.ok(), all);
  }

  void step() {
    Modelled& t = any();
    switch (pick(16)) {
      case 0: case 1: return allocate(t);
      case 2: return deallocate(t);
      case 3: case 4: case 5: case 6: return write(t);
      case 7: case 8: case 9: return read(t);
      case 10: return attributes(t);
      case 11: return fork(t);
      case 12: return pick(2) ? end_one() : wire(t);
      case 13: return copy_within(t);
      default: return send(t, any());
    }
  }

  void check_all() {
    for (auto& t : tasks_) {
      for (auto& [p, page] : t->pages) {
        ASSERT_EQ(t->user.read(at(p) + 8), *page.cell) << "page " << p;
      }
    }
  }

  std::mt19937 random_;
  std::vector<std::unique_ptr<Modelled>> tasks_;
};

TEST_F(MapModelTest, TasksSeeWhatTheModelSays) {
  for (uint32_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    random_.seed(seed);
    start();
    for (int i = 0; i < 300; ++i) {
      step();
      if (HasFatalFailure()) return;
    }
    check_all();
    tasks_.clear();
  }
}

}  // namespace
}  // namespace vm::test
