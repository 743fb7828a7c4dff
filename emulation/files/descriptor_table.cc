#include "emulation/files/descriptor_table.h"

#include <cerrno>

#include <mach/vm_inherit.h>

#include "emulation/files/file_windows.h"
#include "emulation/files/pipe_readiness.h"
#include "emulation/mach/child_right.h"
#include "emulation/mach/servers.h"
#include "emulation/mach/traps.h"
#include "emulation/memory/library_memory.h"
#include <mach.h>

namespace emulation {

using linux_abi::O_CLOEXEC;

[[gnu::section(".bss.z_descriptors")]] constinit DescriptorTable descriptors{};

namespace {
// A holder that was killed never unlocks: after this many rounds the lock is taken all the same.
constexpr int kLockPatience = 10000;
}  // namespace

OffsetLock::OffsetLock(SharedState& state) : state_(state) {
  for (int i = 0; i < kLockPatience; ++i) {
    if (__atomic_exchange_n(&state_.offset_lock, 1, __ATOMIC_ACQUIRE) == 0) return;
    swtch();
  }
}

OffsetLock::~OffsetLock() { __atomic_store_n(&state_.offset_lock, 0, __ATOMIC_RELEASE); }

int DescriptorTable::find_free(int lowest) {
  for (int fd = lowest; fd < kSize; ++fd) {
    if (entry(fd).file == nullptr) return fd;
  }
  return -EMFILE;
}

SharedState* DescriptorTable::make_shared_state() {
  if (own_page_ != nullptr) {
    for (int i = 0; i < kSlotsPerPage; ++i) {
      if (own_page_[i].users == 0) return &own_page_[i];
    }
  }
  const uint32_t page = allocate_library_pages(4096, VM_INHERIT_SHARE);
  if (page == 0) return nullptr;
  own_page_ = reinterpret_cast<SharedState*>(page);
  return own_page_;
}

OpenFile* DescriptorTable::make_file(mach_port_t port, int kind, int flags) {
  int free = 0;
  while (free < kSize && file_at(free).shared != nullptr) ++free;
  SharedState* shared = free < kSize ? make_shared_state() : nullptr;
  if (shared == nullptr) return nullptr;
  *shared = SharedState{.users = 1, .flags = flags & linux_abi::kShownFlags};
  OpenFile& file = file_at(free);
  file = OpenFile{.shared = shared, .port = port, .kind = static_cast<uint16_t>(kind)};
  if (files_end_ <= free) files_end_ = free + 1;
  return &file;
}

int32_t DescriptorTable::open(mach_port_t port, int kind, int flags, int lowest,
                              uint32_t slot) {
  int fd = find_free(lowest);
  if (fd < 0) {
    syscall_mach_port_deallocate(mach_task_self(), port);
    return fd;
  }
  fd = open_at(fd, port, kind, flags);
  if (fd >= 0) entry(fd).file->slot = static_cast<uint16_t>(slot);
  return fd;
}

int32_t DescriptorTable::open_at(int fd, mach_port_t port, int kind, int flags) {
  OpenFile* file = make_file(port, kind, flags);
  if (file == nullptr) {
    syscall_mach_port_deallocate(mach_task_self(), port);
    return -ENOMEM;
  }
  return duplicate_at(*file, fd, (flags & O_CLOEXEC) != 0);
}

int32_t DescriptorTable::duplicate(OpenFile& file, int lowest, bool close_on_exec) {
  const int fd = find_free(lowest);
  return fd < 0 ? fd : duplicate_at(file, fd, close_on_exec);
}

int32_t DescriptorTable::duplicate_at(OpenFile& file, int fd, bool close_on_exec) {
  ++file.descriptors;
  if (entry(fd).file != nullptr) close(fd);
  entry(fd) = Entry{&file, close_on_exec};
  if (descriptors_end_ <= fd) descriptors_end_ = fd + 1;
  return fd;
}

void DescriptorTable::clear_entry(int fd) {
  entry(fd) = Entry{};
  while (descriptors_end_ > 0 && entry(descriptors_end_ - 1).file == nullptr) --descriptors_end_;
}

int32_t DescriptorTable::close(int fd) {
  OpenFile* file = get(fd);
  if (file == nullptr) return -EBADF;
  clear_entry(fd);
  if (--file->descriptors == 0) drop(*file);
  return 0;
}

void DescriptorTable::drop(OpenFile& file) {
  __atomic_sub_fetch(&file.shared->users, 1, __ATOMIC_RELEASE);
  if (file.kind == IO_KIND_FILE) file_windows.forget(file);
  if (file.kind == IO_KIND_STREAM) pipe_readiness.end_closed();
  syscall_mach_port_deallocate(mach_task_self(), file.port);
  file.shared = nullptr;
  while (files_end_ > 0 && file_at(files_end_ - 1).shared == nullptr) --files_end_;
}

void DescriptorTable::close_all_on_exec() {
  for (int fd = descriptors_end_ - 1; fd >= 0; --fd) {
    if (entry(fd).file != nullptr && entry(fd).close_on_exec) close(fd);
  }
}

void DescriptorTable::close_all() {
  for (int fd = descriptors_end_ - 1; fd >= 0; --fd) {
    if (entry(fd).file != nullptr) close(fd);
  }
}

void DescriptorTable::forget_file_slots() {
  for_each_file([](OpenFile& file) {
    if (file.kind == IO_KIND_FILE) file.slot = 0;
  });
}

void DescriptorTable::share_with_child() {
  for_each_file([](OpenFile& file) {
    __atomic_add_fetch(&file.shared->users, 1, __ATOMIC_ACQUIRE);
  });
}

void DescriptorTable::unshare_from_child() {
  for_each_file([](OpenFile& file) {
    __atomic_sub_fetch(&file.shared->users, 1, __ATOMIC_RELEASE);
  });
}

kern_return_t DescriptorTable::insert_rights(mach_port_t child) {
  kern_return_t result = KERN_SUCCESS;
  for_each_file([&](OpenFile& file) {
    if (result == KERN_SUCCESS) result = give_to_child(child, file.port);
  });
  return result;
}

}  // namespace emulation
