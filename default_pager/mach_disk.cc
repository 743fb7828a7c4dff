#include "default_pager/mach_disk.h"

#include <device/device.h>
#include <device/disk_status.h>
#include <mach.h>

#include <utility>

namespace default_pager {
namespace {

void unmap(std::byte* start, size_t size) {
  (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(start), size);
}

}  // namespace

base::Result<MachDisk> MachDisk::open(mach_port_t device_master, const char* name) {
  mach_port_t port = MACH_PORT_NULL;
  TRY(base::Status::from_code(device_open(device_master, D_READ | D_WRITE, const_cast<char*>(name), &port)));
  MachDisk disk(port);
  TRY(disk.find_size());
  return disk;
}

MachDisk::MachDisk(MachDisk&& other) noexcept
    : device_(std::exchange(other.device_, MACH_PORT_NULL)), sectors_(other.sectors_) {}

MachDisk::~MachDisk() {
  if (device_ == MACH_PORT_NULL) return;
  (void)device_close(device_);
  (void)mach_port_deallocate(mach_task_self(), device_);
}

base::Status MachDisk::find_size() {
  int status[DISK_GET_RECORDS_COUNT] = {};
  mach_msg_type_number_t count = DISK_GET_RECORDS_COUNT;
  TRY(base::Status::from_code(device_get_status(device_, DISK_GET_RECORDS, status, &count)));
  if (status[DISK_GET_RECORDS_RECORD_SIZE] != static_cast<int>(kSectorSize)) {
    return base::Error(KERN_INVALID_ARGUMENT);
  }
  sectors_ = static_cast<uint32_t>(status[DISK_GET_RECORDS_RECORDS]);
  return {};
}

base::Result<PageBlock> MachDisk::read(uint32_t sector, uint32_t size) {
  io_buf_ptr_t data = nullptr;
  mach_msg_type_number_t got = 0;
  TRY(base::Status::from_code(device_read(device_, 0, static_cast<recnum_t>(sector),
                                          static_cast<int>(size), &data, &got)));
  auto* start = reinterpret_cast<std::byte*>(data);
  if (got == size) return PageBlock(start, size, &unmap);
  if (got != 0) unmap(start, got);
  return base::Error(KERN_FAILURE);
}

base::Status MachDisk::write(uint32_t sector, std::span<const std::byte> bytes) {
  // The interface is older than const; the kernel only reads.
  auto* data = reinterpret_cast<io_buf_ptr_t>(const_cast<std::byte*>(bytes.data()));
  const auto size = static_cast<mach_msg_type_number_t>(bytes.size());
  int done = 0;
  TRY(base::Status::from_code(
      device_write(device_, 0, static_cast<recnum_t>(sector), data, size, &done)));
  if (done != static_cast<int>(size)) return base::Error(KERN_FAILURE);
  return {};
}

}  // namespace default_pager
