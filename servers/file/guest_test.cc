// The file server on the real kernel and a real disk. Boots as the first task, serves in threads of
// its own and is its own client, by messages and mapped memory alone.
#include <device/device.h>
#include <fcntl.h>
#include <mach.h>
#include <mach/mach_host.h>
#include <mach/server_libc.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "libs/mach/fs_control_user.h"
#include "libs/mach/fs_user.h"
#include "libs/mach/io_user.h"
#include "servers/file/fault_handler.h"
#include "servers/file/file_server.h"
#include "servers/file/mapped_copy.h"
#include "servers/file/memory_object_request_user.h"

namespace {

int tests = 0;

void report(bool passed, const char* what, int code = 0) {
  ++tests;
  if (passed) {
    std::printf("ok %d - %s\n", tests, what);
  } else {
    std::printf("not ok %d - %s (code 0x%x)\n", tests, what, static_cast<unsigned>(code));
  }
}

// The client's side of the protocols, for one root directory.
class Client {
 public:
  explicit Client(mach_port_t root) : root_(root) {}

  kern_return_t open(const std::string& path, int flags, mach_port_t* file) {
    int kind = 0;
    io_stat_t attributes = {};
    return fs_lookup(root_, const_cast<char*>(path.data()),
                     static_cast<mach_msg_type_number_t>(path.size()), flags, 0644, file, &kind,
                     &attributes, &retry_, &mount_, rest_, begin());
  }
  kern_return_t stat(const std::string& path, io_stat_t* attributes) {
    return fs_stat(root_, const_cast<char*>(path.data()),
                   static_cast<mach_msg_type_number_t>(path.size()), 0, attributes, &retry_,
                   &mount_, rest_, begin());
  }
  kern_return_t mkdir(const std::string& path) {
    return fs_mknod(root_, const_cast<char*>(path.data()),
                    static_cast<mach_msg_type_number_t>(path.size()), S_IFDIR | 0755, 0, &retry_,
                    &mount_, rest_, begin());
  }
  kern_return_t unlink(const std::string& path) {
    return fs_unlink(root_, const_cast<char*>(path.data()),
                     static_cast<mach_msg_type_number_t>(path.size()), 0, &retry_, &mount_, rest_,
                     begin());
  }
  static kern_return_t write(mach_port_t file, long long offset, const std::string& data) {
    int amount = 0;
    long long end = 0;
    const kern_return_t code =
        io_write(file, offset, 0, 0, const_cast<char*>(data.data()),
                 static_cast<mach_msg_type_number_t>(data.size()), &amount, &end);
    if (code == KERN_SUCCESS && amount != static_cast<int>(data.size())) return KERN_FAILURE;
    return code;
  }
  static std::string read(mach_port_t file, long long offset, int amount) {
    std::vector<char> room(POSIX_IO_INLINE);
    char* data = room.data();
    auto size = static_cast<mach_msg_type_number_t>(room.size());
    if (io_read(file, offset, amount, 0, 0, &data, &size) != KERN_SUCCESS) return "?";
    std::string result(data, size);
    if (data != room.data()) {
      (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), size);
    }
    return result;
  }
  static kern_return_t truncate(mach_port_t file, long long size) {
    return io_setattr(file, FS_SET_SIZE, 0, 0, 0, size, {}, {});
  }

 private:
  mach_msg_type_number_t* begin() {
    rest_size_ = sizeof(rest_);
    return &rest_size_;
  }

  mach_port_t root_;
  int retry_ = 0;
  int mount_ = 0;
  char rest_[POSIX_PATH_MAX];
  mach_msg_type_number_t rest_size_ = 0;
};

std::string pattern(size_t size, char first) {
  std::string text(size, '\0');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(first + (i * 7 + i / 4096) % 23);
  return text;
}

void test_contents(Client& client) {
  mach_port_t file = MACH_PORT_NULL;
  kern_return_t code = client.open("/data", O_RDWR | O_CREAT, &file);
  report(code == KERN_SUCCESS, "a file is made", code);
  code = Client::write(file, 0, "short");
  report(code == KERN_SUCCESS, "a short write", code);
  report(Client::read(file, 0, 100) == "short", "reads back what was written");
  const std::string large = pattern(300'000, 'A');
  code = Client::write(file, 5000, large);
  report(code == KERN_SUCCESS, "a large write", code);
  report(Client::read(file, 5000, 300'000) == large, "a large read");
  report(Client::read(file, 5, 10) == std::string(10, '\0'), "a hole reads as zeros");
  code = io_sync(file, FALSE);
  report(code == KERN_SUCCESS, "sync", code);
  code = Client::truncate(file, 6000);
  report(code == KERN_SUCCESS, "truncate", code);
  code = Client::truncate(file, 9000);
  report(Client::read(file, 5000, 9000) == large.substr(0, 1000) + std::string(3000, '\0'),
         "what was cut off is zero", code);
  (void)mach_port_deallocate(mach_task_self(), file);
  code = client.open("/data", O_RDONLY, &file);
  report(Client::read(file, 5000, 1000) == large.substr(0, 1000), "data outlives the open file",
         code);
  (void)mach_port_deallocate(mach_task_self(), file);
}

void test_mapping(Client& client) {
  mach_port_t file = MACH_PORT_NULL;
  mach_port_t object = MACH_PORT_NULL;
  vm_address_t address = 0;
  const std::string text = pattern(200'000, 'a');
  (void)client.open("/mapped", O_RDWR | O_CREAT, &file);
  (void)Client::write(file, 0, text);
  kern_return_t code = io_map(file, VM_PROT_READ | VM_PROT_WRITE, &object);
  report(code == KERN_SUCCESS, "io_map", code);
  code = vm_map(mach_task_self(), &address, 200'704, 0, TRUE, object, 0, FALSE,
                VM_PROT_READ | VM_PROT_WRITE, VM_PROT_READ | VM_PROT_WRITE, VM_INHERIT_NONE);
  report(code == KERN_SUCCESS, "vm_map", code);
  auto* mapped = reinterpret_cast<char*>(address);
  report(std::memcmp(mapped, text.data(), text.size()) == 0, "the mapping shows the file");
  std::memcpy(mapped + 70'000, "changed", 7);
  report(Client::read(file, 70'000, 7) == "changed", "read sees a mapped write");
  (void)Client::write(file, 150'000, "again");
  report(std::memcmp(mapped + 150'000, "again", 5) == 0, "the mapping sees a write");
  code = io_sync(file, FALSE);
  report(code == KERN_SUCCESS, "sync of a mapped file", code);
  (void)vm_deallocate(mach_task_self(), address, 200'704);
  report(Client::read(file, 70'000, 7) == "changed", "the change stays");
  code = client.unlink("/mapped");
  report(code == KERN_SUCCESS, "unlink of an open file", code);
  report(Client::read(file, 150'000, 5) == "again", "an unlinked file can be read");
  (void)mach_port_deallocate(mach_task_self(), object);
  (void)mach_port_deallocate(mach_task_self(), file);
}

// Asks a memory object for pages as the kernel does, and returns the bytes that come together from `offset` on, until
// there are `length`.
std::string request_pages(mach_port_t object, vm_offset_t offset, vm_size_t length) {
  struct Supply {
    mach_msg_header_t header;
    mach_msg_type_t offset_type;
    vm_offset_t offset;
    mach_msg_type_long_t data_type;
    char* data;
    uint32_t rest[32];
  };
  constexpr mach_msg_id_t kDataSupply = 2093;
  constexpr mach_msg_timeout_t kPatience = 5000;  // milliseconds
  mach_port_t control = MACH_PORT_NULL;
  (void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &control);
  std::string pages;
  bool right = memory_object_data_request(object, control, offset, length, VM_PROT_READ) == KERN_SUCCESS;
  while (right && pages.size() < length) {
    Supply supply = {};
    right = mach_msg(&supply.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof supply, control, kPatience,
                     MACH_PORT_NULL) == MACH_MSG_SUCCESS &&
            supply.header.msgh_id == kDataSupply && supply.offset == offset + pages.size();
    if (!right) break;
    const auto size = supply.data_type.msgtl_number;
    pages.append(supply.data, size);
    (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(supply.data), size);
  }
  (void)mach_port_destroy(mach_task_self(), control);
  pages.resize(length);
  return pages;
}

// Files in pieces: one read of the disk is not enough for a request.
void test_pieces(Client& client) {
  constexpr vm_size_t kPage = 4096;
  constexpr unsigned kPages = 5;
  const std::string text = pattern(kPages * kPage, 'a');
  mach_port_t file = MACH_PORT_NULL;
  mach_port_t between = MACH_PORT_NULL;
  mach_port_t object = MACH_PORT_NULL;
  (void)client.open("/pieces", O_RDWR | O_CREAT, &file);
  (void)client.open("/between", O_RDWR | O_CREAT, &between);
  bool written = true;
  for (unsigned i = 0; i < kPages && written; ++i) {
    written = Client::write(file, i * kPage, text.substr(i * kPage, kPage)) == KERN_SUCCESS &&
              io_sync(file, FALSE) == KERN_SUCCESS &&
              Client::write(between, i * kPage, text.substr(0, kPage)) == KERN_SUCCESS &&
              io_sync(between, FALSE) == KERN_SUCCESS;
  }
  report(written, "two files are written in turn");
  kern_return_t code = io_map(file, VM_PROT_READ, &object);
  report(code == KERN_SUCCESS, "one of them as a memory object", code);
  report(request_pages(object, 0, kPage) == text.substr(0, kPage), "its first page");
  report(request_pages(object, kPage, 2 * kPage) == text.substr(kPage, 2 * kPage), "the next two");
  report(request_pages(object, 3 * kPage, 2 * kPage) == text.substr(3 * kPage, 2 * kPage),
         "two of which one has been read ahead");
  report(request_pages(object, 0, 3 * kPage) == text.substr(0, 3 * kPage), "three from elsewhere");
  (void)mach_port_deallocate(mach_task_self(), object);
  (void)mach_port_deallocate(mach_task_self(), between);
  (void)mach_port_deallocate(mach_task_self(), file);
}

void test_names(Client& client) {
  kern_return_t code = client.mkdir("/many");
  report(code == KERN_SUCCESS, "mkdir", code);
  bool made = true;
  for (int i = 0; i < 200 && made; ++i) {
    mach_port_t file = MACH_PORT_NULL;
    code = client.open("/many/file" + std::to_string(i), O_RDWR | O_CREAT, &file);
    made = code == KERN_SUCCESS && Client::write(file, 0, "x" + std::to_string(i)) == KERN_SUCCESS;
    (void)mach_port_deallocate(mach_task_self(), file);
  }
  report(made, "200 small files", code);
  io_stat_t attributes = {};
  code = client.stat("/many/../many/file77", &attributes);
  report(code == KERN_SUCCESS && attributes.st_size == 3, "stat", code);
  code = client.stat("/many/nothing", &attributes);
  report(code == POSIX_ERROR(ENOENT), "no such file", code);
  bool removed = true;
  for (int i = 0; i < 100 && removed; ++i) {
    removed = client.unlink("/many/file" + std::to_string(i)) == KERN_SUCCESS;
  }
  report(removed, "unlink");
}

// A page that cannot be had must be an error, not the end of the server.
void test_faults() {
  static server::Mutex lock;
  static file::FaultHandler faults;
  mach_port_t set = MACH_PORT_NULL;
  (void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &set);
  bool started = faults.start(set).ok();
  std::thread([set] {
    server::MessageLoop loop(set, lock);
    loop.add(faults);
    (void)loop.run();
  }).detach();
  faults.watch_this_thread();
  char buffer[16] = {};
  report(started && file::mapped_copy(buffer, "fifteen letters", 16), "a copy that works");
  report(std::strcmp(buffer, "fifteen letters") == 0, "it copied");
  report(!file::mapped_copy(buffer, reinterpret_cast<void*>(0x2000), 8), "a copy that fails");
}

void test_tmpfs(Client& client, mach_port_t control) {
  kern_return_t code = client.mkdir("/tmp");
  char type[] = "tmpfs";
  char path[] = "/tmp";
  code = fs_mount(control, type, 5, path, 4, type, 5, 0);
  report(code == KERN_SUCCESS, "tmpfs is mounted", code);
  const std::string text = pattern(30'000, '0');
  mach_port_t file = MACH_PORT_NULL;
  mach_port_t object = MACH_PORT_NULL;
  vm_address_t address = 0;
  (void)client.open("/tmp/program", O_RDWR | O_CREAT, &file);
  code = Client::write(file, 0, text);
  report(Client::read(file, 0, 40'000) == text, "a file in memory", code);
  code = io_map(file, VM_PROT_READ | VM_PROT_EXECUTE, &object);
  if (code == KERN_SUCCESS) {
    code = vm_map(mach_task_self(), &address, 32'768, 0, TRUE, object, 0, TRUE,
                  VM_PROT_READ | VM_PROT_WRITE, VM_PROT_ALL, VM_INHERIT_COPY);
  }
  report(code == KERN_SUCCESS, "it can be mapped", code);
  auto* mapped = reinterpret_cast<char*>(address);
  report(std::memcmp(mapped, text.data(), text.size()) == 0, "the mapping shows it");
  mapped[5000] = '!';
  report(Client::read(file, 5000, 1) != "!", "a private copy stays private");
  code = Client::write(file, 0, "new");
  report(Client::read(file, 0, 4) == "new" + text.substr(3, 1), "it can still be written", code);
  (void)vm_deallocate(mach_task_self(), address, 32'768);
  (void)mach_port_deallocate(mach_task_self(), object);
  (void)mach_port_deallocate(mach_task_self(), file);
}

int run(int argc, char** argv) {
  if (argc < 4) return 1;
  const auto host = static_cast<mach_port_t>(std::strtoul(argv[2], nullptr, 10));
  const auto device_master = static_cast<mach_port_t>(std::strtoul(argv[3], nullptr, 10));
  (void)server_libc_open_console(device_master);
  auto server = file::FileServer::create(device_master, host);
  auto status = server.ok() ? server.value()->mount_root("hd0s1") : base::Status(server.error());
  report(status.ok(), "the disk is mounted", status.code());
  mach_port_t control = MACH_PORT_NULL;
  (void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &control);
  (void)mach_port_insert_right(mach_task_self(), control, control, MACH_MSG_TYPE_MAKE_SEND);
  if (status.ok()) status = server.value()->set_control(control);
  if (!status.ok()) return 1;
  std::thread([&] { server.value()->run(); }).detach();
  mach_port_t root = MACH_PORT_NULL;
  const posix_creds_t superuser = {};
  kern_return_t code = fs_get_root(control, superuser, &root);
  report(code == KERN_SUCCESS, "fs_get_root", code);
  Client client(root);
  test_contents(client);
  test_mapping(client);
  test_pieces(client);
  test_names(client);
  test_tmpfs(client, control);
  test_faults();
  code = fs_sync_all(control, TRUE);
  report(code == KERN_SUCCESS, "shutdown", code);
  std::printf("1..%d\n", tests);
  std::fflush(stdout);
  return static_cast<int>(host_reboot(host, 0));
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  return run(argc, argv);
}
