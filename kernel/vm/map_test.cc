#include "kernel/vm/map.h"

#include "kernel/vm/statistics.h"
#include "kernel/vm/test_support.h"

namespace vm::test {
namespace {

using MapTest = VmTest;
constexpr Size kPage = kPageSize;

TEST_F(MapTest, AllocatedMemoryIsZeroAndKeepsWhatIsWritten) {
  User u;
  const Address a = u.allocate(3 * kPage);
  EXPECT_EQ(a % kPage, 0u);
  EXPECT_EQ(u.read(a + kPage), 0u);
  EXPECT_TRUE(u.write(a + kPage, 17));
  EXPECT_EQ(u.read(a + kPage), 17u);
  EXPECT_EQ(u.read(a + 3 * kPage), std::nullopt);
}

TEST_F(MapTest, FixedAllocationRoundsToPages) {
  User u;
  auto a = u.map().allocate(0x100ff0, 0x20, Placement::kFixed);
  ASSERT_TRUE(a.ok());
  EXPECT_EQ(*a, 0x100000u);
  EXPECT_EQ(u.map().virtual_size(), 2 * kPage);
  EXPECT_EQ(u.map().allocate(0x101000, 1, Placement::kFixed).code(), KERN_NO_SPACE);
}

TEST_F(MapTest, RangesOutsideUserMemoryAreRejected) {
  User u;
  Map& m = u.map();
  EXPECT_EQ(m.allocate(0xBFFFF000, 0x1001, Placement::kFixed).code(), KERN_INVALID_ADDRESS);
  EXPECT_EQ(m.allocate(0xFFFFF000, 0x2000, Placement::kFixed).code(), KERN_INVALID_ADDRESS);
  EXPECT_EQ(m.allocate(0, 0xFFFFFFFF, Placement::kAnywhere).code(), KERN_NO_SPACE);
  EXPECT_EQ(m.deallocate(0x1000, 0xFFFFFFFF).code(), KERN_INVALID_ADDRESS);
  EXPECT_EQ(m.protect(0xFFFFF000, 0x1000, ProtectionKind::kCurrent, 1).code(),
            KERN_INVALID_ADDRESS);
  EXPECT_EQ(m.copyin(0xFFFFFFF0, 0x20, SourceAction::kKeep).code(), KERN_INVALID_ADDRESS);
}

TEST_F(MapTest, DeallocationFreesPartsOfARegion) {
  User u;
  const uint32_t before = free_page_count();
  const Address a = u.allocate(4 * kPage);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(u.write(a + i * kPage, i));
  EXPECT_TRUE(u.map().deallocate(a + kPage + 5, kPage).ok());  // pages 1 and 2
  EXPECT_EQ(u.read(a), 0u);
  EXPECT_EQ(u.read(a + kPage), std::nullopt);
  EXPECT_EQ(u.read(a + 2 * kPage), std::nullopt);
  EXPECT_EQ(u.read(a + 3 * kPage), 3u);
  EXPECT_EQ(u.map().virtual_size(), 2 * kPage);
  EXPECT_LE(before - free_page_count(), 2u + 4u);  // two pages and page tables
  EXPECT_EQ(u.map().deallocate(a + kPage, kPage).code(), KERN_INVALID_ADDRESS);
}

TEST_F(MapTest, ReusedSpaceIsZeroAgain) {
  User u;
  const Address a = u.allocate(4 * kPage);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(u.write(a + i * kPage, 9));
  ASSERT_TRUE(u.map().deallocate(a + 2 * kPage, 2 * kPage).ok());
  ASSERT_TRUE(u.map().allocate(a + 2 * kPage, 2 * kPage, Placement::kFixed).ok());
  EXPECT_EQ(u.map().entry_count(), 1u);  // grown back
  EXPECT_EQ(u.read(a + 2 * kPage), 0u);
  EXPECT_EQ(u.read(a), 9u);
}

TEST_F(MapTest, ProtectionIsEnforcedAndLimited) {
  User u;
  const Address a = u.allocate(3 * kPage);
  ASSERT_TRUE(u.write(a, 1));
  ASSERT_TRUE(u.map().protect(a, kPage, ProtectionKind::kCurrent, VM_PROT_READ).ok());
  EXPECT_FALSE(u.write(a, 2));
  EXPECT_EQ(u.read(a), 1u);
  EXPECT_TRUE(u.write(a + kPage, 2));
  ASSERT_TRUE(u.map().protect(a, kPage, ProtectionKind::kMaximum, VM_PROT_READ).ok());
  EXPECT_EQ(u.map().protect(a, kPage, ProtectionKind::kCurrent, VM_PROT_DEFAULT).code(),
            KERN_PROTECTION_FAILURE);
  EXPECT_EQ(u.map().protect(a, kPage, ProtectionKind::kMaximum, VM_PROT_ALL).code(),
            KERN_PROTECTION_FAILURE);
  ASSERT_TRUE(u.map().protect(a + kPage, kPage, ProtectionKind::kCurrent, VM_PROT_NONE).ok());
  EXPECT_EQ(u.read(a + kPage), std::nullopt);
  ASSERT_TRUE(u.map().protect(a + kPage, kPage, ProtectionKind::kCurrent, VM_PROT_DEFAULT).ok());
  EXPECT_EQ(u.read(a + kPage), 2u);
  EXPECT_EQ(u.map().protect(a, 9 * kPage, ProtectionKind::kCurrent, VM_PROT_READ).code(),
            KERN_INVALID_ADDRESS);
}

TEST_F(MapTest, RegionReportsAttributes) {
  User u;
  ASSERT_TRUE(u.map().allocate(0x200000, 2 * kPage, Placement::kFixed).ok());
  ASSERT_TRUE(u.map().inherit(0x200000, kPage, VM_INHERIT_NONE).ok());
  ASSERT_TRUE(u.map().protect(0x201000, 1, ProtectionKind::kMaximum, VM_PROT_READ).ok());
  const RegionInfo first = u.map().region(0x1234).take();
  EXPECT_EQ(first.address, 0x200000u);
  EXPECT_EQ(first.size, kPage);
  EXPECT_EQ(first.inheritance, VM_INHERIT_NONE);
  EXPECT_EQ(first.max_protection, VM_PROT_ALL);
  const RegionInfo second = u.map().region(0x2010ff).take();
  EXPECT_EQ(second.address, 0x201000u);
  EXPECT_EQ(second.protection, VM_PROT_READ);
  EXPECT_EQ(second.max_protection, VM_PROT_READ);
  EXPECT_FALSE(second.shared);
  EXPECT_EQ(u.map().region(0x202000).code(), KERN_NO_SPACE);
}

TEST_F(MapTest, MapHonoursMaskAndAddress) {
  User u;
  MapRequest r;
  r.address = 0x300001;
  r.size = 100;
  r.mask = 0xFFFFF;
  EXPECT_EQ(u.map().map(std::move(r)).take(), 0x400000u);
  MapRequest fixed;
  fixed.address = 0x301000;
  fixed.size = kPage;
  fixed.mask = 0xFFFFF;
  fixed.placement = Placement::kFixed;
  EXPECT_EQ(u.map().map(std::move(fixed)).code(), KERN_NO_SPACE);
  MapRequest bad;
  bad.size = kPage;
  bad.max_protection = VM_PROT_READ;
  EXPECT_EQ(u.map().map(std::move(bad)).code(), KERN_INVALID_ARGUMENT);
  EXPECT_EQ(u.map().map({}).code(), KERN_INVALID_ARGUMENT);
}

TEST_F(MapTest, ForkGivesACopy) {
  User parent;
  const Address a = parent.allocate(2 * kPage);
  ASSERT_TRUE(parent.write(a, 1));
  User child = parent.fork();
  EXPECT_EQ(child.read(a), 1u);
  ASSERT_TRUE(child.write(a, 2));
  EXPECT_EQ(parent.read(a), 1u);
  ASSERT_TRUE(parent.write(a, 3));
  EXPECT_EQ(child.read(a), 2u);
  EXPECT_EQ(parent.read(a), 3u);
  EXPECT_EQ(child.read(a + kPage), 0u);
}

TEST_F(MapTest, InheritanceShareAndNone) {
  User parent;
  const Address a = parent.allocate(3 * kPage);
  ASSERT_TRUE(parent.map().inherit(a, kPage, VM_INHERIT_SHARE).ok());
  ASSERT_TRUE(parent.map().inherit(a + kPage, kPage, VM_INHERIT_NONE).ok());
  ASSERT_TRUE(parent.write(a, 1));
  User child = parent.fork();
  ASSERT_TRUE(child.write(a, 2));
  EXPECT_EQ(parent.read(a), 2u);
  EXPECT_EQ(child.read(a + kPage), std::nullopt);
  EXPECT_TRUE(parent.map().region(a).take().shared);
  // A copy of shared memory is a snapshot, whoever writes later.
  ASSERT_TRUE(parent.map().inherit(a, kPage, VM_INHERIT_COPY).ok());
  User snapshot = parent.fork();
  ASSERT_TRUE(child.write(a, 3));
  EXPECT_EQ(snapshot.read(a), 2u);
  EXPECT_EQ(parent.read(a), 3u);
  ASSERT_TRUE(snapshot.write(a, 4));
  EXPECT_EQ(child.read(a), 3u);
}

TEST_F(MapTest, ForksInALoopBuildNoChain) {
  User parent;
  const Address a = parent.allocate(64 * kPage);
  for (Address i = 0; i < 64; ++i) ASSERT_TRUE(parent.write(a + i * kPage, i));
  const uint32_t before = free_page_count();
  for (uint32_t round = 0; round < 50; ++round) {
    User child = parent.fork();
    ASSERT_TRUE(child.write(a, 1000 + round));
    ASSERT_TRUE(parent.write(a + (round % 64) * kPage, round));
    ASSERT_EQ(parent.read(a + ((round + 1) % 64) * kPage), round + 1);
  }
  EXPECT_LE(parent.chain_length(a), 2u);
  EXPECT_GE(free_page_count() + 2, before);
}

TEST_F(MapTest, ChainsOfDescendantsCollapse) {
  std::optional<User> generation;
  generation.emplace();
  const Address a = generation->allocate(8 * kPage);
  for (uint32_t i = 0; i < 30; ++i) {
    ASSERT_TRUE(generation->write(a + (i % 8) * kPage, i));
    User child = generation->fork();
    ASSERT_TRUE(child.write(a + kPage, 100 + i));
    generation.emplace(std::move(child));  // the parent ends
    ASSERT_EQ(generation->read(a + kPage), 100 + i);
  }
  EXPECT_EQ(generation->chain_length(a), 1u);
}

TEST_F(MapTest, CopyOnWriteFaultsCopyOnePage) {
  User parent;
  const Address a = parent.allocate(256 * kPage);
  for (Address i = 0; i < 256; ++i) ASSERT_TRUE(parent.write(a + i * kPage, i));
  User child = parent.fork();
  const uint32_t before = free_page_count();
  ASSERT_TRUE(child.write(a + 7 * kPage, 1));
  EXPECT_LE(before - free_page_count(), 1u + 2u);
  EXPECT_EQ(parent.read(a + 7 * kPage), 7u);
}

TEST_F(MapTest, OutOfLineCopyIsVirtualAndIndependent) {
  User sender;
  User receiver;
  const Address a = sender.allocate(16 * kPage);
  for (Address i = 0; i < 16; ++i) ASSERT_TRUE(sender.write(a + i * kPage, i));
  const uint32_t before = free_page_count();
  MapCopyPtr copy = sender.map().copyin(a, 16 * kPage, SourceAction::kKeep).take();
  const Address b = receiver.map().copyout(std::move(copy)).take();
  EXPECT_EQ(free_page_count(), before);
  ASSERT_TRUE(sender.write(a, 99));
  EXPECT_EQ(receiver.read(b), 0u);
  EXPECT_EQ(receiver.read(b + 15 * kPage), 15u);
  ASSERT_TRUE(receiver.write(b + kPage, 98));
  EXPECT_EQ(sender.read(a + kPage), 1u);
  EXPECT_TRUE(receiver.map().deallocate(b, 16 * kPage).ok());
}

TEST_F(MapTest, WhatWasSentIsWritableAgainInOneFault) {
  User sender;
  const Address a = sender.allocate(20 * kPage);
  for (Address i = 0; i < 20; ++i) ASSERT_TRUE(sender.write(a + i * kPage, i));
  { const MapCopyPtr copy = sender.map().copyin(a, 20 * kPage, SourceAction::kKeep).take(); }
  for (Address i = 0; i < 20; ++i) EXPECT_FALSE(sender.map().pmap().allows(a + i * kPage, VM_PROT_WRITE));
  const uint32_t faults = counters.faults;
  for (Address i = 0; i < 20; ++i) ASSERT_TRUE(sender.write(a + i * kPage, 100 + i));
  EXPECT_EQ(counters.faults - faults, 2u);
  for (Address i = 0; i < 20; ++i) EXPECT_EQ(sender.read(a + i * kPage), 100 + i);
}

TEST_F(MapTest, AFaultDoesNotMakeTheNeighboursOfACopyWritable) {
  User sender;
  User receiver;
  const Address a = sender.allocate(4 * kPage);
  for (Address i = 0; i < 4; ++i) ASSERT_TRUE(sender.write(a + i * kPage, i));
  const Address b = receiver.map().copyout(sender.map().copyin(a, 4 * kPage, SourceAction::kKeep).take()).take();
  ASSERT_TRUE(sender.write(a, 50));
  EXPECT_FALSE(sender.map().pmap().allows(a + kPage, VM_PROT_WRITE));
  for (Address i = 0; i < 4; ++i) ASSERT_TRUE(sender.write(a + i * kPage, 50 + i));
  for (Address i = 0; i < 4; ++i) EXPECT_EQ(receiver.read(b + i * kPage), i);
}

TEST_F(MapTest, DestroyingCopyinMovesThePages) {
  User sender;
  User receiver;
  const Address a = sender.allocate(4 * kPage);
  ASSERT_TRUE(sender.write(a + 2 * kPage, 5));
  const uint32_t cow = counters.cow_faults;
  MapCopyPtr copy = sender.map().copyin(a + kPage, 2 * kPage, SourceAction::kDestroy).take();
  EXPECT_EQ(sender.read(a + 2 * kPage), std::nullopt);
  EXPECT_EQ(sender.map().virtual_size(), 2 * kPage);
  const Address b = receiver.map().copyout(std::move(copy)).take();
  EXPECT_EQ(receiver.read(b + kPage), 5u);
  ASSERT_TRUE(receiver.write(b + kPage, 6));
  EXPECT_EQ(counters.cow_faults, cow);
}

TEST_F(MapTest, SmallAndUnalignedCopies) {
  User sender;
  User receiver;
  const Address a = sender.allocate(3 * kPage);
  ASSERT_TRUE(sender.write_bytes(a + kPage - 3, "abcdef"));
  const auto transfer = [&](Address at, Size size) {
    MapCopyPtr copy;
    sender.run([&] { copy = sender.map().copyin(at, size, SourceAction::kKeep).take(); });
    return receiver.map().copyout(std::move(copy)).take();
  };
  EXPECT_EQ(receiver.read_bytes(transfer(a + kPage - 3, 6), 6), "abcdef");
  const Address b = transfer(a + kPage - 3, 2 * kPage);
  EXPECT_EQ(receiver.read_bytes(b, 6), "abcdef");
  EXPECT_EQ(b % kPage, kPage - 3);
  EXPECT_EQ(transfer(a, 0), 0u);
}

TEST_F(MapTest, UnreadableSourcesAreRefused) {
  User u;
  const Address a = u.allocate(3 * kPage);
  ASSERT_TRUE(u.map().protect(a + kPage, kPage, ProtectionKind::kCurrent, VM_PROT_NONE).ok());
  EXPECT_EQ(u.map().copyin(a, 3 * kPage, SourceAction::kKeep).code(), KERN_PROTECTION_FAILURE);
  EXPECT_EQ(u.map().copyin(a, 9 * kPage, SourceAction::kDestroy).code(), KERN_PROTECTION_FAILURE);
  ASSERT_TRUE(u.map().deallocate(a + kPage, kPage).ok());
  EXPECT_EQ(u.map().copyin(a, 3 * kPage, SourceAction::kDestroy).code(), KERN_INVALID_ADDRESS);
  EXPECT_EQ(u.read(a), 0u);
}

TEST_F(MapTest, KernelDataGoesOutOfLine) {
  User u;
  std::string text(10000, 'x');
  text[9999] = 'y';
  const Address big = u.map().copyout(copy_from_kernel_buffer(text.data(), 10000)).take();
  EXPECT_EQ(u.read_bytes(big, 10000), text);
  const Address small = u.map().copyout(copy_from_kernel_buffer("hello", 5)).take();
  EXPECT_EQ(u.read_bytes(small, 8), std::string("hello\0\0\0", 8));
  MapCopyPtr back = u.map().copyin(big, 10000, SourceAction::kKeep).take();
  std::string again(10000, ' ');
  EXPECT_TRUE(back->read(0, again.data(), 10000).ok());
  EXPECT_EQ(again, text);
  EXPECT_EQ(back->read(1, again.data(), 10000).code(), KERN_INVALID_ARGUMENT);
}

TEST_F(MapTest, WriteAndCopyReplaceMemory) {
  User u;
  const Address a = u.allocate(8 * kPage);
  for (Address i = 0; i < 8; ++i) ASSERT_TRUE(u.write(a + i * kPage, i));
  EXPECT_TRUE(u.map().copy_within(a, 4 * kPage, a + 2 * kPage).ok());  // overlapping
  const uint32_t expected[] = {0, 1, 0, 1, 2, 3, 6, 7};
  for (Address i = 0; i < 8; ++i) EXPECT_EQ(u.read(a + i * kPage), expected[i]);
  EXPECT_EQ(u.map().copy_within(a + 1, kPage, a).code(), KERN_INVALID_ARGUMENT);
  EXPECT_EQ(u.map().copy_within(a, 100, a).code(), KERN_INVALID_ARGUMENT);
  EXPECT_EQ(u.map().copy_within(a, kPage, a + 8 * kPage).code(), KERN_INVALID_ADDRESS);
  ASSERT_TRUE(u.map().protect(a, kPage, ProtectionKind::kCurrent, VM_PROT_READ).ok());
  EXPECT_EQ(u.map().copy_within(a + kPage, kPage, a).code(), KERN_PROTECTION_FAILURE);
}

TEST_F(MapTest, WritingToSharedMemoryReachesTheOthers) {
  User parent;
  const Address a = parent.allocate(2 * kPage);
  ASSERT_TRUE(parent.map().inherit(a, kPage, VM_INHERIT_SHARE).ok());
  ASSERT_TRUE(parent.write(a + kPage, 7));
  User child = parent.fork();
  EXPECT_TRUE(parent.map().copy_within(a + kPage, kPage, a).ok());
  EXPECT_EQ(child.read(a), 7u);
}

TEST_F(MapTest, WiredMemoryIsResidentUntilUnwired) {
  User u;
  const Address a = u.allocate(4 * kPage);
  base::Status status;
  u.run([&] { status = u.map().wire(a, 3 * kPage, VM_PROT_DEFAULT); });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(wired_page_count(), 3u);
  User child = u.fork();  // wired pages are copied at once
  ASSERT_TRUE(u.write(a, 1));
  EXPECT_EQ(child.read(a), 0u);
  u.run([&] { status = u.map().wire(a, kPage, VM_PROT_NONE); });
  EXPECT_EQ(wired_page_count(), 2u);
  EXPECT_TRUE(u.map().deallocate(a, 4 * kPage).ok());
  EXPECT_EQ(wired_page_count(), 0u);
  EXPECT_EQ(u.map().wire(a, kPage, VM_PROT_READ).code(), KERN_INVALID_ADDRESS);
  EXPECT_EQ(u.map().wire(a, kPage, 0x80).code(), KERN_INVALID_VALUE);
}

TEST_F(MapTest, EntriesThatWereDividedAreJoined) {
  User u;
  const Address a = u.allocate(16 * kPage);
  for (Address i = 0; i < 16; ++i) ASSERT_TRUE(u.write(a + i * kPage, i));
  const auto protect = [&](Address page, Size pages, vm_prot_t protection) {
    return u.map().protect(a + page * kPage, pages * kPage, ProtectionKind::kCurrent, protection).ok();
  };
  EXPECT_TRUE(protect(4, 2, VM_PROT_READ));
  EXPECT_TRUE(protect(8, 2, VM_PROT_READ));
  EXPECT_EQ(u.map().entry_count(), 5u);
  EXPECT_TRUE(protect(6, 2, VM_PROT_READ));
  EXPECT_EQ(u.map().entry_count(), 3u);
  EXPECT_TRUE(u.map().inherit(a, 16 * kPage, VM_INHERIT_NONE).ok());
  EXPECT_EQ(u.map().entry_count(), 3u);
  base::Status status;
  u.run([&] { status = u.map().wire(a + 5 * kPage, kPage, VM_PROT_READ); });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(u.map().entry_count(), 5u);
  EXPECT_TRUE(protect(0, 16, VM_PROT_DEFAULT));
  EXPECT_EQ(u.map().entry_count(), 3u);
  u.run([&] { status = u.map().wire(a + 5 * kPage, kPage, VM_PROT_NONE); });
  EXPECT_EQ(u.map().entry_count(), 1u);
  for (Address i = 0; i < 16; ++i) EXPECT_EQ(u.read(a + i * kPage), i);
  // Pieces that show different memory stay apart.
  EXPECT_TRUE(u.map().copy_within(a, 2 * kPage, a + 8 * kPage).ok());
  EXPECT_TRUE(protect(0, 16, VM_PROT_READ));
  EXPECT_EQ(u.read(a + 9 * kPage), 1u);
  EXPECT_EQ(u.read(a + 10 * kPage), 10u);
}

TEST_F(MapTest, MachineAttributes) {
  User u;
  const Address a = u.allocate(kPage);
  vm_machine_attribute_val_t value = MATTR_VAL_GET;
  EXPECT_TRUE(u.map().machine_attribute(a, kPage, MATTR_CACHE, value).ok());
  EXPECT_EQ(value, MATTR_VAL_ON);
  value = MATTR_VAL_OFF;
  EXPECT_EQ(u.map().machine_attribute(a, kPage, MATTR_CACHE, value).code(), KERN_INVALID_ARGUMENT);
  EXPECT_EQ(u.map().machine_attribute(a, kPage, MATTR_MIGRATE, value).code(),
            KERN_INVALID_ARGUMENT);
}

TEST_F(MapTest, OutOfMemoryIsAnError) {
  User u;
  const Size size = (total_page_count() + 100) * kPage;
  const Address a = u.allocate(size);
  uint32_t written = 0;
  u.run([&] {
    for (Address at = a; at < a + size; at += kPage, ++written) {
      if (!kern::copy_out_bytes(at, &at, sizeof at).ok()) break;
    }
  });
  EXPECT_GT(written, total_page_count() / 2);
  EXPECT_LT(written, total_page_count());
  EXPECT_EQ(u.read(a), a);
}

}  // namespace
}  // namespace vm::test
