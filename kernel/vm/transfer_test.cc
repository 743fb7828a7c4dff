// Copies between tasks' memory without mappings.
#include "kernel/vm/transfer.h"

#include "kernel/vm/pager_fixture.h"
#include "kernel/vm/wirer.h"

namespace vm::test {
namespace {

class TransferTest : public PagerTest {
 protected:
  kern_return_t get(User& caller, User& from, Address address, Size size, Address buffer) {
    kern_return_t result = KERN_FAILURE;
    caller.run([&] { result = copy_to_caller(from.map(), address, size, buffer); });
    return result;
  }
  kern_return_t put(User& caller, User& to, Address address, Address buffer, Size size) {
    kern_return_t result = KERN_FAILURE;
    caller.run([&] { result = copy_from_caller(to.map(), address, size, buffer); });
    return result;
  }

  User caller_;
  User other_;
};

TEST_F(TransferTest, AnyBytesOfAnyTask) {
  const Address from = other_.allocate(4 * kPage);
  const Address to = caller_.allocate(4 * kPage);
  EXPECT_TRUE(other_.write_bytes(from + kPage - 3, "across the border"));
  EXPECT_EQ(get(caller_, other_, from + kPage - 3, 17, to + 2 * kPage - 9), KERN_SUCCESS);
  EXPECT_EQ(caller_.read_bytes(to + 2 * kPage - 9, 17), "across the border");
  EXPECT_EQ(put(caller_, other_, from + 3 * kPage - 5, to + 2 * kPage - 9, 17), KERN_SUCCESS);
  EXPECT_EQ(other_.read_bytes(from + 3 * kPage - 5, 17), "across the border");
  EXPECT_EQ(put(caller_, other_, from, to, 0), KERN_SUCCESS);
}

TEST_F(TransferTest, MappingsStayAsTheyAre) {
  const Address from = other_.allocate(4 * kPage);
  const Address to = caller_.allocate(4 * kPage);
  EXPECT_TRUE(caller_.write(to, 5));
  EXPECT_EQ(put(caller_, other_, from, to, 4 * kPage), KERN_SUCCESS);
  EXPECT_EQ(other_.map().pmap().resident_pages(), 0u);
  EXPECT_EQ(other_.read(from), 5u);
  EXPECT_EQ(other_.read(from + 3 * kPage), 0u);
}

// What is mapped already is the copy's own page afterwards, or as before.
TEST_F(TransferTest, CopiesOnWriteAreSeenThroughOldMappings) {
  const Address at = other_.allocate(2 * kPage);
  const Address buffer = caller_.allocate(2 * kPage);
  EXPECT_TRUE(caller_.write(buffer, 7));
  EXPECT_TRUE(other_.write(at, 1));
  EXPECT_TRUE(other_.write(at + kPage, 2));
  User child = other_.fork();
  EXPECT_EQ(child.read(at), 1u);
  EXPECT_EQ(child.read(at + kPage), 2u);
  EXPECT_EQ(put(caller_, child, at, buffer, kPage), KERN_SUCCESS);
  EXPECT_EQ(put(caller_, child, at + kPage + 4, buffer, 4), KERN_SUCCESS);
  EXPECT_EQ(child.read(at), 7u);
  EXPECT_EQ(child.read(at + kPage), 2u);
  EXPECT_EQ(child.read(at + kPage + 4), 7u);
  EXPECT_EQ(other_.read(at), 1u);
  EXPECT_EQ(other_.read(at + kPage + 4), 0u);
}

TEST_F(TransferTest, BadAddressesAndRights) {
  const Address good = caller_.allocate(2 * kPage);
  const Address hole = good + 2 * kPage;
  const Address there = other_.allocate(2 * kPage);
  EXPECT_EQ(get(caller_, other_, there + kPage, 2 * kPage, good), KERN_INVALID_ADDRESS);
  EXPECT_EQ(get(caller_, other_, there, 2 * kPage, good + kPage), KERN_INVALID_ADDRESS);
  EXPECT_EQ(put(caller_, other_, there, hole - 4, 8), KERN_INVALID_ADDRESS);
  EXPECT_EQ(get(caller_, other_, kUserEnd - 4, 8, good), KERN_INVALID_ADDRESS);
  EXPECT_EQ(get(caller_, other_, there, 8, kUserEnd - 4), KERN_INVALID_ADDRESS);
  EXPECT_EQ(get(caller_, other_, UINT32_MAX, 8, good), KERN_INVALID_ADDRESS);
  EXPECT_EQ(get(caller_, other_, there, kMaxTransfer + 1, good), KERN_INVALID_ARGUMENT);
  EXPECT_EQ(get(caller_, other_, there, UINT32_MAX, good), KERN_INVALID_ARGUMENT);

  EXPECT_TRUE(other_.map().protect(there, kPage, ProtectionKind::kCurrent, VM_PROT_READ).ok());
  EXPECT_EQ(put(caller_, other_, there, good, 4), KERN_PROTECTION_FAILURE);
  EXPECT_EQ(get(caller_, other_, there, 4, good), KERN_SUCCESS);
  EXPECT_TRUE(other_.map().protect(there, kPage, ProtectionKind::kCurrent, VM_PROT_NONE).ok());
  EXPECT_EQ(get(caller_, other_, there, 4, good), KERN_PROTECTION_FAILURE);
  EXPECT_TRUE(caller_.map().protect(good, kPage, ProtectionKind::kCurrent, VM_PROT_READ).ok());
  EXPECT_EQ(get(caller_, other_, there + kPage, 4, good), KERN_PROTECTION_FAILURE);

  EXPECT_TRUE(other_.map().wire(there + kPage, kPage, VM_PROT_READ | VM_PROT_WRITE).ok());
  EXPECT_EQ(put(caller_, other_, there + kPage, good, 4), KERN_INVALID_ARGUMENT);
  EXPECT_EQ(get(caller_, other_, there + kPage, 4, good + kPage), KERN_SUCCESS);
  EXPECT_TRUE(other_.map().wire(there + kPage, kPage, VM_PROT_NONE).ok());
}

// A page that would have been zeros is not left with what its last user had in it.
TEST_F(TransferTest, ABufferThatCannotBeReadLeavesZeros) {
  const Address there = other_.allocate(kPage);
  const Address buffer = caller_.allocate(2 * kPage);
  EXPECT_TRUE(caller_.map().deallocate(buffer + kPage, kPage).ok());
  EXPECT_TRUE(caller_.write(buffer + kPage - 4, 0x55));
  EXPECT_EQ(put(caller_, other_, there, buffer + kPage - 4, kPage), KERN_INVALID_ADDRESS);
  for (Address at = 0; at < kPage; at += 4) ASSERT_EQ(other_.read(there + at), 0u);
}

TEST_F(TransferTest, WaitsForTheManagerAndForTheBuffers) {
  const Address file = map(other_, 4 * kPage);
  const Address buffer = map_only(caller_, kPage);  // the same object: page 0 is the buffer
  kern_return_t result = KERN_FAILURE;
  caller_.start([&] { result = copy_to_caller(other_.map(), file + kPage, kPage, buffer); });
  host::run();
  expect_request(kPage, VM_PROT_READ);
  EXPECT_FALSE(manager_.next());
  supply(kPage, 21);
  expect_request(0, VM_PROT_READ | VM_PROT_WRITE);
  supply(0, 20);
  EXPECT_EQ(result, KERN_SUCCESS);
  EXPECT_EQ(caller_.read(buffer), 21u);
  EXPECT_EQ(other_.read(file), 21u);
}

TEST_F(TransferTest, WhatTheManagerLacksIsNotCleared) {
  const Address file = map(other_, 3 * kPage);
  const Address buffer = caller_.allocate(3 * kPage);
  EXPECT_TRUE(caller_.write(buffer + 2 * kPage - 4, 9));
  kern_return_t result = KERN_FAILURE;
  caller_.start([&] { result = copy_from_caller(other_.map(), file, 2 * kPage + 4, buffer); });
  host::run();
  expect_request(0, VM_PROT_READ | VM_PROT_WRITE);
  EXPECT_EQ(data_unavailable(*pager_, 0, 3 * kPage), KERN_SUCCESS);
  host::run();
  EXPECT_FALSE(manager_.next());
  EXPECT_EQ(result, KERN_SUCCESS);
  EXPECT_EQ(other_.read(file + 2 * kPage - 4), 9u);
  EXPECT_EQ(other_.read(file + 2 * kPage + 4), 0u);
}

TEST_F(TransferTest, ManagersErrorsAndDeath) {
  const Address file = map(other_, 4 * kPage);
  const Address buffer = caller_.allocate(kPage);
  kern_return_t result = KERN_SUCCESS;
  const auto start = [&](Address at) {
    caller_.start([&, at] { result = copy_to_caller(other_.map(), at, kPage, buffer); });
    host::run();
    EXPECT_EQ(manager_.next().id(), kDataRequest);
  };
  start(file);
  EXPECT_EQ(data_error(*pager_, 0, kPage), KERN_SUCCESS);
  host::run();
  EXPECT_EQ(result, KERN_MEMORY_ERROR);
  start(file + kPage);
  manager_.die();
  host::run();
  EXPECT_EQ(result, KERN_MEMORY_FAILURE);
}

TEST_F(TransferTest, CanBeAborted) {
  const Address file = map(other_, kPage);
  const Address buffer = caller_.allocate(kPage);
  kern_return_t result = KERN_SUCCESS;
  auto thread = host::start_thread(caller_.task(), [&] {
    result = copy_to_caller(other_.map(), file, kPage, buffer);
  });
  host::run();
  EXPECT_EQ(manager_.next().id(), kDataRequest);
  thread->abort();
  host::run();
  EXPECT_EQ(result, KERN_ABORTED);
  supply(0, 1);
}

// Nobody but users would profit from the reserve that is there for getting memory free.
TEST_F(TransferTest, WiredThreadsHaveTheReserveForTheirOwnMemoryOnly) {
  const Address file = map(other_, 2 * kPage);
  const Address own = caller_.allocate(2 * kPage);
  EXPECT_TRUE(caller_.write(own, 1));
  const NoMemory no_memory;
  kern_return_t managed = KERN_SUCCESS;
  bool anonymous = false;
  caller_.run([&] {
    kern::current_thread().set_vm_privileged(true);
    managed = copy_from_caller(other_.map(), file, 4, own);
    const uint32_t value = 1;
    anonymous = kern::copy_out_bytes(own + kPage, &value, sizeof value).ok();
  });
  EXPECT_EQ(managed, KERN_RESOURCE_SHORTAGE);
  EXPECT_TRUE(anonymous);
  EXPECT_FALSE(manager_.next());
}

}  // namespace
}  // namespace vm::test
