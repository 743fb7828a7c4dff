#include "servers/bootstrap/program_source.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <device/device.h>
#include <mach.h>
#include <servers/posix_types.h>

#include "libs/mach/fs_user.h"
#include "libs/mach/fs_control_user.h"
#include "libs/mach/io_user.h"

namespace bootstrap {

LoadedFile::LoadedFile(LoadedFile&& other) noexcept
    : image_(std::exchange(other.image_, ProgramImage{})) {}

LoadedFile& LoadedFile::operator=(LoadedFile&& other) noexcept {
  std::swap(image_, other.image_);
  return *this;
}

LoadedFile::~LoadedFile() {
  if (image_.size != 0) vm_deallocate(mach_task_self(), image_.address, image_.size);
}

std::string_view LoadedFile::text() const {
  return {reinterpret_cast<const char*>(image_.address), image_.size};
}

kern_return_t BootModules::load(std::string_view name, LoadedFile* file) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return D_NO_SUCH_DEVICE;
  std::string device_name = "module" + std::to_string(found - names_.begin());
  mach_port_t device = MACH_PORT_NULL;
  kern_return_t kr = device_open(device_master_, D_READ, device_name.data(), &device);
  if (kr != KERN_SUCCESS) return kr;
  int size[2] = {};
  mach_msg_type_number_t count = 2;
  kr = device_get_status(device, DEV_GET_SIZE, size, &count);
  io_buf_ptr_t data = nullptr;
  mach_msg_type_number_t data_size = 0;
  if (kr == KERN_SUCCESS) kr = device_read(device, 0, 0, size[0], &data, &data_size);
  mach_port_deallocate(mach_task_self(), device);
  if (kr == KERN_SUCCESS) {
    *file = LoadedFile({reinterpret_cast<vm_address_t>(data), data_size});
  }
  return kr;
}

namespace {

// Copies the whole open file.
kern_return_t read_file(mach_port_t io, const io_stat_t& attributes, LoadedFile* file) {
  constexpr vm_size_t kMostAtOnce = 256 * 1024;
  if (attributes.st_size <= 0 || attributes.st_size > 0x40000000) return KERN_INVALID_ARGUMENT;
  const auto size = static_cast<vm_size_t>(attributes.st_size);
  vm_address_t address = 0;
  kern_return_t kr = vm_allocate(mach_task_self(), &address, size, TRUE);
  if (kr != KERN_SUCCESS) return kr;
  LoadedFile copy({address, size});
  for (vm_size_t done = 0; done < size;) {
    char room[POSIX_IO_INLINE];
    char* data = room;
    mach_msg_type_number_t count = sizeof room;
    kr = io_read(io, static_cast<long long>(done),
                 static_cast<int>(std::min(size - done, kMostAtOnce)), 0, 0, &data, &count);
    if (kr != KERN_SUCCESS) return kr;
    const bool fits = count != 0 && count <= size - done;
    if (fits) std::memcpy(reinterpret_cast<char*>(address) + done, data, count);
    if (data != room) {
      (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), count);
    }
    if (!fits) return KERN_FAILURE;
    done += count;
  }
  *file = std::move(copy);
  return KERN_SUCCESS;
}

}  // namespace

kern_return_t load_file(mach_port_t file_control, const std::string& path, LoadedFile* file) {
  const posix_creds_t root_user{};
  mach_port_t root = MACH_PORT_NULL;
  kern_return_t kr = fs_get_root(file_control, root_user, &root);
  if (kr != KERN_SUCCESS) return kr;
  constexpr int kReadOnly = 0;
  mach_port_t io = MACH_PORT_NULL;
  int kind = 0;
  int retry = FS_RETRY_NONE;
  int retry_mount = 0;
  io_stat_t attributes{};
  char retry_path[POSIX_PATH_MAX];
  mach_msg_type_number_t retry_path_size = sizeof retry_path;
  kr = fs_lookup(root, const_cast<char*>(path.data()), path.size(), kReadOnly, 0, &io, &kind,
                 &attributes, &retry, &retry_mount, retry_path, &retry_path_size);
  mach_port_deallocate(mach_task_self(), root);
  if (kr != KERN_SUCCESS) return kr;
  if (retry != FS_RETRY_NONE) return KERN_INVALID_ARGUMENT;  // servers live on the root file system
  kr = kind == IO_KIND_FILE ? read_file(io, attributes, file) : KERN_INVALID_ARGUMENT;
  mach_port_deallocate(mach_task_self(), io);
  return kr;
}

}  // namespace bootstrap
