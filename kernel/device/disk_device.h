// DiskDevice: "hd0", "hd1" ...: a whole disk, and its partitions "hd0s1" ...
#pragma once

#include <array>

#include "kernel/device/device.h"
#include "kernel/device/ide_channel.h"
#include "kernel/device/partition_table.h"

namespace device {

class DiskDevice;

// A range of sectors of a disk; reads and writes count records of kSectorSize bytes from its start.
//
// Reads and writes beyond the end give D_INVALID_RECNUM, reads across it are cut short and writes
// across it refused with D_INVALID_SIZE, like writes of a size that is no multiple of kSectorSize.
// The data of a finished write may still be in the drive's cache; set_status(DISK_FLUSH_CACHE)
// returns when everything written before is on the medium.
class DiskExtentDevice : public Device {
 public:
  io_return_t open(dev_mode_t mode, bool first) override;
  void close() override;
  void read(IoRequestPtr request) override;
  void write(IoRequestPtr request) override;
  // DEV_GET_SIZE: {bytes, kSectorSize}, bytes 0 from 4 GiB on; DISK_GET_RECORDS: {records,
  // kSectorSize}.
  io_return_t get_status(int flavor, std::span<int> status, size_t& count) override;
  io_return_t set_status(int flavor, std::span<const int> status) override;

 protected:
  DiskExtentDevice(DeviceName name, DiskDevice& disk) : Device(name), disk_(disk) {}
  ~DiskExtentDevice() = default;
  void set_extent(Extent extent) { extent_ = extent; }
  [[nodiscard]] const Extent& extent() const { return extent_; }

 private:
  void submit(IoRequestPtr request, BlockOperation operation, uint32_t bytes);

  DiskDevice& disk_;
  Extent extent_;
};

class PartitionDevice final : public DiskExtentDevice {
 public:
  PartitionDevice(DeviceName name, DiskDevice& disk) : DiskExtentDevice(name, disk) {}

  void set(Extent extent) { set_extent(extent); }
  [[nodiscard]] bool exists() const { return extent().sectors != 0; }
};

class DiskDevice final : public DiskExtentDevice {
 public:
  // KERN_RESOURCE_SHORTAGE.
  static base::Result<DiskDevice*> create(DeviceName name, IdeChannel& channel,
                                          unsigned unit);

  // "<name>" or "<name>s<number>"; the latter makes the partition table be read, unless some part
  // of the disk is open.
  Device* find(std::string_view name) override;

  [[nodiscard]] uint64_t sectors() const { return extent().sectors; }
  void submit(DiskTransfer& transfer) { channel_.submit(unit_, transfer); }
  // Waits until the medium has what was written. Blocks.
  io_return_t flush();

  void count_opened() { ++open_extents_; }
  void count_closed() { --open_extents_; }

 private:
  DiskDevice(DeviceName name, IdeChannel& channel, unsigned unit);
  void read_partition_table();
  void set_partition(uint32_t number, Extent extent);
  bool read_sector(uint64_t number, std::span<uint8_t> to);

  IdeChannel& channel_;
  const unsigned unit_;
  uint32_t open_extents_ = 0;
  std::array<PartitionDevice*, PartitionList::kMaxPartitions> partitions_{};
};

}  // namespace device
