#include "servers/process/tty/device_line.h"

#include <algorithm>
#include <cerrno>
#include <thread>

#include <device/device.h>
#include <mach.h>

namespace process {

base::Status DeviceLine::open(mach_port_t device_master, const char* name) {
  const kern_return_t kr =
      device_open(device_master, D_READ | D_WRITE, const_cast<char*>(name), &device_);
  if (kr != KERN_SUCCESS) return base::Error(ENXIO);
  return {};
}

void DeviceLine::transmit(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = static_cast<mach_msg_type_number_t>(std::min<size_t>(bytes.size(), IO_INBAND_MAX));
    int written = 0;
    if (device_write_inband(device_, 0, 0, const_cast<char*>(bytes.data()), size, &written) !=
            KERN_SUCCESS ||
        written <= 0) {
      return;  // nobody is there to be told that the console is gone
    }
    bytes.remove_prefix(std::min<size_t>(static_cast<size_t>(written), bytes.size()));
  }
}

void DeviceLine::start_reader(Terminal& terminal, server::Mutex& lock,
                              std::function<void()> after) {
  std::thread([this, &terminal, &lock, after = std::move(after)] {
    while (true) {
      char data[IO_INBAND_MAX];
      mach_msg_type_number_t count = sizeof data;
      if (device_read_inband(device_, 0, 0, sizeof data, data, &count) != KERN_SUCCESS) return;
      const server::LockGuard guard(lock);
      terminal.receive({data, count});
      after();
    }
  }).detach();
}

}  // namespace process
