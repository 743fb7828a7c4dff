// The device interface seen by a program: runs as the first task, without any server.
#include <device/device.h>
#include <device/device_reply.h>
#include <device/device_request.h>
#include <device/disk_status.h>
#include <device/tty_status.h>
#include <mach.h>
#include <mach/mach_host.h>
#include <mach/server_libc.h>
#include <mach/time_value.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

constexpr int kSector = 512;
constexpr dev_mode_t kReadWrite = D_READ | D_WRITE;

mach_port_t master;
mach_port_t host;

int test_number = 0;
int failures = 0;

void check(bool good, const char* what) {
  std::printf("%s %d - %s\n", good ? "ok" : "not ok", ++test_number, what);
  if (!good) ++failures;
}

mach_port_t open(const char* name, dev_mode_t mode = kReadWrite) {
  mach_port_t device = MACH_PORT_NULL;
  dev_name_t buffer{};
  std::strncpy(buffer, name, sizeof buffer - 1);
  return device_open(master, mode, buffer, &device) == D_SUCCESS ? device : MACH_PORT_NULL;
}

// Reads out of line; empty on failure.
std::vector<char> read(mach_port_t device, recnum_t record, int bytes,
                       kern_return_t* result = nullptr) {
  io_buf_ptr_t data = nullptr;
  mach_msg_type_number_t count = 0;
  const kern_return_t code = device_read(device, 0, record, bytes, &data, &count);
  if (result) *result = code;
  if (code != D_SUCCESS) return {};
  std::vector<char> copy(data, data + count);
  if (count != 0) vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), count);
  return copy;
}

kern_return_t write(mach_port_t device, recnum_t record, char* data, unsigned bytes,
                    int* written) {
  *written = -1;
  return device_write(device, 0, record, data, bytes, written);
}

void test_open() {
  dev_name_t name = "console";
  mach_port_t device = MACH_PORT_NULL;
  check(device_open(host, D_READ, name, &device) == D_INVALID_OPERATION, "only the master opens");
  dev_name_t unknown = "nothing";
  check(device_open(master, D_READ, unknown, &device) == D_NO_SUCH_DEVICE, "unknown name");
  dev_name_t partition = "hd0s9";
  check(device_open(master, D_READ, partition, &device) == D_NO_SUCH_DEVICE, "unused partition");
  const mach_port_t null = open("null");
  check(null != MACH_PORT_NULL && device_close(null) == D_SUCCESS, "open and close");
  check(device_close(null) == D_NO_SUCH_DEVICE, "a closed port");
  const mach_port_t first = open("null");
  const mach_port_t second = open("null");
  check(first != second && device_close(first) == D_SUCCESS && device_close(second) == D_SUCCESS,
        "each open has a port");
}

void test_disk_reads() {
  const mach_port_t disk = open("hd0s1", D_READ);
  int status[DEV_GET_SIZE_COUNT];
  mach_msg_type_number_t count = DEV_GET_SIZE_COUNT;
  const bool known = device_get_status(disk, DEV_GET_SIZE, status, &count) == D_SUCCESS;
  check(known && count == DEV_GET_SIZE_COUNT && status[0] > 0 && status[1] == kSector, "size");
  count = 1;
  check(device_get_status(disk, DEV_GET_SIZE, status, &count) == D_INVALID_SIZE,
        "status too small");
  count = DEV_GET_SIZE_COUNT;
  check(device_get_status(disk, 4711, status, &count) == D_INVALID_OPERATION, "unknown flavor");

  const std::vector<char> start = read(disk, 0, 64 << 10);
  check(start.size() == 64 << 10 && start[1080] == 0x53 &&
            static_cast<uint8_t>(start[1081]) == 0xef,
        "the file system's magic number");
  const std::vector<char> part = read(disk, 2, 700);
  check(part.size() == 700 && std::memcmp(part.data(), &start[1024], 700) == 0, "part of a sector");
  io_buf_ptr_inband_t inband;
  count = sizeof inband;
  check(device_read_inband(disk, 0, 2, 100, inband, &count) == D_SUCCESS && count == 100 &&
            std::memcmp(inband, &start[1024], 100) == 0,
        "in-band read");

  const recnum_t records = static_cast<recnum_t>(status[0]) / kSector;
  kern_return_t result;
  (void)read(disk, records, kSector, &result);
  check(result == D_INVALID_RECNUM, "beyond the end");
  check(read(disk, records - 1, 2 * kSector).size() == kSector, "across the end");
  (void)read(disk, 0, -1, &result);
  check(result == D_INVALID_SIZE, "negative size");
  int written;
  char data[kSector] = {};
  check(write(disk, 0, data, kSector, &written) == D_INVALID_OPERATION, "opened for reading only");
  mach_port_deallocate(mach_task_self(), disk);
}

void test_disk_writes() {
  const mach_port_t disk = open("hd0s2");
  std::vector<char> data((40 << 10) + 1);
  for (size_t i = 0; i < data.size(); ++i) data[i] = static_cast<char>(i * 7 + i / 256);
  int written;
  // An odd address: the driver must move the data.
  check(write(disk, 64, data.data() + 1, 40 << 10, &written) == D_SUCCESS && written == 40 << 10,
        "write");
  const std::vector<char> back = read(disk, 64, 40 << 10);
  check(back.size() == 40 << 10 && std::memcmp(back.data(), data.data() + 1, back.size()) == 0,
        "what was written is read");
  check(device_set_status(disk, DISK_FLUSH_CACHE, nullptr, 0) == D_SUCCESS, "flush");
  check(write(disk, 64, data.data(), 100, &written) == D_INVALID_SIZE, "part of a sector");
  check(write(disk, 0xffffffff, data.data(), kSector, &written) == D_INVALID_RECNUM, "far away");
  device_close(disk);
}

void test_time() {
  const mach_port_t device = open("time", D_READ);
  mach_port_t pager = MACH_PORT_NULL;
  check(device_map(device, VM_PROT_READ, 0, vm_page_size, &pager, 0) == D_SUCCESS, "map the time");
  vm_address_t address = 0;
  check(vm_map(mach_task_self(), &address, vm_page_size, 0, TRUE, pager, 0, FALSE, VM_PROT_READ,
               VM_PROT_READ, VM_INHERIT_SHARE) == KERN_SUCCESS,
        "vm_map of the time page");
  const auto* now = reinterpret_cast<const volatile mapped_time_value_t*>(address);
  time_value_t wall;
  host_get_time(host, &wall);
  const auto difference = now->seconds - wall.seconds;
  check(difference >= 0 && difference <= 1 && now->seconds == now->check_seconds, "the right time");
  const auto microseconds = now->microseconds;
  for (int i = 0; i < 100'000'000 && now->microseconds == microseconds; ++i) {
  }
  check(now->microseconds != microseconds, "time passes");
  const bool refused = vm_protect(mach_task_self(), address, vm_page_size, FALSE,
                                  VM_PROT_READ | VM_PROT_WRITE) != KERN_SUCCESS;
  vm_address_t writable = 0;
  const bool mapped = vm_map(mach_task_self(), &writable, vm_page_size, 0, TRUE, pager, 0, FALSE,
                             VM_PROT_READ | VM_PROT_WRITE, VM_PROT_ALL,
                             VM_INHERIT_SHARE) == KERN_SUCCESS;
  const bool wrote =
      mapped && vm_write(mach_task_self(), writable, address, vm_page_size) == KERN_SUCCESS;
  check(refused && !wrote, "nobody changes the time page");
  mach_port_t other;
  check(device_map(device, VM_PROT_READ, 0, 1 << 20, &other, 0) == D_INVALID_SIZE, "no such part");
}

void test_module() {
  const mach_port_t device = open("module1", D_READ);
  const std::vector<char> data = read(device, 0, 1 << 20);
  check(!data.empty() && std::strncmp(data.data(), "# Devices", 9) == 0, "module contents");
  mach_port_t pager = MACH_PORT_NULL;
  vm_address_t address = 0;
  const bool mapped =
      device_map(device, VM_PROT_READ, 0, 0, &pager, 0) == D_SUCCESS &&
      vm_map(mach_task_self(), &address, vm_page_size, 0, TRUE, pager, 0, FALSE, VM_PROT_READ,
             VM_PROT_READ, VM_INHERIT_SHARE) == KERN_SUCCESS;
  check(mapped && std::memcmp(reinterpret_cast<const void*>(address), data.data(),
                              std::min<size_t>(data.size(), vm_page_size)) == 0,
        "mapped module");
  check(open("module99") == MACH_PORT_NULL, "no such module");
}

void test_console() {
  const mach_port_t console = open("console");
  io_buf_ptr_inband_t inband;
  mach_msg_type_number_t count = sizeof inband;
  check(device_read_inband(console, D_NOWAIT, 0, 10, inband, &count) == D_WOULD_BLOCK, "no input");
  int status[TTY_STATUS_COUNT];
  count = TTY_STATUS_COUNT;
  check(device_get_status(console, TTY_STATUS, status, &count) == D_SUCCESS &&
            count == TTY_STATUS_COUNT,
        "terminal status");
  char text[] = "# written out of line\n";
  int written;
  check(write(console, 0, text, sizeof text - 1, &written) == D_SUCCESS &&
            written == sizeof text - 1,
        "out-of-line write");
  // A read that waits ends when its device is closed.
  mach_port_t reply = mach_reply_port();
  device_read_request_inband(console, reply, 0, 0, 10);
  device_close(console);
  struct {
    mach_msg_header_t header;
    char body[256];
  } message;
  const mach_msg_return_t received =
      mach_msg(&message.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof message, reply, 1000,
               MACH_PORT_NULL);
  int code;
  std::memcpy(&code, message.body + 4, sizeof code);
  check(received == MACH_MSG_SUCCESS && message.header.msgh_id == 2905 && code == D_DEVICE_DOWN,
        "close ends a waiting read");
}

// --- asynchronous requests
struct Answers {
  int opens = 0;
  int reads = 0;
  int failed_reads = 0;
  int inband_reads = 0;
  int writes = 0;
  int inband_writes = 0;
  uint32_t bytes = 0;
  mach_port_t device = MACH_PORT_NULL;
} answers;

void receive_answers(mach_port_t port, int count) {
  struct Buffer {
    mach_msg_header_t header;
    char body[512];
  };
  for (int i = 0; i < count; ++i) {
    Buffer in, out;
    if (mach_msg(&in.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof in, port, 5000,
                 MACH_PORT_NULL) != MACH_MSG_SUCCESS) {
      return;
    }
    device_reply_server(&in.header, &out.header);
  }
}

void test_asynchronous() {
  const mach_port_t reply = mach_reply_port();
  dev_name_t name = "hd0s2";
  device_open_request(master, reply, kReadWrite, name);
  receive_answers(reply, 1);
  check(answers.opens == 1 && answers.device != MACH_PORT_NULL, "asynchronous open");
  dev_name_t unknown = "nothing";
  device_open_request(master, reply, kReadWrite, unknown);
  receive_answers(reply, 1);
  check(answers.opens == 2 && answers.device == MACH_PORT_NULL, "asynchronous open fails");

  const mach_port_t disk = open("hd0s2");
  constexpr int kReads = 20;
  for (int i = 0; i < kReads; ++i) device_read_request(disk, reply, 0, (i * 37) % 20 * 8, 4096);
  device_read_request(disk, reply, 0, 0xfffffff0, 4096);
  receive_answers(reply, kReads + 1);
  check(answers.reads == kReads && answers.failed_reads == 1 && answers.bytes == kReads * 4096,
        "many reads at once");
  std::vector<char> data(4096, 'x');
  device_write_request(disk, reply, 0, 8, data.data(), 4096);
  device_read_request_inband(disk, reply, 0, 8, 16);
  receive_answers(reply, 2);
  check(answers.writes == 1 && answers.inband_reads == 1, "write, then read of the same record");
  const mach_port_t null = open("null");
  device_write_request_inband(null, reply, 0, 0, data.data(), 100);
  receive_answers(reply, 1);
  check(answers.inband_writes == 1, "asynchronous in-band write");
}

}  // namespace

kern_return_t ds_device_open_reply(mach_port_t, kern_return_t code, mach_port_t device) {
  ++answers.opens;
  answers.device = code == D_SUCCESS ? device : MACH_PORT_NULL;
  return KERN_SUCCESS;
}

kern_return_t ds_device_read_reply(mach_port_t, kern_return_t code, io_buf_ptr_t data,
                                   mach_msg_type_number_t count) {
  ++(code == D_SUCCESS ? answers.reads : answers.failed_reads);
  answers.bytes += count;
  if (count != 0) vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), count);
  return KERN_SUCCESS;
}

kern_return_t ds_device_read_reply_inband(mach_port_t, kern_return_t code, io_buf_ptr_inband_t data,
                                          mach_msg_type_number_t count) {
  if (code == D_SUCCESS && count == 16 && std::memcmp(data, "xxxxxxxxxxxxxxxx", 16) == 0) {
    ++answers.inband_reads;
  }
  return KERN_SUCCESS;
}

kern_return_t ds_device_write_reply(mach_port_t, kern_return_t code, int bytes) {
  if (code == D_SUCCESS && bytes == 4096) ++answers.writes;
  return KERN_SUCCESS;
}

kern_return_t ds_device_write_reply_inband(mach_port_t, kern_return_t code, int bytes) {
  if (code == D_SUCCESS && bytes == 100) ++answers.inband_writes;
  return KERN_SUCCESS;
}

// Started by the kernel: FLAGS HOST_PORT DEVICE_PORT.
int main(int argc, char** argv) {
  if (argc < 4) return 1;
  host = static_cast<mach_port_t>(std::strtoul(argv[2], nullptr, 10));
  master = static_cast<mach_port_t>(std::strtoul(argv[3], nullptr, 10));
  server_libc_open_console(master);
  test_open();
  test_disk_reads();
  test_disk_writes();
  test_time();
  test_module();
  test_console();
  test_asynchronous();
  std::printf("1..%d\n# %d failed\n", test_number, failures);
  return host_reboot(host, HOST_REBOOT_HALT);
}
