// What memory managers say beside what they were asked for.
#include "kernel/vm/pager_fixture.h"
#include "kernel/vm/statistics.h"

namespace vm::test {
namespace {

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

TEST_F(PagerTest, WhoWritesGetsAllThatIsUnavailableAtOnce) {
  {
    User u;
    const Address a = map(u, 6 * kPage);
    u.start([=] {
      const uint32_t value = 5;
      EXPECT_TRUE(kern::copy_out_bytes(a, &value, 4).ok());
    });
    host::run();
    expect_request(0, VM_PROT_READ | VM_PROT_WRITE);
    const uint32_t filled = counters.zero_fills;
    EXPECT_EQ(data_unavailable(*pager_, 0, 4 * kPage), KERN_SUCCESS);
    host::run();
    EXPECT_EQ(counters.zero_fills - filled, 3u);
    for (Address i = 0; i < 4; ++i) EXPECT_TRUE(u.map().pmap().allows(a + i * kPage, VM_PROT_WRITE)) << i;
    EXPECT_FALSE(u.map().pmap().allows(a + 4 * kPage, VM_PROT_READ));
    EXPECT_EQ(u.read(a), 5u);
    EXPECT_EQ(u.read(a + 3 * kPage), 0u);
    EXPECT_FALSE(manager_.next());
    // What was not written is not returned.
    EXPECT_EQ(lock_request(*pager_, 0, 6 * kPage, MEMORY_OBJECT_RETURN_DIRTY, false, VM_PROT_NO_CHANGE, {}),
              KERN_SUCCESS);
    const Request back = manager_.next();
    ASSERT_EQ(back.id(), kDataReturn);
    EXPECT_EQ(back.data_size(), kPage);
    EXPECT_FALSE(manager_.next());
  }
  expect_terminate();
}

TEST_F(PagerTest, WhoReadsGetsOnlyWhatItReads) {
  {
    User u;
    const Address a = map(u, 4 * kPage);
    u.start([=] {
      uint32_t value = 0;
      EXPECT_TRUE(kern::copy_in_bytes(&value, a, 4).ok());
    });
    host::run();
    expect_request(0, VM_PROT_READ);
    const uint32_t filled = counters.zero_fills;
    EXPECT_EQ(data_unavailable(*pager_, 0, 4 * kPage), KERN_SUCCESS);
    host::run();
    EXPECT_EQ(counters.zero_fills, filled);
    EXPECT_FALSE(u.map().pmap().allows(a + kPage, VM_PROT_READ));
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
