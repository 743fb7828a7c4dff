#include "libs/mach/server_libc/console.h"

#include <device/device.h>
#include <mach.h>
#include <mach/bootstrap.h>
#include <mach/server_libc.h>

#include "libs/mach/server_libc/self.h"

namespace server_libc {
namespace {

constexpr long kStandardOutput = 1;
constexpr long kStandardError = 2;
constexpr long kGetWindowSize = 0x5413;  // TIOCGWINSZ

mach_port_t console;  // send right for the open device
bool looked_for;

bool is_output(long fd) { return fd == kStandardOutput || fd == kStandardError; }

// The console among the registered ports: a send right that is ours, or null.
mach_port_t registered_console() {
  mach_port_array_t ports = nullptr;
  mach_msg_type_number_t count = 0;
  mach_port_t result = MACH_PORT_NULL;
  if (mach_ports_lookup(self_task(), &ports, &count) != KERN_SUCCESS) return result;
  for (mach_msg_type_number_t i = 0; i < count; ++i) {
    if (i == CONSOLE_SLOT) {
      result = ports[i];
    } else if (MACH_PORT_VALID(ports[i])) {
      (void)mach_port_deallocate(self_task(), ports[i]);
    }
  }
  if (count != 0) {
    (void)vm_deallocate(self_task(), reinterpret_cast<vm_address_t>(ports),
                        count * sizeof(mach_port_t));
  }
  return result;
}

void open_by_bootstrap_port() {
  if (!MACH_PORT_VALID(bootstrap_port)) return;
  mach_port_t host = MACH_PORT_NULL;
  mach_port_t device_master = MACH_PORT_NULL;
  if (bootstrap_privileged_ports(bootstrap_port, &host, &device_master) != KERN_SUCCESS) return;
  (void)server_libc_open_console(device_master);
  (void)mach_port_deallocate(self_task(), host);
  (void)mach_port_deallocate(self_task(), device_master);
}

// Once: asking may print, which comes back here.
void look_for_console() {
  if (looked_for) return;
  looked_for = true;
  console = registered_console();
  if (!MACH_PORT_VALID(console)) open_by_bootstrap_port();
}

bool write_device(const char* data, unsigned long size) {
  while (size != 0) {
    io_buf_ptr_inband_t chunk;
    const unsigned long bytes = size < sizeof(chunk) ? size : sizeof(chunk);
    __builtin_memcpy(chunk, data, bytes);
    int written = 0;
    if (device_write_inband(console, 0, 0, chunk, bytes, &written) != D_SUCCESS) return false;
    if (written <= 0 || static_cast<unsigned long>(written) > bytes) return false;
    data += written;
    size -= static_cast<unsigned long>(written);
  }
  return true;
}

}  // namespace

long write_console(long fd, const char* data, unsigned long size) {
  if (!is_output(fd)) return -kEbadf;
  if (!MACH_PORT_VALID(console)) look_for_console();
  if (!MACH_PORT_VALID(console)) return static_cast<long>(size);  // nobody listens
  return write_device(data, size) ? static_cast<long>(size) : -kEio;
}

long write_console(long fd, const Iovec* parts, unsigned long count) {
  long total = 0;
  for (unsigned long i = 0; i < count; ++i) {
    const long result = write_console(fd, parts[i].base, parts[i].size);
    if (result < 0) return total != 0 ? total : result;
    total += result;
  }
  return total;
}

long console_control(long fd, long request, void* argument) {
  struct WindowSize {
    unsigned short rows, columns, x_pixels, y_pixels;
  };
  if (!is_output(fd) || request != kGetWindowSize) return -kEnotty;
  *static_cast<WindowSize*>(argument) = {25, 80, 0, 0};
  return 0;
}

void complain(const char* text) {
  (void)write_console(kStandardError, text, __builtin_strlen(text));
}

void complain(const char* text, unsigned long number) {
  char digits[12];
  char* at = digits + sizeof(digits);
  *--at = '\0';
  *--at = '\n';
  do {
    *--at = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  complain(text);
  complain(at);
}

}  // namespace server_libc

void server_libc_set_console(mach_port_t device) {
  using namespace server_libc;
  if (MACH_PORT_VALID(device) &&
      mach_port_mod_refs(self_task(), device, MACH_PORT_RIGHT_SEND, 1) != KERN_SUCCESS) {
    return;
  }
  const mach_port_t previous = console;
  console = device;
  looked_for = true;
  if (MACH_PORT_VALID(previous)) (void)mach_port_deallocate(self_task(), previous);
}

kern_return_t server_libc_open_console(mach_port_t device_master) {
  using namespace server_libc;
  mach_port_t device = MACH_PORT_NULL;
  const kern_return_t result = device_open(device_master, D_WRITE, "console", &device);
  if (result != D_SUCCESS) return result;
  server_libc_set_console(device);
  return mach_port_deallocate(self_task(), device);
}
