// Paging space: swapon(2), swapoff(2), /proc/swaps. The default pager keeps pages on partitions by itself; of a file it
// is told where its contents lie on the disk, while the file server keeps them there.
#include <algorithm>
#include <cerrno>
#include <format>
#include <string>

#include <mach.h>
#include <mach/default_pager_object.h>
#include <mach/mach_host.h>

#include "default_pager/backing_user.h"
#include "libs/mach/fs_control_user.h"
#include "libs/server/posix_result.h"
#include "servers/process/process_server.h"

namespace process {
namespace {

constexpr std::string_view kDevices = "/dev/";

// What the default pager answers, as swapon(2) and swapoff(2) have it.
kern_return_t posix_error(kern_return_t kr) {
  switch (kr) {
    case KERN_SUCCESS: return KERN_SUCCESS;
    case KERN_NAME_EXISTS: return POSIX_ERROR(EBUSY);
    case KERN_RESOURCE_SHORTAGE: return POSIX_ERROR(ENOMEM);
    case KERN_FAILURE: return POSIX_ERROR(EIO);
    default: return POSIX_ERROR(EINVAL);
  }
}

// The default memory manager; a send right while this lives.
class PagerPort {
 public:
  explicit PagerPort(mach_port_t host) {
    if (vm_set_default_memory_manager(host, &port_) != KERN_SUCCESS) port_ = MACH_PORT_NULL;
  }
  PagerPort(const PagerPort&) = delete;
  PagerPort& operator=(const PagerPort&) = delete;
  ~PagerPort() {
    if (MACH_PORT_VALID(port_)) mach_port_deallocate(mach_task_self(), port_);
  }
  [[nodiscard]] mach_port_t get() const { return port_; }

 private:
  mach_port_t port_ = MACH_PORT_NULL;
};

struct Name {
  default_pager_filename_t text = {};
  explicit Name(std::string_view name) { name.copy(text, sizeof text - 1); }
};

// Tells the default pager where a pinned file lies.
kern_return_t add_runs(const ServerPorts& ports, mach_port_t pager, const std::string& path,
                       std::string_view device, std::string_view words) {
  paging_run_array_t runs;
  if (words.size() > sizeof runs) return POSIX_ERROR(EFBIG);
  words.copy(reinterpret_cast<char*>(runs), words.size());
  Name name(path);
  Name device_name(device);
  return posix_error(backing_add_file(pager, ports.device_master, name.text, device_name.text, runs,
                                      words.size() / sizeof runs[0]));
}

kern_return_t add_file(const ServerPorts& ports, mach_port_t pager, const std::string& path,
                       mach_port_t file) {
  char device[256];
  mach_msg_type_number_t device_size = sizeof device;
  char in_line[POSIX_IO_INLINE];
  char* words = in_line;
  mach_msg_type_number_t size = sizeof in_line;
  kern_return_t kr = fs_pin(ports.file_control, file, device, &device_size, &words, &size);
  if (kr != KERN_SUCCESS) return kr;
  kr = add_runs(ports, pager, path, {device, device_size}, {words, size});
  if (words != in_line) vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(words), size);
  if (kr != KERN_SUCCESS) fs_release(ports.file_control, file);
  return kr;
}

}  // namespace

kern_return_t ProcessServer::set_swap(const std::string& path, mach_port_t file, bool on) {
  const PagerPort pager(ports_.host);
  if (!MACH_PORT_VALID(pager.get())) return POSIX_ERROR(ENOSYS);
  const bool is_device = path.starts_with(kDevices);
  if (on && !is_device) return add_file(ports_, pager.get(), path, file);
  Name name(is_device ? std::string_view(path).substr(kDevices.size()) : std::string_view(path));
  const kern_return_t kr =
      posix_error(default_pager_paging_file(pager.get(), ports_.device_master, name.text, on));
  if (kr == KERN_SUCCESS && !is_device) fs_release(ports_.file_control, file);
  return kr;
}

kern_return_t ProcessServer::proc_set_swap(mach_port_t port, const char* path,
                                           mach_msg_type_number_t pathCnt, mach_port_t file,
                                           boolean_t on) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (process->identity.euid != 0) return POSIX_ERROR(EPERM);
  if (pathCnt >= sizeof(default_pager_filename_t)) return POSIX_ERROR(ENAMETOOLONG);
  const kern_return_t kr = set_swap(std::string(path, pathCnt), file, on != 0);
  if (kr == KERN_SUCCESS) main_space_.release(file);
  return kr;
}

// As Linux has it; priorities there are none.
std::string ProcessServer::swaps_text() const {
  std::string text = "Filename                                Type            Size            Used            Priority\n";
  const PagerPort pager(ports_.host);
  default_pager_filename_t name = {};
  vm_size_t total = 0;
  vm_size_t free = 0;
  for (int i = 0; backing_info(pager.get(), i, name, &total, &free) == KERN_SUCCESS; ++i) {
    const bool is_file = name[0] == '/';
    text += std::format("{:<40}{:<16}{:<16}{:<16}-1\n", (is_file ? "" : kDevices.data()) + std::string(name),
                        is_file ? "file" : "partition", total / 1024, (total - free) / 1024);
  }
  return text;
}

}  // namespace process
