// close, dup, fcntl, pipe, ioctl.
#include <algorithm>
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/files/transfer.h"
#include "emulation/linux_abi.h"
#include "emulation/mach/interruptible.h"
#include "emulation/mach/scoped_right.h"
#include "emulation/memory/user_memory.h"
#include "emulation/signals/job_control.h"
#include "emulation/signals/signals.h"
#include "libs/mach/io_user.h"
#include "libs/mach/process_user.h"

namespace emulation {
namespace {

using namespace linux_abi;

struct Flock {
  int16_t type;
  int16_t whence;
  int32_t start;
  int32_t length;
  int32_t pid;
};
struct Flock64 {
  int16_t type;
  int16_t whence;
  int64_t start;
  int64_t length;
  int32_t pid;
} __attribute__((packed, aligned(4)));

constexpr int16_t kUnlock = 2;

// fcntl's record locks. `command`: F_GETLK, F_SETLK or F_SETLKW.
template <typename Lock>
int32_t record_lock(OpenFile& file, int command, uint32_t address) {
  Lock lock;
  if (!copy_in(lock, address)) return -EFAULT;
  int64_t start = lock.start;
  if (lock.whence == SEEK_CUR) {
    start += file.shared->offset;
  } else if (lock.whence == SEEK_END) {
    io_stat_t attributes;
    const int32_t error = file_attributes(file, attributes);
    if (error != 0) return error;
    start += attributes.st_size;
  } else if (lock.whence != SEEK_SET) {
    return -EINVAL;
  }
  int type = lock.type;
  int64_t length = lock.length;
  int holder = 0;
  const int cookie = wait_cookie();
  const InterruptibleWait wait(PendingWait::Kind::kIo, file.port, cookie);
  const int32_t error = error_from(io_lock(file.port, command, shared_page().pid, cookie, &type,
                                           &start, &length, &holder));
  if (error != 0 || command != F_GETLK) return error;
  lock.type = static_cast<int16_t>(type);
  if (type != kUnlock) {
    lock.whence = SEEK_SET;
    lock.start = static_cast<decltype(lock.start)>(start);
    lock.length = static_cast<decltype(lock.length)>(length);
    lock.pid = holder;
  }
  return copy_out(address, lock) ? 0 : -EFAULT;
}

int32_t control_descriptor(int fd, int command, uint32_t argument) {
  OpenFile* file = descriptors.get(fd);
  if (file == nullptr) return -EBADF;
  switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      if (argument >= DescriptorTable::kSize) return -EINVAL;
      return descriptors.duplicate(*file, static_cast<int>(argument),
                                   command == F_DUPFD_CLOEXEC);
    case F_GETFD: return descriptors.close_on_exec(fd) ? FD_CLOEXEC : 0;
    case F_SETFD:
      descriptors.set_close_on_exec(fd, (argument & FD_CLOEXEC) != 0);
      return 0;
    case F_GETFL: return file->shared->flags;
    case F_SETFL:
      file->shared->flags = (file->shared->flags & ~kSettableFlags) |
                            (static_cast<int>(argument) & kSettableFlags);
      return 0;
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW: return record_lock<Flock>(*file, command, argument);
    case F_GETLK64:
    case F_SETLK64:
    case F_SETLKW64:
      return record_lock<Flock64>(*file, command - F_GETLK64 + F_GETLK, argument);
    case F_GETPIPE_SZ: return file->kind == IO_KIND_STREAM ? 65536 : -EBADF;
    default: return -EINVAL;
  }
}

int32_t make_pipe(uint32_t address, int flags) {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) != 0) return -EINVAL;
  mach_port_t read_end = MACH_PORT_NULL;
  mach_port_t write_end = MACH_PORT_NULL;
  int read_slot = 0;
  int write_slot = 0;
  const int32_t error = error_from(
      proc_pipe(process_port(), &read_end, &write_end, &read_slot, &write_slot));
  if (error != 0) return error;
  int32_t fds[2];
  fds[0] = descriptors.open(read_end, IO_KIND_STREAM, O_RDONLY | flags, 0,
                            static_cast<uint32_t>(read_slot));
  if (fds[0] < 0) {
    syscall_mach_port_deallocate(mach_task_self(), write_end);
    return fds[0];
  }
  fds[1] = descriptors.open(write_end, IO_KIND_STREAM, O_WRONLY | flags, 0,
                            static_cast<uint32_t>(write_slot));
  const bool stored = fds[1] >= 0 && copy_out(address, fds, sizeof fds);
  if (stored) return 0;
  descriptors.close(fds[0]);
  if (fds[1] < 0) return fds[1];
  descriptors.close(fds[1]);
  return -EFAULT;
}

constexpr uint32_t FIONBIO = 0x5421;
constexpr uint32_t FIOCLEX = 0x5451;
constexpr uint32_t FIONCLEX = 0x5450;

// How many bytes an ioctl request moves in each direction. Requests of the new style say it
// themselves; terminals' are older.
struct IoctlSize {
  uint32_t in;
  uint32_t out;
};

IoctlSize ioctl_size(uint32_t request) {
  constexpr uint32_t kTermios = 36;
  switch (request) {
    case 0x5401: return {0, kTermios};                    // TCGETS
    case 0x5402: case 0x5403: case 0x5404: return {kTermios, 0};  // TCSETS, -W, -F
    case 0x5405: return {0, 18};                          // TCGETA
    case 0x5406: case 0x5407: case 0x5408: return {18, 0};
    case 0x540f: return {0, 4};                           // TIOCGPGRP
    case 0x5410: return {4, 0};                           // TIOCSPGRP
    case 0x5411: case 0x541b: return {0, 4};              // TIOCOUTQ, FIONREAD
    case 0x5412: return {1, 0};                           // TIOCSTI
    case 0x5413: return {0, 8};                           // TIOCGWINSZ
    case 0x5414: return {8, 0};                           // TIOCSWINSZ
    case 0x5429: return {0, 4};                           // TIOCGSID
    default: break;
  }
  const uint32_t size = request >> 16 & 0x3fff;
  const bool in = (request >> 30 & 1) != 0;
  const bool out = (request >> 31 & 1) != 0;
  return {in ? size : 0, out ? size : 0};
}

// Requests that change a terminal: TCSETS, TCSETSW, TCSETSF, TIOCSPGRP.
bool changes_terminal(uint32_t request) {
  return (request >= 0x5402 && request <= 0x5404) || request == 0x5410;
}

// TIOCSCTTY and TIOCNOTTY concern the process, not the terminal alone.
int32_t controlling_terminal(const OpenFile& file, uint32_t request) {
  constexpr uint32_t kTake = 0x540e;
  return error_from(proc_terminal(process_port(), file.port,
                                  request == kTake ? PROC_TTY_SET : PROC_TTY_DROP));
}

int32_t device_control(OpenFile& file, uint32_t request, uint32_t argument) {
  constexpr uint32_t kMost = 512;
  if (request == 0x540e || request == 0x5422) return controlling_terminal(file, request);
  if (changes_terminal(request)) {
    const int32_t error = check_foreground(file, linux_abi::SIGTTOU);
    if (error != 0) return error;
  }
  const IoctlSize size = ioctl_size(request);
  if (size.in > kMost || size.out > kMost) return -ENOTTY;
  char in[kMost];
  char out[kMost];
  if (size.in != 0 && !copy_in(in, argument, size.in)) return -EFAULT;
  mach_msg_type_number_t out_size = sizeof out;
  int result = 0;
  const int cookie = wait_cookie();
  const InterruptibleWait wait(PendingWait::Kind::kIo, file.port, cookie);
  const int32_t error = error_from(io_ioctl(file.port, static_cast<int>(request),
                                            static_cast<int>(argument), cookie, in, size.in,
                                            &result, out, &out_size));
  if (error != 0) return error;
  const uint32_t count = std::min<uint32_t>(out_size, size.out);
  if (count != 0 && !copy_out(argument, out, count)) return -EFAULT;
  return result;
}

}  // namespace

namespace calls {

int32_t close(Registers& r) { return descriptors.close(static_cast<int>(r.ebx)); }

int32_t dup(Registers& r) {
  OpenFile* file = descriptors.get(static_cast<int>(r.ebx));
  return file == nullptr ? -EBADF : descriptors.duplicate(*file, 0, false);
}

int32_t dup2(Registers& r) {
  OpenFile* file = descriptors.get(static_cast<int>(r.ebx));
  if (file == nullptr || r.ecx >= DescriptorTable::kSize) return -EBADF;
  if (r.ebx == r.ecx) return static_cast<int32_t>(r.ecx);
  return descriptors.duplicate_at(*file, static_cast<int>(r.ecx), false);
}

int32_t dup3(Registers& r) {
  OpenFile* file = descriptors.get(static_cast<int>(r.ebx));
  if (r.ebx == r.ecx || (r.edx & ~O_CLOEXEC) != 0) return -EINVAL;
  if (file == nullptr || r.ecx >= DescriptorTable::kSize) return -EBADF;
  return descriptors.duplicate_at(*file, static_cast<int>(r.ecx), r.edx != 0);
}

int32_t fcntl64(Registers& r) {
  return control_descriptor(static_cast<int>(r.ebx), static_cast<int>(r.ecx), r.edx);
}

int32_t pipe(Registers& r) { return make_pipe(r.ebx, 0); }
int32_t pipe2(Registers& r) { return make_pipe(r.ebx, static_cast<int>(r.ecx)); }

int32_t ioctl(Registers& r) {
  const int fd = static_cast<int>(r.ebx);
  OpenFile* file = descriptors.get_io(fd);
  if (file == nullptr) return -EBADF;
  if (r.ecx == FIOCLEX || r.ecx == FIONCLEX) {
    descriptors.set_close_on_exec(fd, r.ecx == FIOCLEX);
    return 0;
  }
  if (r.ecx == FIONBIO) {
    int32_t on;
    if (!copy_in(on, r.edx)) return -EFAULT;
    file->shared->flags =
        on != 0 ? file->shared->flags | O_NONBLOCK : file->shared->flags & ~O_NONBLOCK;
    return 0;
  }
  return device_control(*file, r.ecx, r.edx);
}

// flock(fd, operation): locks that belong to the open file.
int32_t flock(Registers& r) {
  constexpr uint32_t kShared = 1, kExclusive = 2, kNonBlocking = 4, kUnlockOperation = 8;
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  if (file == nullptr) return -EBADF;
  const uint32_t operation = r.ecx & ~kNonBlocking;
  int type = 0;
  if (operation == kExclusive) {
    type = 1;
  } else if (operation == kUnlockOperation) {
    type = kUnlock;
  } else if (operation != kShared) {
    return -EINVAL;
  }
  constexpr int kFlockOwner = 0;  // the server takes the open file as the owner
  int64_t start = 0, length = 0;
  int holder = 0;
  const int cookie = wait_cookie();
  const InterruptibleWait wait(PendingWait::Kind::kIo, file->port, cookie);
  return error_from(io_lock(file->port, (r.ecx & kNonBlocking) != 0 ? F_SETLK : F_SETLKW,
                            kFlockOwner, cookie, &type, &start, &length, &holder));
}

}  // namespace calls
}  // namespace emulation
