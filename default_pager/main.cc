// The default pager. Started by the bootstrap server as
//   default_pager PARTITION...
// with the names of the partitions ("hd0s2") that pages are kept on. Without any it still serves:
// everything stays in memory.
#include <mach.h>
#include <mach/bootstrap.h>
#include <mach_error.h>

#include <cstdio>
#include <cstdlib>
#include <new>

#include "default_pager/server.h"

namespace {

[[noreturn]] void fail(const char* what, kern_return_t code) {
  std::printf("default_pager: %s: %s\n", what, mach_error_string(code));
  std::exit(EXIT_FAILURE);
}

}  // namespace

int main(int argc, char** argv) {
  mach_port_t host = MACH_PORT_NULL;
  mach_port_t device_master = MACH_PORT_NULL;
  kern_return_t code = bootstrap_privileged_ports(bootstrap_port, &host, &device_master);
  if (code != KERN_SUCCESS) fail("privileged ports", code);
  // Never destroyed: its memory is what the system's memory rests on.
  alignas(default_pager::Server) static char room[sizeof(default_pager::Server)];
  auto& server = *new (room) default_pager::Server(host, device_master);
  for (int i = 1; i < argc; ++i) {
    const base::Status added = server.add_partition(argv[i]);
    if (!added.ok()) {
      std::printf("default_pager: %s: %s\n", argv[i], mach_error_string(added.code()));
    }
  }
  code = server.start();
  if (code != KERN_SUCCESS) fail("start", code);
  std::printf("default_pager: %u KiB of paging space\n",
              server.space().total_pages() * (default_pager::kPageSize / 1024));
  fail("receiving requests", server.run());
}
