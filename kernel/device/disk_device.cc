#include "kernel/device/disk_device.h"

#include <device/disk_status.h>

#include <algorithm>
#include <new>
#include <utility>

#include "kernel/kern/print.h"

namespace device {
namespace {

// Largest single read or write.
constexpr uint32_t kMaxTransfer = 4u << 20;

// The transfer of a request; finishes it in the device thread.
class RequestTransfer final : public DiskTransfer, public WorkItem {
 public:
  // Takes the request over when it has been constructed.
  RequestTransfer(IoRequest& request, BlockOperation operation, uint64_t sector, uint32_t bytes)
      : DiskTransfer(operation, sector,
                     static_cast<uint32_t>((bytes + kSectorSize - 1) / kSectorSize)),
        request_(&request),
        bytes_(bytes) {
    memory = &request.pages();
  }

 private:
  void done(io_return_t result) override {
    result_ = result;
    schedule_work(*this);
  }

  void run_work() override {
    IoRequest::finish(std::move(request_), result_, result_ == D_SUCCESS ? bytes_ : 0);
    delete this;
  }

  IoRequestPtr request_;
  const uint32_t bytes_;
  io_return_t result_ = D_SUCCESS;
};

}  // namespace

io_return_t DiskExtentDevice::open(dev_mode_t, bool first) {
  if (first) disk_.count_opened();
  return D_SUCCESS;
}

void DiskExtentDevice::close() { disk_.count_closed(); }

void DiskExtentDevice::read(IoRequestPtr request) {
  if (request->record() >= extent_.sectors) {
    return IoRequest::fail(std::move(request), D_INVALID_RECNUM);
  }
  if (request->size() > kMaxTransfer) return IoRequest::fail(std::move(request), D_INVALID_SIZE);
  const uint64_t available = (extent_.sectors - request->record()) * kSectorSize;
  const auto bytes = static_cast<uint32_t>(std::min<uint64_t>(request->size(), available));
  if (bytes == 0) return IoRequest::finish(std::move(request), D_SUCCESS, 0);
  const uint32_t whole = (bytes + kSectorSize - 1) & ~(kSectorSize - 1);
  if (const io_return_t result = request->allocate_pages(whole); result != D_SUCCESS) {
    return IoRequest::fail(std::move(request), result);
  }
  submit(std::move(request), BlockOperation::kRead, bytes);
}

void DiskExtentDevice::write(IoRequestPtr request) {
  const uint32_t bytes = request->size();
  if (request->record() >= extent_.sectors) {
    return IoRequest::fail(std::move(request), D_INVALID_RECNUM);
  }
  const uint64_t available = (extent_.sectors - request->record()) * kSectorSize;
  if (bytes % kSectorSize != 0 || bytes > kMaxTransfer || bytes > available) {
    return IoRequest::fail(std::move(request), D_INVALID_SIZE);
  }
  if (bytes == 0) return IoRequest::finish(std::move(request), D_SUCCESS, 0);
  // The controller wants even addresses.
  if (request->pages().page_offset() % 2 != 0) {
    if (const io_return_t result = request->align_data(); result != D_SUCCESS) {
      return IoRequest::fail(std::move(request), result);
    }
  }
  submit(std::move(request), BlockOperation::kWrite, bytes);
}

void DiskExtentDevice::submit(IoRequestPtr request, BlockOperation operation, uint32_t bytes) {
  const uint64_t sector = extent_.start + request->record();
  auto* transfer = new (std::nothrow) RequestTransfer(*request, operation, sector, bytes);
  if (!transfer) return IoRequest::fail(std::move(request), D_NO_MEMORY);
  (void)request.release();  // The transfer's now.
  disk_.submit(*transfer);
}

io_return_t DiskExtentDevice::get_status(int flavor, std::span<int> status, size_t& count) {
  constexpr int kRecord = kSectorSize;
  if (flavor == DISK_GET_RECORDS) {
    const auto records = static_cast<int>(std::min<uint64_t>(extent_.sectors, UINT32_MAX));
    const int words[] = {records, kRecord};
    return store_status(status, count, words);
  }
  if (flavor != DEV_GET_SIZE) return D_INVALID_OPERATION;
  const uint64_t bytes = extent_.sectors * kSectorSize;
  const int words[] = {bytes > UINT32_MAX ? 0 : static_cast<int>(bytes), kRecord};
  return store_status(status, count, words);
}

io_return_t DiskExtentDevice::set_status(int flavor, std::span<const int>) {
  return flavor == DISK_FLUSH_CACHE ? disk_.flush() : D_INVALID_OPERATION;
}

DiskDevice::DiskDevice(DeviceName name, IdeChannel& channel, unsigned unit)
    : DiskExtentDevice(name, *this), channel_(channel), unit_(unit) {
  set_extent({0, channel.identity(unit)->sectors});
}

base::Result<DiskDevice*> DiskDevice::create(DeviceName name, IdeChannel& channel,
                                             unsigned unit) {
  auto* disk = new (std::nothrow) DiskDevice(name, channel, unit);
  if (!disk) return base::Error(KERN_RESOURCE_SHORTAGE);
  return disk;
}

Device* DiskDevice::find(std::string_view name) {
  if (name == this->name()) return this;
  const uint32_t number = partition_number(name, this->name());
  if (number == 0 || number > PartitionList::kMaxPartitions) return nullptr;
  if (open_extents_ == 0) read_partition_table();
  PartitionDevice* const partition = partitions_[number - 1];
  return partition && partition->exists() ? partition : nullptr;
}

io_return_t DiskDevice::flush() {
  SyncDiskTransfer transfer(BlockOperation::kFlush, 0, 0);
  submit(transfer);
  return transfer.wait();
}

void DiskDevice::read_partition_table() {
  PartitionList list;
  list.scan(sectors(), [this](uint64_t number, std::span<uint8_t> to) {
    return read_sector(number, to);
  });
  // Somebody may have opened a partition while the disk was being read.
  if (open_extents_ != 0) return;
  for (uint32_t number = 1; number <= PartitionList::kMaxPartitions; ++number) {
    set_partition(number, list.partition(number));
  }
}

void DiskDevice::set_partition(uint32_t number, Extent extent) {
  PartitionDevice*& partition = partitions_[number - 1];
  if (!partition) {
    if (extent.sectors == 0) return;
    partition = new (std::nothrow) PartitionDevice(partition_name(name(), number), *this);
    if (!partition) return;
  }
  partition->set(extent);
}

bool DiskDevice::read_sector(uint64_t number, std::span<uint8_t> to) {
  auto memory = vm::DmaBuffer::allocate(kSectorSize);
  if (!memory.ok()) return false;
  SyncDiskTransfer transfer(BlockOperation::kRead, number, 1);
  transfer.memory = &memory.value();
  submit(transfer);
  const bool ok = transfer.wait() == D_SUCCESS;
  if (ok) arch::copy_from_phys(to.data(), memory->page(0) + memory->page_offset(), to.size());
  return ok;
}

}  // namespace device
