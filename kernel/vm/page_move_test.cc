// Pages that go from their manager's memory to its object.
#include "kernel/vm/page_move.h"

#include "kernel/ipc/port.h"
#include "kernel/vm/pager_control.h"
#include "kernel/vm/pager_registry.h"
#include "kernel/vm/test_support.h"

namespace vm::test {
namespace {

constexpr Size kPage = kPageSize;

class PageMoveTest : public VmTest {
 protected:
  PageMoveTest() : port_(ipc::Port::create().take()) {
    MapRequest r;
    r.size = 16 * kPage;
    r.object = object_for_port(ipc::make_send(*port_.port())).take();
    pager_ = base::Ref<Pager>(r.object->pager());
    EXPECT_EQ(set_attributes(*pager_, {}, PagerDialect::kCurrent), KERN_SUCCESS);
    object_ = client_.map().map(std::move(r)).take();
    source_ = manager_.allocate(8 * kPage);
    for (Address i = 0; i < 8; ++i) EXPECT_TRUE(manager_.write(source_ + i * kPage, 10 + i));
  }

  bool move(Offset to, Address from, Size size, vm_prot_t lock = VM_PROT_NONE) {
    return move_pages(*pager_, manager_.map(),
                      {.offset = to, .from = from, .size = size, .lock = lock});
  }

  ipc::ReceiveRight port_;
  User client_;
  User manager_;
  base::Ref<Pager> pager_;
  Address object_ = 0;
  Address source_ = 0;
};

TEST_F(PageMoveTest, FromTheFrontAndTheBackOfARegion) {
  const uint32_t pages = free_page_count();
  EXPECT_TRUE(move(0, source_, kPage));
  EXPECT_TRUE(move(kPage, source_ + 6 * kPage, 2 * kPage));
  EXPECT_EQ(free_page_count(), pages);
  EXPECT_EQ(client_.read(object_), 10u);
  EXPECT_EQ(client_.read(object_ + kPage), 16u);
  EXPECT_EQ(client_.read(object_ + 2 * kPage), 17u);
  EXPECT_FALSE(manager_.read(source_));
  EXPECT_FALSE(manager_.read(source_ + 6 * kPage));
  EXPECT_EQ(manager_.read(source_ + kPage), 11u);
  EXPECT_EQ(manager_.read(source_ + 5 * kPage), 15u);
  EXPECT_EQ(manager_.map().virtual_size(), 5 * kPage);
  EXPECT_TRUE(move(4 * kPage, source_ + kPage, 5 * kPage));  // what is left
  EXPECT_EQ(client_.read(object_ + 8 * kPage), 15u);
  EXPECT_EQ(manager_.map().entry_count(), 0u);
}

TEST_F(PageMoveTest, OddRequestsAreLeftAlone) {
  EXPECT_FALSE(move(1, source_, kPage));
  EXPECT_FALSE(move(0, source_ + 1, kPage));
  EXPECT_FALSE(move(0, source_, kPage + 1));
  EXPECT_FALSE(move(0, source_, 0));
  EXPECT_FALSE(move(0, source_, kPage, 0x40));
  EXPECT_FALSE(move(0, source_, 9 * kPage));
  EXPECT_FALSE(move(0, 0, kPage));
  EXPECT_FALSE(move(trunc_page(UINT32_MAX), source_, 2 * kPage));
  EXPECT_FALSE(move(0, trunc_page(UINT32_MAX), kPage));
  EXPECT_FALSE(move(0, source_ + 3 * kPage, kPage));  // the middle of a region
  for (Address i = 0; i < 8; ++i) EXPECT_EQ(manager_.read(source_ + i * kPage), 10 + i);
}

TEST_F(PageMoveTest, PagesThatArePresentOrOthersSeeAreLeftAlone) {
  EXPECT_TRUE(move(kPage, source_, kPage));
  EXPECT_FALSE(move(0, source_ + kPage, 2 * kPage));  // its second page is there
  EXPECT_FALSE(move(0, manager_.allocate(kPage), kPage));  // nothing resident
  {
    User child = manager_.fork();
    EXPECT_FALSE(move(4 * kPage, source_ + kPage, kPage));
    EXPECT_EQ(child.read(source_ + kPage), 11u);
  }
  EXPECT_EQ(manager_.read(source_ + kPage), 11u);
}

TEST_F(PageMoveTest, WhoeverWaitsGoesOn) {
  uint32_t value = 0;
  client_.start([&] { EXPECT_TRUE(kern::copy_in_bytes(&value, object_, 4).ok()); });
  host::run();
  EXPECT_TRUE(move(0, source_, kPage, VM_PROT_WRITE));
  host::run();
  EXPECT_EQ(value, 10u);
}

}  // namespace
}  // namespace vm::test
