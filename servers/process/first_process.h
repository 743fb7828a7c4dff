// The first process: loads the emulation library into a task and starts it there.
#pragma once

#include <string>
#include <vector>

#include <mach/mach_types.h>
#include <servers/process_page.h>

#include "libs/base/result.h"

namespace process {

class ProcessServer;

// The library's file, mapped in this task. Its header tells the server where things are.
struct EmulationLibrary {
  emulation_header header{};
  mach_port_t object = MACH_PORT_NULL;  // the file's memory object
  vm_address_t image = 0;               // the file as mapped here
  vm_size_t size = 0;
};

// Opens /lib/emulation through the file server's control port. ENOENT, ENOEXEC.
base::Result<EmulationLibrary> load_emulation(mach_port_t file_control);

struct FirstProgram {
  std::string path;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
};

// Makes process 1 on the terminal. Returns an errno; nothing is left behind then.
base::Status start_first_process(ProcessServer& server, const EmulationLibrary& library,
                                 const FirstProgram& program, class Terminal& terminal);

}  // namespace process
