// MachSwapDevice: a disk partition of the kernel's device interface.
#pragma once

#include <mach/port.h>

#include <memory>

#include "default_pager/swap_device.h"

namespace default_pager {

class MachSwapDevice final : public SwapDevice {
 public:
  // Opens `name` ("hd0s2") with the device master port. D_... errors; KERN_INVALID_ARGUMENT: it
  // has records of a size unknown here; KERN_MEMORY_PRESENT: a file system is on it.
  static base::Result<std::unique_ptr<SwapDevice>> open(mach_port_t device_master,
                                                        const char* name);
  ~MachSwapDevice() override;

  [[nodiscard]] uint32_t page_count() const override { return pages_; }
  base::Result<PageBlock> read(uint32_t first, uint32_t count) override;
  base::Status write(uint32_t first, std::span<const std::byte> pages) override;

 private:
  explicit MachSwapDevice(mach_port_t device) : device_(device) {}
  base::Status find_size();
  base::Status refuse_file_system();

  mach_port_t device_;
  uint32_t pages_ = 0;
};

}  // namespace default_pager
