// The file server. Started by the bootstrap server as
//   file DEVICE [tmpfs=PATH]...
// It mounts the ext2 file system of DEVICE ("hd0s1") as its root and memory file systems where asked,
// and serves them as the service "file".
#include <mach.h>
#include <mach/bootstrap.h>
#include <mach_error.h>
#include <servers/netname_defs.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "libs/mach/service_user.h"
#include "libs/server/registered_port.h"
#include "libs/server/wall_clock.h"
#include "servers/file/file_server.h"

namespace {

constexpr const char* kServiceName = "file";
constexpr std::string_view kTmpFsOption = "tmpfs=";

// Says what went wrong; the bootstrap server sees the exit and decides.
[[noreturn]] void fail(const char* what, const char* why) {
  std::printf("file: %s: %s\n", what, why);
  std::exit(EXIT_FAILURE);
}

void check(kern_return_t code, const char* what) {
  if (code != KERN_SUCCESS) fail(what, mach_error_string(code));
}

void check(const base::Status& status, const char* what) {
  if (!status.ok()) fail(what, std::strerror(status.code()));
}

// The control port: the receive right that the name server keeps for this service. Whoever has a
// send right is trusted with every credential, so the service is private.
mach_port_t check_in() {
  const mach_port_t service = server::registered_port(SERVICE_SLOT);
  service_name_t name = {};
  std::strncpy(name, kServiceName, sizeof(name) - 1);
  mach_port_t control = MACH_PORT_NULL;
  check(service_check_in(service, name, SERVICE_PRIVATE, &control), "service_check_in");
  return control;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) fail("usage", "file DEVICE [tmpfs=PATH]...");
  mach_port_t host = MACH_PORT_NULL;
  mach_port_t device_master = MACH_PORT_NULL;
  check(bootstrap_privileged_ports(bootstrap_port, &host, &device_master), "privileged ports");
  server::use_mapped_time(device_master);
  auto created = file::FileServer::create(device_master, host);
  if (!created.ok()) fail("ports", std::strerror(created.code()));
  file::FileServer& server = *created.value();
  check(server.mount_root(argv[1]), argv[1]);
  check(server.set_control(check_in()), "control port");
  for (int i = 2; i < argc; ++i) {
    std::string_view word = argv[i];
    if (!word.starts_with(kTmpFsOption)) fail(argv[i], "not understood");
    word.remove_prefix(kTmpFsOption.size());
    const auto mounted = server.mount_tmpfs(std::string(word));
    if (!mounted.ok()) std::printf("file: %s: %s\n", argv[i], std::strerror(mounted.code()));
  }
  fail("receiving requests", mach_error_string(server.run()));
}
