// The conversation with memory managers, with a manager played by the test.
#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/pager_fixture.h"

namespace vm::test {
namespace {

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

TEST_F(PagerTest, WithoutMemoryForCopiesCleaningReturnsThePagesThemselves) {
  {
    User u;
    const Address a = map(u, 2 * kPage);
    supply(0, 1, 2);
    ASSERT_TRUE(u.write(a, 5));
    std::vector<Page*> taken;
    while (free_page_count() > low_water_pages()) taken.push_back(allocate_page());
    ASSERT_EQ(lock_request(*pager_, 0, 2 * kPage, MEMORY_OBJECT_RETURN_DIRTY, false, VM_PROT_NO_CHANGE, {}),
              KERN_SUCCESS);
    for (Page* page : taken) free_page(page);
    const Request back = manager_.next();
    ASSERT_EQ(back.id(), kDataReturn);
    EXPECT_EQ(back.data_word(0), 5u);
    EXPECT_EQ(back.word(11), 0u);  // no kernel copy
    uint32_t value = 0;
    u.start([&] { EXPECT_TRUE(kern::copy_in_bytes(&value, a, 4).ok()); });
    host::run();
    expect_request(0, VM_PROT_READ);
    supply(0, 5);
    EXPECT_EQ(value, 5u);
    EXPECT_EQ(u.read(a + kPage), 1u);
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
    const uint32_t laundry = laundry_page_count();
    while (object->has_message()) {
      const Request r(object->dequeue());
      ASSERT_EQ(r.id(), kDataInitialize);
      for (Offset o = 0; o < r.data_size(); o += kPage, ++pages) {
        stored[(r.offset() + o) / kPage] = r.data_word(o);
      }
    }
    EXPECT_GT(pages, 4u);
    EXPECT_EQ(laundry, pages);
    EXPECT_EQ(laundry_page_count(), 0u);  // the messages are gone, and what they carried
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

}  // namespace
}  // namespace vm::test
