#include "kernel/vm/dma.h"

#include "kernel/vm/pager_registry.h"
#include "kernel/vm/test_support.h"

namespace vm::test {
namespace {

using DmaTest = VmTest;

TEST_F(DmaTest, AllocatedPagesBecomeOutOfLineData) {
  User u;
  DmaBuffer buffer = DmaBuffer::allocate(3 * kPageSize).take();
  EXPECT_EQ(buffer.page_count(), 3u);
  EXPECT_EQ(wired_page_count(), 3u);
  arch::copy_to_phys(buffer.page(0), "abcdefgh", 8);
  MapCopyPtr copy = buffer.take_copy(6).take();
  EXPECT_EQ(wired_page_count(), 0u);
  const Address a = u.map().copyout(std::move(copy)).take();
  EXPECT_EQ(u.read_bytes(a, 8), std::string("abcdef\0\0", 8));
  EXPECT_EQ(u.map().virtual_size(), kPageSize);
}

TEST_F(DmaTest, CopiesArePinned) {
  User u;
  const Address a = u.allocate(2 * kPageSize);
  ASSERT_TRUE(u.write_bytes(a + kPageSize - 2, "wxyz"));
  {
    MapCopyPtr copy = u.map().copyin(a + kPageSize - 2, kPageSize, SourceAction::kKeep).take();
    const DmaBuffer buffer = DmaBuffer::from_copy(std::move(copy)).take();
    EXPECT_EQ(buffer.page_count(), 2u);
    EXPECT_EQ(buffer.page_offset(), kPageSize - 2);
    EXPECT_EQ(wired_page_count(), 2u);
    ASSERT_TRUE(u.write_bytes(a + kPageSize - 2, "1234"));
    char seen[4];
    arch::copy_from_phys(seen, buffer.page(0) + buffer.page_offset(), 2);
    arch::copy_from_phys(seen + 2, buffer.page(1), 2);
    EXPECT_EQ(std::string(seen, 4), "wxyz");
  }
  EXPECT_EQ(wired_page_count(), 0u);
  EXPECT_EQ(u.read_bytes(a + kPageSize - 2, 4), "1234");
}

// The default pager's must not be paged out to the default pager.
TEST_F(DmaTest, MemoryOfWiredThreadsStaysOffTheQueues) {
  User u;
  kern::current_thread().set_vm_privileged(true);
  DmaBuffer buffer = DmaBuffer::allocate(2 * kPageSize).take();
  kern::current_thread().set_vm_privileged(false);
  MapCopyPtr copy = buffer.take_copy(2 * kPageSize).take();
  EXPECT_EQ(wired_page_count() + active_page_count() + inactive_page_count(), 0u);
  const Address a = u.map().copyout(std::move(copy)).take();
  EXPECT_TRUE(u.write(a, 1));
  EXPECT_EQ(active_page_count(), 1u);
}

TEST_F(DmaTest, ExportedMemoryKeepsItsMaximumProtection) {
  User u;
  Page* page = allocate_page();
  {
    auto object = Object::create_physical(page->phys, kPageSize, false).take();
    ipc::SendRight port = export_object(std::move(object), VM_PROT_READ).take();
    MapRequest r;
    r.size = kPageSize;
    r.object = object_for_port(ipc::copy_send(port)).take();
    EXPECT_EQ(u.map().map(std::move(r)).code(), KERN_PROTECTION_FAILURE);
    MapRequest read_only;
    read_only.size = kPageSize;
    read_only.protection = VM_PROT_READ;
    read_only.object = object_for_port(std::move(port)).take();
    const Address a = u.map().map(std::move(read_only)).take();
    EXPECT_TRUE(u.read(a).has_value());
    EXPECT_EQ(u.map().protect(a, kPageSize, ProtectionKind::kCurrent, VM_PROT_DEFAULT).code(),
              KERN_PROTECTION_FAILURE);
  }
  EXPECT_TRUE(u.map().deallocate(0, 0xC0000000).ok());
  free_page(page);
}

TEST_F(DmaTest, ExportedDeviceMemoryIsMappedAndShared) {
  User u;
  Page* page = allocate_page();
  {
    ipc::SendRight port;
    {
      auto object = Object::create_physical(page->phys, kPageSize, true).take();
      port = export_object(std::move(object)).take();
    }
    MapRequest r;
    r.size = kPageSize;
    r.object = object_for_port(std::move(port)).take();
    const Address a = u.map().map(std::move(r)).take();
    ASSERT_TRUE(u.write(a, 0x41424344));
    User child = u.fork();
    EXPECT_EQ(child.read(a), 0x41424344u);
    uint32_t seen = 0;
    arch::copy_from_phys(&seen, page->phys, sizeof seen);
    EXPECT_EQ(seen, 0x41424344u);
  }
  EXPECT_TRUE(u.map().deallocate(0, 0xC0000000).ok());
  free_page(page);
}

TEST_F(DmaTest, WhoDoesNotWaitLeavesTheReserveAlone) {
  const NoMemory no_memory;
  kern::current_thread().set_vm_privileged(true);
  EXPECT_TRUE(DmaBuffer::allocate(8 * kPageSize).ok());
  EXPECT_EQ(DmaBuffer::allocate(kPageSize, DmaBuffer::Waiting::kNoWait).code(), KERN_RESOURCE_SHORTAGE);
  kern::current_thread().set_vm_privileged(false);
  EXPECT_EQ(DmaBuffer::allocate(kPageSize).code(), KERN_RESOURCE_SHORTAGE);
}

}  // namespace
}  // namespace vm::test
