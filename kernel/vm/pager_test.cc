// The conversation with memory managers, with a manager played by the test.
#include "kernel/vm/pager.h"

#include "kernel/ipc/right.h"
#include "kernel/vm/default_manager.h"
#include "kernel/vm/fault.h"
#include "kernel/vm/page_out.h"
#include "kernel/vm/pager_control.h"
#include "kernel/vm/pager_registry.h"
#include "kernel/vm/test_support.h"

namespace vm::test {
namespace {

constexpr Size kPage = kPageSize;

enum Id : mach_msg_id_t {
  kInit = 2200,
  kTerminate = 2201,
  kCopy = 2202,
  kDataRequest = 2203,
  kDataUnlock = 2204,
  kDataWrite = 2205,
  kLockCompleted = 2206,
  kSupplyCompleted = 2207,
  kDataReturn = 2208,
  kChangeCompleted = 2209,
  kCreate = 2250,
  kDataInitialize = 2251,
};

// A message as the manager gets it.
class Request {
 public:
  explicit Request(ipc::MessagePtr message) : message_(std::move(message)) {
    // Receiving uses up the right that the message was sent with.
    if (!message_ || message_->remote_type() != MACH_MSG_TYPE_MOVE_SEND_ONCE) return;
    ipc::drop_silently(ipc::SendOnceRight::adopt(message_->remote()));
    message_->header().msgh_remote_port = 0;
  }
  explicit operator bool() const { return message_ != nullptr; }
  [[nodiscard]] int id() const { return message_ ? message_->header().msgh_id : 0; }
  [[nodiscard]] uint32_t word(int index) const {
    uint32_t value;
    std::memcpy(&value, message_->body() + 4 * index, sizeof value);
    return value;
  }
  [[nodiscard]] ipc::Port* port(int index) const { return ipc::Message::word_to_port(word(index)); }
  [[nodiscard]] base::Ref<Pager> pager(int index = 1) const {
    return pager_of_control_port(port(index));
  }
  // For the three messages that return data: its offset, size and first word.
  [[nodiscard]] Offset offset() const { return word(3); }
  [[nodiscard]] Size data_size() const { return word(6); }
  [[nodiscard]] uint32_t data_word(Offset at) const {
    uint32_t value = 0;
    EXPECT_TRUE(reinterpret_cast<MapCopy*>(word(7))->read(at, &value, sizeof value).ok());
    return value;
  }

 private:
  ipc::MessagePtr message_;
};

class Mailbox {
 public:
  Mailbox() : right_(ipc::Port::create().take()) {}
  ipc::SendRight send() { return ipc::make_send(*right_.port()); }
  ipc::SendOnceRight send_once() { return ipc::make_send_once(*right_.port()); }
  Request next() {
    return Request(right_.port()->has_message() ? right_.port()->dequeue() : nullptr);
  }
  void take(ipc::ReceiveRight right) { right_ = std::move(right); }
  void die() { right_.reset(); }

 private:
  ipc::ReceiveRight right_;
};

class PagerTest : public VmTest {
 protected:
  // The kernel keeps its right for the default memory manager, so there is one for all tests.
  static void SetUpTestSuite() {
    host::boot();
    (void)set_default_memory_manager(default_manager().send());
  }
  static Mailbox& default_manager() {
    static auto* const mailbox = new Mailbox;
    return *mailbox;
  }
  // Maps the manager's object and answers memory_object_init.
  Address map(User& u, Size size, bool may_cache = false,
              int strategy = MEMORY_OBJECT_COPY_DELAY) {
    const Address a = map_only(u, size);
    if (Request init = manager_.next()) {
      EXPECT_EQ(init.id(), kInit);
      EXPECT_EQ(init.word(5), kPage);
      pager_ = init.pager();
      EXPECT_EQ(set_attributes(*pager_, {true, may_cache, strategy}, PagerDialect::kCurrent),
                KERN_SUCCESS);
    }
    return a;
  }
  Address map_only(User& u, Size size, bool copy = false) {
    MapRequest r;
    r.size = size;
    r.object = object_for_port(manager_.send()).take();
    if (copy) {
      r.object = copy_of_object(r.object, 0, size).take();
      r.needs_copy = true;
    }
    return u.map().map(std::move(r)).take();
  }
  void supply(Offset offset, uint32_t value, Size pages = 1, vm_prot_t lock = VM_PROT_NONE,
              bool precious = false, ipc::AnyRight reply = {}) {
    std::vector<uint32_t> data(pages * kPage / 4, value);
    EXPECT_EQ(supply_data(*pager_, offset, copy_from_kernel_buffer(data.data(), pages * kPage),
                          lock, precious, std::move(reply)),
              KERN_SUCCESS);
    host::run();
  }
  void expect_request(Offset offset, vm_prot_t access) {
    const Request r = manager_.next();
    ASSERT_EQ(r.id(), kDataRequest);
    EXPECT_EQ(r.word(3), offset);
    EXPECT_EQ(r.word(5), kPage);
    EXPECT_EQ(static_cast<vm_prot_t>(r.word(7)), access);
  }
  void expect_terminate() {
    const Request r = manager_.next();
    ASSERT_EQ(r.id(), kTerminate);
    EXPECT_FALSE(manager_.next());
  }

  Mailbox manager_;
  base::Ref<Pager> pager_;
};

TEST_F(PagerTest, FaultsAskTheManager) {
  {
    User u;
    const Address a = map(u, 4 * kPage);
    uint32_t value = 0;
    u.start([&] { EXPECT_TRUE(kern::copy_in_bytes(&value, a + kPage, 4).ok()); });
    host::run();
    expect_request(kPage, VM_PROT_READ);
    EXPECT_FALSE(manager_.next());
    supply(kPage, 77);
    EXPECT_EQ(value, 77u);
    EXPECT_EQ(u.read(a + kPage), 77u);
    EXPECT_FALSE(manager_.next());
  }
  expect_terminate();
}

TEST_F(PagerTest, NothingIsAskedBeforeTheManagerIsReady) {
  {
    User u;
    const Address a = map_only(u, kPage);
    const Request init = manager_.next();
    pager_ = init.pager();
    uint32_t value = 0;
    u.start([&] { EXPECT_TRUE(kern::copy_in_bytes(&value, a, 4).ok()); });
    host::run();
    EXPECT_FALSE(manager_.next());
    EXPECT_EQ(set_attributes(*pager_, {true, false, 9}, PagerDialect::kCurrent),
              KERN_INVALID_ARGUMENT);
    EXPECT_EQ(set_attributes(*pager_, {}, PagerDialect::kCurrent), KERN_SUCCESS);
    host::run();
    expect_request(0, VM_PROT_READ);
    supply(0, 5);
    EXPECT_EQ(value, 5u);
  }
  expect_terminate();
}

TEST_F(PagerTest, ErrorsAndUnavailableData) {
  {
    User u;
    const Address a = map(u, 2 * kPage);
    kern_return_t result = -1;
    u.start([&] { result = fault(u.map(), a, VM_PROT_READ); });
    host::run();
    expect_request(0, VM_PROT_READ);
    EXPECT_EQ(data_error(*pager_, 0, kPage), KERN_SUCCESS);
    host::run();
    EXPECT_EQ(result, KERN_MEMORY_ERROR);
    u.start([&] { result = fault(u.map(), a, VM_PROT_READ | VM_PROT_WRITE); });
    host::run();
    expect_request(0, VM_PROT_READ | VM_PROT_WRITE);  // asked again
    EXPECT_EQ(data_unavailable(*pager_, 0, kPage), KERN_SUCCESS);
    host::run();
    EXPECT_EQ(result, KERN_SUCCESS);
    EXPECT_EQ(u.read(a), 0u);
  }
  expect_terminate();
}

TEST_F(PagerTest, WhatIsSaidToBeUnavailableIsNotAskedForOnce) {
  {
    User u;
    const Address a = map(u, 4 * kPage);
    const auto touch = [&](Address page) {
      u.start([=] {
        uint32_t value;
        (void)kern::copy_in_bytes(&value, a + page * kPage, 4);
      });
      host::run();
    };
    touch(0);
    expect_request(0, VM_PROT_READ);
    EXPECT_EQ(data_unavailable(*pager_, 0, 4 * kPage), KERN_SUCCESS);
    host::run();
    EXPECT_EQ(u.read(a), 0u);
    EXPECT_EQ(u.read(a + kPage), 0u);
    EXPECT_TRUE(u.write(a + 2 * kPage, 50));
    EXPECT_FALSE(manager_.next());
    // Flushed, everything is asked for again: what was zeros, what was written, what was not used.
    EXPECT_EQ(lock_request(*pager_, 0, 4 * kPage, MEMORY_OBJECT_RETURN_DIRTY, true,
                           VM_PROT_NO_CHANGE, {}),
              KERN_SUCCESS);
    const Request back = manager_.next();
    ASSERT_EQ(back.id(), kDataReturn);
    EXPECT_EQ(back.data_word(0), 50u);
    for (const Address page : {1, 2, 3}) {
      touch(page);
      expect_request(page * kPage, VM_PROT_READ);
      supply(page * kPage, 7);
      EXPECT_EQ(u.read(a + page * kPage), 7u);
    }
  }
  expect_terminate();
}

TEST_F(PagerTest, DataSuppliedAfterAllIsWhatCounts) {
  {
    User u;
    const Address a = map(u, 2 * kPage);
    uint32_t value = 0;
    u.start([&] { EXPECT_TRUE(kern::copy_in_bytes(&value, a, 4).ok()); });
    host::run();
    expect_request(0, VM_PROT_READ);
    EXPECT_EQ(data_unavailable(*pager_, 0, 2 * kPage), KERN_SUCCESS);
    supply(kPage, 9);
    EXPECT_EQ(u.read(a + kPage), 9u);
  }
  expect_terminate();
}

TEST_F(PagerTest, ModifiedPagesComeBackAtTheEnd) {
  {
    User u;
    const Address a = map(u, 4 * kPage);
    supply(0, 1, 4);
    ASSERT_TRUE(u.write(a + 2 * kPage, 42));
    ASSERT_TRUE(u.write(a + 3 * kPage, 43));
  }
  const Request back = manager_.next();
  ASSERT_EQ(back.id(), kDataReturn);
  EXPECT_EQ(back.offset(), 2 * kPage);
  EXPECT_EQ(back.data_size(), 2 * kPage);
  EXPECT_EQ(back.data_word(0), 42u);
  EXPECT_EQ(back.data_word(kPage), 43u);
  EXPECT_EQ(back.word(9), 1u);   // dirty
  EXPECT_EQ(back.word(11), 0u);  // no kernel copy
  expect_terminate();
}

TEST_F(PagerTest, TemporaryObjectsReturnNothing) {
  {
    User u;
    const Address a = map(u, kPage, true, MEMORY_OBJECT_COPY_TEMPORARY);
    supply(0, 1);
    ASSERT_TRUE(u.write(a, 42));
  }
  expect_terminate();
}

TEST_F(PagerTest, CachedObjectsKeepTheirPages) {
  {
    User u;
    map(u, kPage, true);
    supply(0, 11);
  }
  EXPECT_FALSE(manager_.next());
  {
    User u;
    const Address a = map(u, kPage);
    EXPECT_EQ(u.read(a), 11u);
    EXPECT_FALSE(manager_.next());
  }
  EXPECT_EQ(change_attributes(*pager_, false, MEMORY_OBJECT_COPY_DELAY, manager_.send_once()),
            KERN_SUCCESS);
  EXPECT_EQ(manager_.next().id(), kTerminate);
  EXPECT_EQ(manager_.next().id(), kChangeCompleted);
}

TEST_F(PagerTest, AllMappingsShareOneObject) {
  {
    User u;
    User v;
    const Address a = map(u, kPage);
    const Address b = map(v, kPage);
    supply(0, 1);
    ASSERT_TRUE(u.write(a, 2));
    EXPECT_EQ(v.read(b), 2u);
    EXPECT_TRUE(u.map().region(a).take().pager == pager_.get());
  }
  EXPECT_EQ(manager_.next().id(), kDataReturn);
  expect_terminate();
}

TEST_F(PagerTest, CopiesAreSnapshots) {
  {
    User u;
    const Address a = map(u, 2 * kPage);
    supply(0, 1, 2);
    User v;
    const Address b = map_only(v, 2 * kPage, true);
    EXPECT_EQ(v.read(b), 1u);
    ASSERT_TRUE(u.write(a, 2));
    ASSERT_TRUE(u.write(a + kPage, 2));
    EXPECT_EQ(v.read(b), 1u);
    EXPECT_EQ(v.read(b + kPage), 1u);
    ASSERT_TRUE(v.write(b, 3));
    EXPECT_EQ(u.read(a), 2u);
    User w;
    const Address c = map_only(w, 2 * kPage, true);
    EXPECT_EQ(w.read(c), 2u);
    ASSERT_TRUE(u.write(a, 4));
    EXPECT_EQ(w.read(c), 2u);
    EXPECT_EQ(v.read(b), 3u);
  }
  EXPECT_EQ(manager_.next().id(), kDataReturn);
  expect_terminate();
}

TEST_F(PagerTest, PrivateMappingsOfUnmodifiedFilesShareOneCopyObject) {
  {
    User u;
    map(u, 2 * kPage);
    supply(0, 1, 2);
    User v;
    User w;
    const Address b = map_only(v, 2 * kPage, true);
    const Address c = map_only(w, 2 * kPage, true);
    EXPECT_EQ(v.chain_length(b), 2u);
    EXPECT_EQ(w.chain_length(c), 2u);
    ASSERT_TRUE(w.write(c, 9));
    EXPECT_EQ(v.read(b), 1u);
  }
  expect_terminate();
}

TEST_F(PagerTest, CopyStrategyNoneReadsAtOnce) {
  {
    User u;
    map(u, kPage, false, MEMORY_OBJECT_COPY_NONE);
    User v;
    Address b = 0;
    v.start([&] { b = map_only(v, kPage, true); });
    host::run();
    expect_request(0, VM_PROT_READ);
    EXPECT_EQ(b, 0u);
    supply(0, 6);
    ASSERT_NE(b, 0u);
    EXPECT_EQ(lock_request(*pager_, 0, kPage, MEMORY_OBJECT_RETURN_NONE, true, VM_PROT_NO_CHANGE,
                           {}),
              KERN_SUCCESS);
    EXPECT_EQ(v.read(b), 6u);
  }
  expect_terminate();
}

TEST_F(PagerTest, CopyStrategyCallAsksTheManager) {
  {
    User u;
    const Address a = map(u, 2 * kPage, false, MEMORY_OBJECT_COPY_CALL);
    const base::Ref<Pager> original = pager_;
    supply(0, 1, 2);
    ASSERT_TRUE(u.write(a, 1));
    User v;
    const Address b = map_only(v, 2 * kPage, true);
    const Request copied = manager_.next();
    ASSERT_EQ(copied.id(), kCopy);
    EXPECT_EQ(copied.word(3), 0u);
    EXPECT_EQ(copied.word(5), 2 * kPage);
    ipc::Port* const port = copied.port(7);
    const Request init(port->dequeue());
    ASSERT_EQ(init.id(), kInit);
    pager_ = init.pager();
    EXPECT_EQ(set_attributes(*pager_, {}, PagerDialect::kCurrent), KERN_SUCCESS);
    uint32_t value = 0;
    v.start([&] { EXPECT_TRUE(kern::copy_in_bytes(&value, b, 4).ok()); });
    host::run();
    EXPECT_EQ(Request(port->dequeue()).id(), kDataRequest);
    EXPECT_EQ(data_unavailable(*pager_, 0, kPage), KERN_SUCCESS);
    host::run();
    EXPECT_EQ(value, 1u);
    v.start([&] { EXPECT_TRUE(kern::copy_in_bytes(&value, b + kPage, 4).ok()); });
    host::run();
    EXPECT_EQ(Request(port->dequeue()).id(), kDataRequest);
    supply(kPage, 9);
    EXPECT_EQ(value, 9u);
    u.start([&] { EXPECT_TRUE(kern::copy_out_bytes(a, &value, 4).ok()); });
    host::run();
    EXPECT_EQ(manager_.next().id(), kDataUnlock);  // the manager may save the page first
    EXPECT_EQ(lock_request(*original, 0, kPage, 0, false, VM_PROT_NONE, {}), KERN_SUCCESS);
    host::run();
    EXPECT_EQ(u.read(a), 9u);
    EXPECT_TRUE(v.map().deallocate(b, 2 * kPage).ok());
    EXPECT_EQ(Request(port->dequeue()).id(), kTerminate);
  }
  EXPECT_EQ(manager_.next().id(), kDataReturn);
  expect_terminate();
}

TEST_F(PagerTest, LocksAreAskedToBeLifted) {
  {
    User u;
    const Address a = map(u, kPage);
    supply(0, 1, 1, VM_PROT_WRITE);
    EXPECT_EQ(u.read(a), 1u);
    bool written = false;
    u.start([&] {
      const uint32_t value = 2;
      written = kern::copy_out_bytes(a, &value, 4).ok();
    });
    host::run();
    const Request r = manager_.next();
    ASSERT_EQ(r.id(), kDataUnlock);
    EXPECT_EQ(r.word(7), static_cast<uint32_t>(VM_PROT_READ | VM_PROT_WRITE));
    EXPECT_FALSE(written);
    EXPECT_EQ(lock_request(*pager_, 0, kPage, MEMORY_OBJECT_RETURN_NONE, false, VM_PROT_NONE,
                           manager_.send_once()),
              KERN_SUCCESS);
    host::run();
    EXPECT_TRUE(written);
    const Request done = manager_.next();
    ASSERT_EQ(done.id(), kLockCompleted);
    EXPECT_EQ(done.word(5), kPage);
  }
  EXPECT_EQ(manager_.next().id(), kDataReturn);
  expect_terminate();
}

TEST_F(PagerTest, CleaningKeepsAndFlushingDropsThePages) {
  {
    User u;
    const Address a = map(u, 2 * kPage);
    supply(0, 1, 2);
    ASSERT_TRUE(u.write(a, 5));
    ASSERT_EQ(lock_request(*pager_, 0, 2 * kPage, MEMORY_OBJECT_RETURN_DIRTY, false,
                           VM_PROT_NO_CHANGE, {}),
              KERN_SUCCESS);
    const Request clean = manager_.next();
    ASSERT_EQ(clean.id(), kDataReturn);
    EXPECT_EQ(clean.data_size(), kPage);
    EXPECT_EQ(clean.data_word(0), 5u);
    EXPECT_EQ(clean.word(11), 1u);  // kernel copy
    EXPECT_EQ(u.read(a), 5u);
    ASSERT_TRUE(u.write(a, 6));
    ASSERT_EQ(lock_request(*pager_, 0, 2 * kPage, MEMORY_OBJECT_RETURN_ALL, true,
                           VM_PROT_NO_CHANGE, {}),
              KERN_SUCCESS);
    const Request flush = manager_.next();
    ASSERT_EQ(flush.id(), kDataReturn);
    EXPECT_EQ(flush.data_word(0), 6u);
    uint32_t value = 0;
    u.start([&] { EXPECT_TRUE(kern::copy_in_bytes(&value, a + kPage, 4).ok()); });
    host::run();
    expect_request(kPage, VM_PROT_READ);
    supply(kPage, 8);
    EXPECT_EQ(value, 8u);
    EXPECT_EQ(lock_request(*pager_, 1, kPage, 0, true, VM_PROT_NO_CHANGE, {}),
              KERN_INVALID_ARGUMENT);
    EXPECT_EQ(lock_request(*pager_, 0, kPage, 7, true, VM_PROT_NO_CHANGE, {}),
              KERN_INVALID_ARGUMENT);
  }
  expect_terminate();
}

TEST_F(PagerTest, SupplyCompletionTellsWhatWasAccepted) {
  {
    User u;
    map(u, 4 * kPage);
    supply(2 * kPage, 1);
    supply(0, 2, 4, VM_PROT_NONE, true, manager_.send_once());
    for (Offset o = 2 * kPage; o < 4 * kPage; o += kPage) {
      const Request back = manager_.next();
      ASSERT_EQ(back.id(), kDataReturn);
      EXPECT_EQ(back.offset(), o);
    }
    const Request done = manager_.next();
    ASSERT_EQ(done.id(), kSupplyCompleted);
    EXPECT_EQ(done.word(3), 0u);
    EXPECT_EQ(done.word(5), 2 * kPage);
    EXPECT_EQ(static_cast<int>(done.word(7)), KERN_MEMORY_PRESENT);
    EXPECT_EQ(done.word(9), 2 * kPage);
  }
  EXPECT_EQ(manager_.next().id(), kDataReturn);  // the two precious pages
  expect_terminate();
}

TEST_F(PagerTest, OldManagersGetDataWrite) {
  {
    User u;
    const Address a = map_only(u, kPage);
    pager_ = manager_.next().pager();
    EXPECT_EQ(set_attributes(*pager_, {true, false, MEMORY_OBJECT_COPY_DELAY}, PagerDialect::kOld),
              KERN_SUCCESS);
    supply(0, 1);
    ASSERT_TRUE(u.write(a, 2));
  }
  EXPECT_EQ(manager_.next().id(), kDataWrite);
  expect_terminate();
}

TEST_F(PagerTest, DestroyEndsPaging) {
  User u;
  const Address a = map(u, 2 * kPage);
  supply(0, 3);
  kern_return_t result = -1;
  u.start([&] { result = fault(u.map(), a + kPage, VM_PROT_READ); });
  host::run();
  EXPECT_EQ(manager_.next().id(), kDataRequest);
  destroy_object(*pager_);
  host::run();
  expect_terminate();
  EXPECT_EQ(result, KERN_MEMORY_FAILURE);
  EXPECT_EQ(u.read(a), 3u);
}

TEST_F(PagerTest, DeathOfTheManagerFailsWaitingFaults) {
  User u;
  const Address a = map(u, kPage);
  kern_return_t result = -1;
  u.start([&] { result = fault(u.map(), a, VM_PROT_READ); });
  host::run();
  manager_.die();
  host::run();  // at once
  EXPECT_EQ(result, KERN_MEMORY_FAILURE);
  EXPECT_EQ(fault(u.map(), a, VM_PROT_READ), KERN_MEMORY_FAILURE);
}

TEST_F(PagerTest, AnonymousMemoryGoesToTheDefaultManagerAndComesBack) {
  {
    User u;
    const Address a = u.allocate(8 * kPage);
    for (Address i = 0; i < 8; ++i) ASSERT_TRUE(u.write(a + i * kPage, 100 + i));
    for (int i = 0; i < 6; ++i) PageOut::run_once(16);
    const Request create = default_manager().next();
    ASSERT_EQ(create.id(), kCreate);
    EXPECT_EQ(create.word(3), 8 * kPage);
    base::Ref<Pager> pager = create.pager(5);
    ASSERT_TRUE(pager);
    // Take the object's receive right out of the message.
    std::vector<uint32_t> stored(8, 0);
    uint32_t pages = 0;
    ipc::Port* const object = create.port(1);
    while (object->has_message()) {
      const Request r(object->dequeue());
      ASSERT_EQ(r.id(), kDataInitialize);
      for (Offset o = 0; o < r.data_size(); o += kPage, ++pages) {
        stored[(r.offset() + o) / kPage] = r.data_word(o);
      }
    }
    EXPECT_GT(pages, 4u);
    pager_ = pager;
    uint32_t requests = 0;
    for (Address i = 0; i < 8; ++i) {
      uint32_t value = 0;
      u.start([&] { EXPECT_TRUE(kern::copy_in_bytes(&value, a + i * kPage, 4).ok()); });
      host::run();
      if (object->has_message()) {
        const Request r(object->dequeue());
        ASSERT_EQ(r.id(), kDataRequest);
        EXPECT_EQ(r.word(3), i * kPage);
        for (Offset o = 0; o < r.word(5); o += kPage) {
          supply(i * kPage + o, stored[i + o / kPage]);
        }
        ++requests;
      }
      EXPECT_EQ(value, 100 + i);
    }
    EXPECT_LT(requests, pages);  // neighbours were asked for together
  }
}

TEST_F(PagerTest, UnaskedDataDoesNotReplaceReturnedPages) {
  {
    User u;
    const Address a = map(u, 4 * kPage);
    const auto start_read = [&](Address page) {
      u.start([=] {
        uint32_t value;
        (void)kern::copy_in_bytes(&value, a + page * kPage, 4);
      });
      host::run();
    };
    start_read(2);
    expect_request(2 * kPage, VM_PROT_READ);
    supply(0, 1, 3);  // pages 0 and 1 come unasked
    EXPECT_TRUE(u.write(a + kPage, 50));
    start_read(3);
    expect_request(3 * kPage, VM_PROT_READ);
    // Page 1 is on its way back while data read before is on its way here.
    EXPECT_EQ(lock_request(*pager_, 0, 3 * kPage, MEMORY_OBJECT_RETURN_DIRTY, true,
                           VM_PROT_NO_CHANGE, {}),
              KERN_SUCCESS);
    supply(0, 1, 4);
    supply(3 * kPage, 1);
    EXPECT_EQ(u.read(a), 1u);
    EXPECT_EQ(u.read(a + 3 * kPage), 1u);
    const Request back = manager_.next();
    ASSERT_EQ(back.id(), kDataReturn);
    EXPECT_EQ(back.data_word(0), 50u);
    start_read(1);
    expect_request(kPage, VM_PROT_READ);
    supply(kPage, 50);
    EXPECT_EQ(u.read(a + kPage), 50u);
  }
  expect_terminate();
}

}  // namespace
}  // namespace vm::test
