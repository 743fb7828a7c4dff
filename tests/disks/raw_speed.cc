// raw_speed DEVICE MIB: how fast the kernel's device interface writes and reads a disk from front to
// back, in records as the file server uses them. Measures before it checks in, so that nothing that the
// list of servers names after it runs meanwhile.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include <device/device.h>
#include <mach.h>
#include <mach/bootstrap.h>
#include <servers/netname_defs.h>

#include "libs/mach/service_user.h"
#include "libs/server/registered_port.h"

namespace {

constexpr int kTransfer = 256 * 1024;
constexpr int kSector = 512;

void check(kern_return_t code, const char* what) {
  if (code == KERN_SUCCESS) return;
  std::printf("raw_speed: %s (0x%x)\n", what, static_cast<unsigned>(code));
  std::exit(EXIT_FAILURE);
}

template <typename F>
void measure(const char* what, int transfers, F transfer) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < transfers; ++i) transfer(static_cast<recnum_t>(i) * (kTransfer / kSector));
  const auto passed = std::chrono::steady_clock::now() - start;
  std::printf("raw %s %lld ms\n", what,
              static_cast<long long>(
                  std::chrono::duration_cast<std::chrono::milliseconds>(passed).count()));
}

void run(const char* name, int transfers) {
  mach_port_t host = MACH_PORT_NULL;
  mach_port_t device_master = MACH_PORT_NULL;
  mach_port_t device = MACH_PORT_NULL;
  check(bootstrap_ports(bootstrap_port, &host, &device_master), "privileged ports");
  check(device_open(device_master, D_READ | D_WRITE, name, &device), "device_open");
  std::vector<char> data(kTransfer, 'r');
  measure("write", transfers, [&](recnum_t record) {
    int done = 0;
    check(device_write(device, 0, record, data.data(), kTransfer, &done), "device_write");
    check(done == kTransfer ? KERN_SUCCESS : KERN_FAILURE, "short write");
  });
  measure("read", transfers, [&](recnum_t record) {
    io_buf_ptr_t pages = nullptr;
    mach_msg_type_number_t got = 0;
    check(device_read(device, 0, record, kTransfer, &pages, &got), "device_read");
    check(got == kTransfer ? KERN_SUCCESS : KERN_FAILURE, "short read");
    for (int at = 0; at < kTransfer; at += 4096) {
      check(pages[at] == 'r' ? KERN_SUCCESS : KERN_FAILURE, "contents");
    }
    check(vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(pages), got), "free");
  });
  check(device_close(device), "device_close");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return EXIT_FAILURE;
  run(argv[1], std::atoi(argv[2]) * ((1 << 20) / kTransfer));
  service_name_t name = {};
  std::strncpy(name, argv[0], sizeof name - 1);
  mach_port_t port = MACH_PORT_NULL;
  check(service_check_in(server::registered_port(SERVICE_SLOT), name, SERVICE_PRIVATE, &port),
        "check-in");
  while (true) std::this_thread::sleep_for(std::chrono::hours(1));
}
