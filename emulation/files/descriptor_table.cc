#include "emulation/files/descriptor_table.h"

#include <cerrno>

#include <mach/vm_inherit.h>

#include "emulation/mach/servers.h"
#include "emulation/mach/traps.h"
#include "emulation/memory/library_memory.h"
#include <mach.h>

namespace emulation {

using linux_abi::O_CLOEXEC;

constinit DescriptorTable descriptors{};

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

int DescriptorTable::find_free(int lowest) const {
  for (int fd = lowest; fd < kSize; ++fd) {
    if (entries_[fd].file == nullptr) return fd;
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
  OpenFile* free = nullptr;
  for (OpenFile& file : files_) {
    if (file.shared == nullptr) {
      free = &file;
      break;
    }
  }
  SharedState* shared = free != nullptr ? make_shared_state() : nullptr;
  if (shared == nullptr) return nullptr;
  *shared = SharedState{.users = 1, .flags = flags & linux_abi::kShownFlags};
  *free = OpenFile{.shared = shared, .port = port, .kind = static_cast<uint16_t>(kind)};
  return free;
}

int32_t DescriptorTable::open(mach_port_t port, int kind, int flags, int lowest) {
  const int fd = find_free(lowest);
  if (fd < 0) {
    syscall_mach_port_deallocate(mach_task_self(), port);
    return fd;
  }
  return open_at(fd, port, kind, flags);
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
  if (entries_[fd].file != nullptr) close(fd);
  entries_[fd] = Entry{&file, close_on_exec};
  return fd;
}

int32_t DescriptorTable::close(int fd) {
  OpenFile* file = get(fd);
  if (file == nullptr) return -EBADF;
  entries_[fd] = Entry{};
  if (--file->descriptors == 0) drop(*file);
  return 0;
}

void DescriptorTable::drop(OpenFile& file) {
  __atomic_sub_fetch(&file.shared->users, 1, __ATOMIC_RELEASE);
  syscall_mach_port_deallocate(mach_task_self(), file.port);
  file.shared = nullptr;
}

void DescriptorTable::close_all_on_exec() {
  for (int fd = 0; fd < kSize; ++fd) {
    if (entries_[fd].file != nullptr && entries_[fd].close_on_exec) close(fd);
  }
}

void DescriptorTable::close_all() {
  for (int fd = 0; fd < kSize; ++fd) {
    if (entries_[fd].file != nullptr) close(fd);
  }
}

void DescriptorTable::share_with_child() {
  for (OpenFile& file : files_) {
    if (file.shared != nullptr) __atomic_add_fetch(&file.shared->users, 1, __ATOMIC_ACQUIRE);
  }
}

void DescriptorTable::unshare_from_child() {
  for (OpenFile& file : files_) {
    if (file.shared != nullptr) __atomic_sub_fetch(&file.shared->users, 1, __ATOMIC_RELEASE);
  }
}

kern_return_t DescriptorTable::insert_rights(mach_port_t child) {
  for (OpenFile& file : files_) {
    if (file.shared == nullptr) continue;
    const kern_return_t kr = syscall_mach_port_insert_right(child, file.port, file.port,
                                                            MACH_MSG_TYPE_COPY_SEND);
    if (kr != KERN_SUCCESS) return kr;
  }
  return KERN_SUCCESS;
}

}  // namespace emulation
