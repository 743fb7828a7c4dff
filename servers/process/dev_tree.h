// /dev: terminals, null, zero and friends.
#pragma once

#include <memory>
#include <vector>

#include "servers/process/pseudo_fs.h"
#include "servers/process/tty/terminal.h"

namespace process {

// Linux's device number words: major << 8 | minor.
constexpr uint32_t device_number(uint32_t major, uint32_t minor) { return major << 8 | minor; }

inline constexpr uint32_t kTtyDevice = device_number(5, 0);      // whoever opens it: its terminal
inline constexpr uint32_t kConsoleDevice = device_number(5, 1);
inline constexpr uint32_t kSerialDevice = device_number(4, 65);  // ttyS1

class DevTree {
 public:
  DevTree();

  server::FileSystem& file_system() { return fs_; }
  void add_terminal(const std::string& name, Terminal& terminal);
  // A disk or partition: a name for swapon(8) and the like. It cannot be opened.
  void add_disk(const std::string& name, uint32_t device);

  // Opens a device by number: for nodes on other file systems. ENXIO.
  base::Result<base::Ref<server::OpenObject>> open(uint32_t device, int flags);
  // The terminal with that device number, or null.
  Terminal* find_terminal(uint32_t device);

 private:
  void add_device(const std::string& name, uint32_t permissions, uint32_t device,
                  PseudoDevice::Open open);
  void add_link(const std::string& name, const std::string& target);

  struct Device {
    uint32_t number;
    PseudoDevice::Open open;
    Terminal* terminal;
  };
  PseudoFileSystem fs_{"devtmpfs", 5, PseudoFileSystem::Names::kStable};
  std::vector<PseudoEntry> entries_;
  std::vector<Device> devices_;
  uint64_t next_link_ = 0x10000;  // device numbers are smaller
};

}  // namespace process
