// The process server. Arguments: its name, then the first program and its arguments (default
// /sbin/init).
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <thread>

#include <device/device.h>
#include <mach.h>
#include <mach/bootstrap.h>
#include <servers/netname_defs.h>

#include "libs/mach/service_user.h"
#include "servers/process/first_process.h"
#include "servers/process/process_server.h"
#include "servers/process/timer_thread.h"
#include "servers/process/tty/device_line.h"

namespace process {
namespace {

[[noreturn]] void die(const char* what, int code) {
  std::printf("process: %s (0x%x)\n", what, code);
  std::exit(EXIT_FAILURE);
}

void check(kern_return_t kr, const char* what) {
  if (kr != KERN_SUCCESS) die(what, kr);
}

// The name server's privileged port: one of the registered ports.
mach_port_t find_service_port() {
  mach_port_array_t ports = nullptr;
  mach_msg_type_number_t count = 0;
  check(mach_ports_lookup(mach_task_self(), &ports, &count), "no registered ports");
  if (count <= SERVICE_SLOT || !MACH_PORT_VALID(ports[SERVICE_SLOT])) die("no service port", 0);
  return ports[SERVICE_SLOT];
}

mach_port_t make_set() {
  mach_port_t set = MACH_PORT_NULL;
  check(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &set), "port set");
  return set;
}

// A control port of a tree of ours: nobody but this task holds it.
mach_port_t make_control(mach_port_t set) {
  mach_port_t port = MACH_PORT_NULL;
  check(mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port), "control port");
  check(mach_port_move_member(mach_task_self(), port, set), "control port");
  return port;
}

// Tells that the server is there. Nobody sends anything to the service's port.
void check_in(mach_port_t services) {
  service_name_t name = "process";
  mach_port_t port = MACH_PORT_NULL;
  check(service_check_in(services, name, SERVICE_PRIVATE, &port), "cannot check in");
}

FirstProgram first_program(int argc, char** argv) {
  FirstProgram program{.path = "/sbin/init", .arguments = {}, .environment = {}};
  if (argc > 1) program.path = argv[1];
  program.arguments.assign(argv + std::min(argc, 1), argv + argc);
  if (program.arguments.empty()) program.arguments.push_back(program.path);
  program.environment = {"HOME=/", "TERM=linux", "PATH=/sbin:/usr/sbin:/bin:/usr/bin"};
  return program;
}

// A terminal on a kernel device, for the life of the server.
struct DeviceTerminal {
  DeviceLine line;
  Terminal terminal;

  DeviceTerminal(ProcessServer& server, const char* name, uint32_t number)
      : terminal(name, number, line, [&server](int pgid, int signal) {
          server.signals().post_group(pgid, {.signal = signal, .code = kCodeKernel});
        }) {}

  base::Status start(ProcessServer& server, const char* device) {
    TRY(line.open(server.ports().device_master, device));
    server.add_terminal(terminal.name(), terminal);
    line.start_reader(terminal, server.lock(), [&server] {
      server.dev_server().io().run_ready();
      if (server.signals().wants_poke()) wake_timer_thread();
    });
    return {};
  }
};

// Nodes for the disks and partitions there are, with Linux's numbers for IDE disks.
void add_disks(ProcessServer& server) {
  constexpr uint32_t kMajors[] = {3, 3, 22, 22};
  constexpr uint32_t kPartitions = 4;
  const auto add = [&server](const std::string& name, uint32_t number) {
    mach_port_t device = MACH_PORT_NULL;
    if (device_open(server.ports().device_master, D_READ, const_cast<char*>(name.c_str()), &device) !=
        D_SUCCESS) {
      return false;
    }
    device_close(device);
    mach_port_deallocate(mach_task_self(), device);
    server.add_disk(name, number);
    return true;
  };
  for (uint32_t disk = 0; disk < std::size(kMajors); ++disk) {
    const std::string name = "hd" + std::to_string(disk);
    const uint32_t number = device_number(kMajors[disk], disk % 2 * 64);
    if (!add(name, number)) continue;
    for (uint32_t p = 1; p <= kPartitions; ++p) add(name + "s" + std::to_string(p), number + p);
  }
}

int run(int argc, char** argv) {
  ServerPorts ports;
  check(bootstrap_ports(bootstrap_port, &ports.host, &ports.device_master), "no privileged ports");
  const mach_port_t services = find_service_port();
  service_name_t file = "file";
  check(service_look_up(services, file, &ports.file_control), "no file server");

  const auto library = load_emulation(ports.file_control);
  if (!library.ok()) die("cannot load /lib/emulation", library.code());
  const EmulationLibrary& emulation = library.value();

  const mach_port_t main_set = make_set();
  const mach_port_t proc_set = make_set();
  static ProcessServer server(ports, main_set, proc_set, make_control(main_set),
                              make_control(proc_set), emulation.header);
  if (!server.pages().start(ports.host).ok()) die("cannot make process pages", 0);
  server.show_pipes();
  static DeviceTerminal console(server, "console", kConsoleDevice);
  static DeviceTerminal serial(server, "com1", kSerialDevice);
  serial.terminal.make_raw();
  if (!console.start(server, "console").ok()) die("cannot open the console", 0);
  if (!serial.start(server, "com1").ok()) std::printf("process: no second serial line\n");
  add_disks(server);
  start_timer_thread(server);
  std::thread([] { server.proc_server().loop().run(); }).detach();
  server.mount_trees();

  const base::Status started =
      start_first_process(server, emulation, first_program(argc, argv), console.terminal);
  if (!started.ok()) die("cannot start the first process", started.code());
  check_in(services);
  die("cannot receive", server.dev_server().loop().run());
}

}  // namespace
}  // namespace process

int main(int argc, char** argv) { return process::run(argc, argv); }
