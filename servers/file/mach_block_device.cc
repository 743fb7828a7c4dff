#include "servers/file/mach_block_device.h"

#include <device/device.h>
#include <device/disk_status.h>
#include <mach.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

#include "servers/file/pending_disk_read.h"
#include "servers/file/pending_disk_write.h"

namespace file {
namespace {

// What the kernel takes or gives in one call.
constexpr size_t kMaxTransfer = 256 * 1024;
// What is read even if memory is short. The pager thread must not wait for more: pages become free by what it does.
constexpr size_t kSmallTransfer = 32 * 1024;
dev_mode_t read_mode(size_t size) { return size > kSmallTransfer ? D_NOWAIT : 0; }

// A request that the kernel has no memory for at the moment is made again, for so long.
constexpr std::chrono::milliseconds kPause{10};
constexpr int kMostPauses = 1000;

bool is_shortage(kern_return_t code) {
  return code == D_NO_MEMORY || code == KERN_RESOURCE_SHORTAGE || code == MACH_SEND_NO_BUFFER;
}

template <typename F>
kern_return_t insist(F request) {
  kern_return_t code = request();
  for (int pauses = 0; is_shortage(code) && pauses < kMostPauses; ++pauses) {
    std::this_thread::sleep_for(kPause);
    code = request();
  }
  return code;
}

base::Error error_of(kern_return_t code) { return base::Error(is_shortage(code) ? ENOMEM : EIO); }

// Two file systems on the same blocks would destroy each other.
std::set<std::string> open_disks;

// Whether `part` is a partition of `disk`: "hd0s1" of "hd0".
bool is_part(std::string_view part, std::string_view disk) {
  return part.starts_with(disk) && part.size() > disk.size() && part[disk.size()] == 's';
}

bool overlaps_open_disk(const std::string& name) {
  return std::ranges::any_of(open_disks, [&](const std::string& open) {
    return open == name || is_part(open, name) || is_part(name, open);
  });
}

}  // namespace

base::Result<std::unique_ptr<MachBlockDevice>> MachBlockDevice::open(mach_port_t device_master,
                                                                     const std::string& name) {
  if (overlaps_open_disk(name)) return base::Error(EBUSY);
  mach_port_t device = MACH_PORT_NULL;
  kern_return_t code = device_open(device_master, D_READ | D_WRITE, name.c_str(), &device);
  if (code != KERN_SUCCESS) return base::Error(code == D_IO_ERROR ? EIO : ENXIO);
  int status[DISK_GET_RECORDS_COUNT] = {};
  mach_msg_type_number_t count = DISK_GET_RECORDS_COUNT;
  code = device_get_status(device, DISK_GET_RECORDS, status, &count);
  if (code != KERN_SUCCESS || status[DISK_GET_RECORDS_RECORD_SIZE] != kSectorSize) {
    (void)device_close(device);
    (void)mach_port_deallocate(mach_task_self(), device);
    return base::Error(ENXIO);
  }
  const auto records = static_cast<uint32_t>(status[DISK_GET_RECORDS_RECORDS]);
  return std::unique_ptr<MachBlockDevice>(
      new MachBlockDevice(name, device, uint64_t{records} * kSectorSize));
}

MachBlockDevice::MachBlockDevice(std::string name, mach_port_t device, uint64_t size)
    : name_(std::move(name)), device_(device), size_(size) {
  open_disks.insert(name_);
}

MachBlockDevice::~MachBlockDevice() {
  open_disks.erase(name_);
  (void)device_close(device_);
  (void)mach_port_deallocate(mach_task_self(), device_);
}

base::Status MachBlockDevice::read(uint64_t offset, std::span<uint8_t> data) {
  for (size_t largest = kMaxTransfer; !data.empty();) {
    const size_t wanted = std::min(data.size(), largest);
    io_buf_ptr_t pages = nullptr;
    mach_msg_type_number_t got = 0;
    const kern_return_t code = insist([&] {
      return device_read(device_, read_mode(wanted), static_cast<recnum_t>(offset / kSectorSize),
                         static_cast<int>(wanted), &pages, &got);
    });
    if (code == D_WOULD_BLOCK) {
      largest = kSmallTransfer;
      continue;
    }
    if (code != KERN_SUCCESS) return error_of(code);
    const size_t used = std::min<size_t>(got, wanted);
    std::memcpy(data.data(), pages, used);
    if (got != 0) {
      (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(pages), got);
    }
    if (used == 0 || used % kSectorSize != 0) return base::Error(EIO);
    data = data.subspan(used);
    offset += used;
  }
  return {};
}

std::unique_ptr<PendingRead> MachBlockDevice::start_read(uint64_t offset, size_t size) {
  if (size > kMaxTransfer) return nullptr;
  return PendingDiskRead::start(device_, reply_ports_, read_mode(size), offset, size);
}

std::unique_ptr<PendingWrite> MachBlockDevice::start_write(uint64_t offset, std::span<uint8_t> pages) {
  if (pages.size() > kMaxTransfer) return nullptr;
  return PendingDiskWrite::start(device_, reply_ports_, offset, pages);
}

base::Status MachBlockDevice::write(uint64_t offset, std::span<const uint8_t> data) {
  while (!data.empty()) {
    const size_t wanted = std::min(data.size(), kMaxTransfer);
    // The interface is older than const; the kernel only reads.
    auto* bytes = reinterpret_cast<io_buf_ptr_t>(const_cast<uint8_t*>(data.data()));
    int done = 0;
    const kern_return_t code = insist([&] {
      return device_write(device_, 0, static_cast<recnum_t>(offset / kSectorSize), bytes,
                          static_cast<mach_msg_type_number_t>(wanted), &done);
    });
    if (code != KERN_SUCCESS) return error_of(code);
    if (done <= 0 || done % static_cast<int>(kSectorSize) != 0) return base::Error(EIO);
    const size_t used = std::min<size_t>(static_cast<size_t>(done), wanted);
    data = data.subspan(used);
    offset += used;
  }
  return {};
}

base::Status MachBlockDevice::flush() {
  int nothing = 0;
  const kern_return_t code = device_set_status(device_, DISK_FLUSH_CACHE, &nothing, 0);
  // A device without a cache of its own has nothing to flush.
  if (code == KERN_SUCCESS || code == D_INVALID_OPERATION) return {};
  return base::Error(EIO);
}

}  // namespace file
