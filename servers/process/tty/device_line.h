// A terminal line on a kernel device: the console, a serial port.
#pragma once

#include <string>

#include <mach/port.h>

#include "libs/base/result.h"
#include "libs/server/mutex.h"
#include "servers/process/tty/terminal.h"

namespace process {

class DeviceLine final : public TerminalLine {
 public:
  // Opens the device. ENXIO.
  base::Status open(mach_port_t device_master, const char* name);

  void transmit(std::string_view bytes) override;

  // Starts the thread that passes input to the terminal under `lock`; `after` runs there, too.
  void start_reader(Terminal& terminal, server::Mutex& lock, std::function<void()> after);

 private:
  mach_port_t device_ = MACH_PORT_NULL;
};

}  // namespace process
