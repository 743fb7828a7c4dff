// Managers that die, or keep what they get: their pages do not stay in memory for ever.
#include "kernel/ipc/port.h"
#include "kernel/vm/default_manager.h"
#include "kernel/vm/page_out.h"
#include "kernel/vm/pager_control.h"
#include "kernel/vm/pager_registry.h"
#include "kernel/vm/test_support.h"

namespace vm::test {
namespace {

constexpr Size kPage = kPageSize;
constexpr uint32_t kPages = 24;
constexpr uint32_t kFresh = 3;  // the last pages always look too fresh to go
enum Id : mach_msg_id_t { kInit = 2200, kDataReturn = 2208, kCreate = 2250, kDataInitialize = 2251 };

class BadManagerTest : public VmTest {
 protected:
  // The kernel keeps its right for the default memory manager, so there is one for all tests.
  static void SetUpTestSuite() {
    host::boot();
    static auto* const port = new ipc::ReceiveRight(ipc::Port::create().take());
    default_port = port->port();
    (void)set_default_memory_manager(ipc::make_send(*default_port));
  }

  BadManagerTest() : port_(ipc::Port::create().take()) {
    MapRequest r;
    r.size = kPages * kPage;
    r.object = object_for_port(ipc::make_send(*port_.port())).take();
    pager_ = base::Ref<Pager>(r.object->pager());
    EXPECT_EQ(set_attributes(*pager_, {true, true, MEMORY_OBJECT_COPY_DELAY},
                             PagerDialect::kCurrent),
              KERN_SUCCESS);
    at_ = user_->map().map(std::move(r)).take();
    std::vector<uint32_t> data(kPages * kPage / 4, 7);
    EXPECT_EQ(supply_data(*pager_, 0, copy_from_kernel_buffer(data.data(), kPages * kPage),
                          VM_PROT_NONE, false, {}),
              KERN_SUCCESS);
    for (uint32_t i = 0; i < kPages; i += 2) EXPECT_TRUE(user_->write(at_ + i * kPage, 50 + i));
  }

  void TearDown() override {
    user_.reset();
    (void)change_attributes(*pager_, false, MEMORY_OBJECT_COPY_DELAY, {});  // not cached any more
    pager_ = nullptr;
    port_.reset();
    host::run();
    (void)first_to_default_manager();
  }

  static uint32_t pageable() { return active_page_count() + inactive_page_count(); }
  static void run_short_of_memory() {
    for (int i = 0; i < 40; ++i) PageOut::run_once(16);
  }
  // What the default manager got first; all of it is thrown away.
  static mach_msg_id_t first_to_default_manager() {
    mach_msg_id_t first = 0;
    while (default_port->has_message()) {
      const ipc::MessagePtr m = default_port->dequeue();
      if (first == 0) first = m->header().msgh_id;
    }
    return first;
  }

  static inline ipc::Port* default_port = nullptr;
  ipc::ReceiveRight port_;
  std::optional<User> user_{std::in_place};
  base::Ref<Pager> pager_;
  Address at_ = 0;
};

TEST_F(BadManagerTest, ModifiedPagesOfADeadManagerGoToTheDefaultManager) {
  port_.reset();
  for (uint32_t i = 0; i < kPages; i += 2) EXPECT_EQ(user_->read(at_ + i * kPage), 50 + i);
  run_short_of_memory();
  EXPECT_LE(pageable(), kFresh);
  uint32_t failures = 0;  // of unmodified pages: they are gone
  for (uint32_t i = 1; i < kPages; i += 2) {
    failures += fault(user_->map(), at_ + i * kPage, VM_PROT_READ) == KERN_MEMORY_FAILURE;
  }
  EXPECT_GE(failures, kPages / 2 - kFresh);
  ASSERT_TRUE(default_port->has_message());
  const ipc::MessagePtr create = default_port->dequeue();
  EXPECT_EQ(create->header().msgh_id, kCreate);
}

TEST_F(BadManagerTest, CachedObjectsOfADeadManagerEnd) {
  user_.reset();
  EXPECT_EQ(pageable(), kPages);
  port_.reset();
  run_short_of_memory();
  EXPECT_LE(pageable(), kFresh);
  EXPECT_EQ(first_to_default_manager(), 0);
}

TEST_F(BadManagerTest, ReturnedPagesThatNobodyFreesArePagedOutAgain) {
  run_short_of_memory();
  EXPECT_LE(pageable(), kFresh);
  EXPECT_EQ(first_to_default_manager(), 0);  // the manager has them now
  {
    GraphLock lock;
    release_returned_pages();
  }
  run_short_of_memory();
  EXPECT_EQ(first_to_default_manager(), 0);  // it gets its time
  {
    GraphLock lock;
    release_returned_pages();
  }
  EXPECT_GE(inactive_page_count(), kPages / 2 - kFresh);
  run_short_of_memory();
  EXPECT_LE(pageable(), kFresh);
  EXPECT_EQ(first_to_default_manager(), kCreate);
}

}  // namespace
}  // namespace vm::test
