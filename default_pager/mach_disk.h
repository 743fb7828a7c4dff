// MachDisk: a disk or partition of the kernel's device interface, by sectors.
#pragma once

#include <mach/port.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "default_pager/page_block.h"
#include "libs/base/result.h"

namespace default_pager {

class MachDisk {
 public:
  static constexpr uint32_t kSectorSize = 512;

  // Opens `name` ("hd0s2") with the device master port. D_... errors; KERN_INVALID_ARGUMENT: its records
  // have another size.
  static base::Result<MachDisk> open(mach_port_t device_master, const char* name);
  MachDisk(MachDisk&& other) noexcept;
  MachDisk& operator=(MachDisk&&) = delete;
  ~MachDisk();

  [[nodiscard]] uint32_t sectors() const { return sectors_; }

  // Reads whole pages from a sector on, into memory of their own. D_... errors, KERN_FAILURE.
  base::Result<PageBlock> read(uint32_t sector, uint32_t size);
  // The same the other way round.
  base::Status write(uint32_t sector, std::span<const std::byte> data);

 private:
  explicit MachDisk(mach_port_t device) : device_(device) {}
  base::Status find_size();

  mach_port_t device_;
  uint32_t sectors_ = 0;
};

}  // namespace default_pager
