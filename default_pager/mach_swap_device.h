// MachSwapDevice: a disk partition, or a file whose place on its disk is known.
#pragma once

#include <mach/port.h>

#include <memory>
#include <memory_resource>
#include <new>
#include <span>
#include <string>

#include "default_pager/backing_types.h"
#include "default_pager/mach_disk.h"
#include "default_pager/sector_map.h"
#include "default_pager/swap_device.h"

namespace default_pager {

class MachSwapDevice final : public SwapDevice {
 public:
  // All of the partition `name` ("hd0s2"). The errors of MachDisk::open; KERN_MEMORY_PRESENT: a file system
  // is on it.
  static base::Result<std::unique_ptr<SwapDevice>> open(mach_port_t device_master, const char* name,
                                                        std::pmr::memory_resource& memory);
  // Runs of sectors of the disk `device`, which are the contents of a file: nobody else may write to them or give
  // them to another file. The errors of MachDisk::open; KERN_INVALID_ARGUMENT: a run is not on the disk.
  static base::Result<std::unique_ptr<SwapDevice>> open_runs(mach_port_t device_master, const char* name,
                                                             const char* device,
                                                             std::span<const paging_run_t> runs,
                                                             std::pmr::memory_resource& memory);

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] uint32_t page_count() const override { return sectors_.page_count(); }
  base::Result<PageBlock> read(uint32_t first, uint32_t count) override;
  base::Status write(uint32_t first, std::span<const std::byte> pages) override;

  // Devices come while the system runs, and must not lie in pageable memory: they have room in the program.
  // Null: there are kMaxDevices.
  static void* operator new(size_t size, const std::nothrow_t&) noexcept;
  static void operator delete(void* device);
  static void operator delete(void* device, const std::nothrow_t&) { operator delete(device); }

 private:
  MachSwapDevice(MachDisk disk, const char* name, std::pmr::memory_resource& memory)
      : disk_(std::move(disk)), name_(name, &memory), sectors_(memory) {}
  static base::Result<std::unique_ptr<MachSwapDevice>> make(mach_port_t device_master, const char* name,
                                                            const char* device,
                                                            std::span<const paging_run_t> runs,
                                                            std::pmr::memory_resource& memory);
  base::Status refuse_file_system();

  MachDisk disk_;
  std::pmr::string name_;
  SectorMap sectors_;
};

}  // namespace default_pager
