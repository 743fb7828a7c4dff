#include "default_pager/mach_swap_device.h"

#include <device/device.h>
#include <device/disk_status.h>
#include <mach.h>

#include <new>

namespace default_pager {
namespace {

constexpr int kSectorSize = 512;
constexpr uint32_t kPageSectors = kPageSize / kSectorSize;

// Where an ext2 file system has its magic number.
constexpr size_t kExt2MagicOffset = 1024 + 56;
constexpr std::byte kExt2Magic[] = {std::byte{0x53}, std::byte{0xef}};

void unmap(std::byte* start, size_t size) {
  (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(start), size);
}

}  // namespace

base::Result<std::unique_ptr<SwapDevice>> MachSwapDevice::open(mach_port_t device_master,
                                                               const char* name) {
  mach_port_t port = MACH_PORT_NULL;
  TRY(base::Status::from_code(device_open(device_master, D_READ | D_WRITE, name, &port)));
  std::unique_ptr<MachSwapDevice> device(new (std::nothrow) MachSwapDevice(port));
  if (!device) {
    (void)device_close(port);
    (void)mach_port_deallocate(mach_task_self(), port);
    return base::Error(KERN_RESOURCE_SHORTAGE);
  }
  TRY(device->find_size());
  TRY(device->refuse_file_system());
  return std::unique_ptr<SwapDevice>(std::move(device));
}

MachSwapDevice::~MachSwapDevice() {
  (void)device_close(device_);
  (void)mach_port_deallocate(mach_task_self(), device_);
}

base::Status MachSwapDevice::find_size() {
  int status[DISK_GET_RECORDS_COUNT] = {};
  mach_msg_type_number_t count = DISK_GET_RECORDS_COUNT;
  TRY(base::Status::from_code(device_get_status(device_, DISK_GET_RECORDS, status, &count)));
  if (status[DISK_GET_RECORDS_RECORD_SIZE] != kSectorSize) {
    return base::Error(KERN_INVALID_ARGUMENT);
  }
  pages_ = static_cast<uint32_t>(status[DISK_GET_RECORDS_RECORDS]) / kPageSectors;
  return {};
}

base::Status MachSwapDevice::refuse_file_system() {
  if (pages_ == 0) return {};
  const PageBlock first = TRY(read(0, 1));
  const std::span<const std::byte> magic = first.bytes().subspan(kExt2MagicOffset, 2);
  if (magic[0] != kExt2Magic[0] || magic[1] != kExt2Magic[1]) return {};
  return base::Error(KERN_MEMORY_PRESENT);
}

base::Result<PageBlock> MachSwapDevice::read(uint32_t first, uint32_t count) {
  const uint32_t size = count * kPageSize;
  io_buf_ptr_t data = nullptr;
  mach_msg_type_number_t got = 0;
  TRY(base::Status::from_code(device_read(device_, 0, static_cast<recnum_t>(first * kPageSectors),
                                          static_cast<int>(size), &data, &got)));
  auto* start = reinterpret_cast<std::byte*>(data);
  if (got == size) return PageBlock(start, size, &unmap);
  if (got != 0) unmap(start, got);
  return base::Error(KERN_FAILURE);
}

base::Status MachSwapDevice::write(uint32_t first, std::span<const std::byte> pages) {
  // The interface is older than const; the kernel only reads.
  auto* data = reinterpret_cast<io_buf_ptr_t>(const_cast<std::byte*>(pages.data()));
  const auto size = static_cast<mach_msg_type_number_t>(pages.size());
  int done = 0;
  TRY(base::Status::from_code(device_write(
      device_, 0, static_cast<recnum_t>(first * kPageSectors), data, size, &done)));
  if (done != static_cast<int>(size)) return base::Error(KERN_FAILURE);
  return {};
}

}  // namespace default_pager
