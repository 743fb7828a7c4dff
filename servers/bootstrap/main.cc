// The first task. The kernel starts it with
//   bootstrap FLAGS HOST_PRIV_PORT DEVICE_MASTER_PORT ROOT_DEVICE [module=STRING]... [WORD]...
// where the ports are names in decimal, each STRING is a boot module's command line, this program's
// first, and the WORDs are the kernel's arguments. It starts the servers that the module servers.conf lists
// and watches over them.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <mach.h>
#include <mach/server_libc.h>
#include <mach_error.h>

#include "servers/bootstrap/config.h"
#include "servers/bootstrap/processor_use.h"
#include "servers/bootstrap/program_source.h"
#include "servers/bootstrap/supervisor.h"

namespace bootstrap {
namespace {

constexpr const char* kConfigModule = "servers.conf";

enum Argument { kFlags = 1, kHostPort, kDevicePort, kRootDevice, kFirstWord };

mach_port_t port_argument(const char* text) {
  return static_cast<mach_port_t>(std::strtoul(text, nullptr, 10));
}

// The last component of the first word: "/servers/name flags" is "name".
std::string module_name(std::string line) {
  line.erase(std::min(line.find(' '), line.size()));
  return line.substr(line.rfind('/') + 1);
}

std::vector<std::string> module_names(int argc, char** argv) {
  std::vector<std::string> names;
  constexpr std::string_view kModule = "module=";
  for (int i = kFirstWord; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with(kModule)) names.push_back(module_name(argv[i] + kModule.size()));
  }
  return names;
}

// With the kernel argument panic=exit somebody waits for the machine to end.
OnFailure on_failure(int argc, char** argv) {
  for (int i = kFirstWord; i < argc; ++i) {
    if (argv[i] == std::string_view("panic=exit")) return OnFailure::kPowerOff;
  }
  return OnFailure::kStandStill;
}

// The parsed list of servers, with $root replaced by the root device. Empty after a complaint.
std::vector<ServerEntry> read_config(const BootModules& modules, const std::string& root_device) {
  LoadedFile file;
  const kern_return_t kr = modules.load(kConfigModule, &file);
  if (kr != KERN_SUCCESS) {
    std::printf("bootstrap: cannot read module %s: %s\n", kConfigModule, mach_error_string(kr));
    return {};
  }
  auto result = parse_config(file.text());
  if (const auto* error = std::get_if<ConfigError>(&result)) {
    std::printf("bootstrap: %s:%d: %s\n", kConfigModule, error->line, error->message.c_str());
    return {};
  }
  auto servers = std::get<std::vector<ServerEntry>>(std::move(result));
  for (ServerEntry& server : servers) {
    for (std::string& argument : server.arguments) {
      if (argument == "$root") argument = root_device;
    }
  }
  return servers;
}

int run(int argc, char** argv) {
  if (argc <= kRootDevice) {
    std::printf("bootstrap: started without the kernel's arguments\n");
    return EXIT_FAILURE;
  }
  const PrivilegedPorts ports{port_argument(argv[kHostPort]), port_argument(argv[kDevicePort])};
  server_libc_open_console(ports.device_master);
  use_own_priority();
  BootModules modules(ports.device_master, module_names(argc, argv));
  auto servers = read_config(modules, argv[kRootDevice]);
  Supervisor supervisor(ports, std::move(modules), on_failure(argc, argv));
  const kern_return_t kr = supervisor.initialize();
  if (kr != KERN_SUCCESS) {
    std::printf("bootstrap: cannot make ports: %s\n", mach_error_string(kr));
    return EXIT_FAILURE;
  }
  std::thread starter([&] { supervisor.start_servers(std::move(servers)); });
  std::thread watcher([&] { supervisor.watch_check_ins(); });
  std::thread usage_watcher([&] { supervisor.watch_usage(); });
  supervisor.run();
}

}  // namespace
}  // namespace bootstrap

int main(int argc, char** argv) { return bootstrap::run(argc, argv); }
