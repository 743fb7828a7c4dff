#include "emulation/files/transfer.h"

#include <algorithm>
#include <cerrno>

#include "emulation/files/file_windows.h"
#include "emulation/mach/interruptible.h"
#include "emulation/mach/servers.h"
#include "emulation/mach/traps.h"
#include "emulation/memory/user_memory.h"
#include "emulation/signals/job_control.h"
#include "emulation/signals/signals.h"
#include "libs/mach/io_user.h"

namespace emulation {
namespace {

// The most that one request carries.
constexpr uint32_t kMaxTransfer = 1024 * 1024;

// Data of an io_read reply: in the caller's buffer when short, else in memory of its own.
class ReadData {
 public:
  ReadData() = default;
  ReadData(const ReadData&) = delete;
  ReadData& operator=(const ReadData&) = delete;
  ~ReadData() {
    if (data != in_line) {
      syscall_vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), size);
    }
  }

  char in_line[POSIX_IO_INLINE];
  char* data = in_line;
  mach_msg_type_number_t size = sizeof in_line;
};

int wait_flags(const OpenFile& file) {
  return (file.flags() & linux_abi::O_NONBLOCK) != 0 ? IO_NONBLOCK : 0;
}

// One io_read. `deliver(at, data, size)` stores the bytes from that place of the buffer on and
// answers whether that went well.
template <typename Deliver>
int32_t read_once(OpenFile& file, uint32_t size, int64_t offset, Deliver deliver) {
  ReadData reply;
  kern_return_t kr;
  {
    const int cookie = wait_cookie();
    const InterruptibleWait wait(PendingWait::Kind::kIo, file.port, cookie);
    kr = io_read(file.port, offset, std::min(size, kMaxTransfer), wait_flags(file), cookie,
                 &reply.data, &reply.size);
  }
  if (kr != KERN_SUCCESS) return error_from(kr);
  if (reply.size > size) return -EIO;  // a server that lies
  if (!deliver(0, reply.data, reply.size)) return -EFAULT;
  return static_cast<int32_t>(reply.size);
}

// What reading /dev/null and /dev/zero gives.
template <typename Deliver>
int32_t read_void(OpenFile& file, uint32_t size, Deliver deliver) {
  static constexpr char kZeros[1024] = {};
  if (file.kind == IO_KIND_NULL) return 0;
  for (uint32_t done = 0; done < size;) {
    const uint32_t part = std::min<uint32_t>(size - done, sizeof kZeros);
    if (!deliver(done, kZeros, part)) return done != 0 ? static_cast<int32_t>(done) : -EFAULT;
    done += part;
  }
  return static_cast<int32_t>(size);
}

// At a place of a file; `buffer`: where deliver() stores.
template <typename Deliver>
int32_t read_at(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset, Deliver deliver) {
  if (file.kind == IO_KIND_FILE) [[likely]] {
    const int32_t count = file_windows.read(file, buffer, size, offset);
    if (count != FileWindows::kAsk) return count;
    FileWindows::count_message(file, size);
  }
  return read_once(file, size, offset, deliver);
}

template <typename Deliver>
int32_t read_file(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset,
                  Deliver deliver) {
  if (!file.readable()) return -EBADF;
  if (file.is_void()) return read_void(file, size, deliver);
  if (const int32_t error = check_foreground(file, linux_abi::SIGTTIN); error != 0) return error;
  if (!file.has_offset()) return read_once(file, size, IO_OFFSET_NONE, deliver);
  if (offset != IO_OFFSET_NONE) return read_at(file, buffer, size, offset, deliver);
  const OffsetLock lock(*file.shared);
  const int32_t count = read_at(file, buffer, size, file.shared->offset, deliver);
  if (count > 0) file.shared->offset += count;
  return count;
}

// One io_write from memory that is known to be good. `new_offset`: the position behind it.
int32_t write_once(OpenFile& file, const char* data, uint32_t size, int64_t offset,
                   int64_t* new_offset) {
  int amount = 0;
  const bool append = (file.flags() & linux_abi::O_APPEND) != 0 && file.kind == IO_KIND_FILE;
  const int cookie = wait_cookie();
  const InterruptibleWait wait(PendingWait::Kind::kIo, file.port, cookie);
  const kern_return_t kr =
      io_write(file.port, append ? IO_OFFSET_NONE : offset,
               wait_flags(file) | (append ? IO_APPEND : 0), cookie, const_cast<char*>(data), size,
               &amount, new_offset);
  if (kr != KERN_SUCCESS) return error_from(kr);
  return amount;
}

// Writes all of the buffer in requests of bounded size; stops at the first short or failed one.
int32_t write_all(OpenFile& file, const char* data, uint32_t size, int64_t offset,
                  int64_t* new_offset) {
  uint32_t done = 0;
  do {
    const uint32_t part = std::min(size - done, kMaxTransfer);
    const int64_t at = offset == IO_OFFSET_NONE ? offset : offset + done;
    const int32_t count = write_once(file, data + done, part, at, new_offset);
    if (count < 0) return done != 0 ? static_cast<int32_t>(done) : count;
    done += count;
    if (static_cast<uint32_t>(count) < part) break;
  } while (done < size);
  return static_cast<int32_t>(done);
}

// At a place of a file. `check()` answers whether the memory is good.
template <typename Check>
int32_t write_at(OpenFile& file, const char* data, uint32_t size, int64_t offset, Check check,
                 int64_t* new_offset) {
  if (file.kind == IO_KIND_FILE) [[likely]] {
    const int32_t count =
        file_windows.write(file, reinterpret_cast<uint32_t>(data), size, offset);
    if (count != FileWindows::kAsk) {
      *new_offset = offset + count;
      return count;
    }
    FileWindows::count_message(file, size);
  }
  return check() ? write_all(file, data, size, offset, new_offset) : -EFAULT;
}

template <typename Check>
int32_t write_file(OpenFile& file, const char* data, uint32_t size, int64_t offset, Check check) {
  if (!file.writable()) return -EBADF;
  if (file.is_void()) return static_cast<int32_t>(size);
  int64_t new_offset = 0;
  int32_t count;
  if (!file.has_offset()) {
    count = check() ? write_all(file, data, size, IO_OFFSET_NONE, &new_offset) : -EFAULT;
  } else if (offset != IO_OFFSET_NONE) {
    count = write_at(file, data, size, offset, check, &new_offset);
  } else {
    const OffsetLock lock(*file.shared);
    count = write_at(file, data, size, file.shared->offset, check, &new_offset);
    if (count > 0) file.shared->offset = new_offset;
  }
  if (count == -EPIPE) post_own_signal(linux_abi::SIGPIPE);
  return count;
}

// Whether every page of the program's buffer can be read: the message with it would otherwise
// fail as a whole with an error that tells nothing.
bool readable_buffer(uint32_t buffer, uint32_t size) {
  if (size == 0) return true;
  char byte;
  for (uint32_t at = buffer; at - buffer < size; at = (at & ~4095u) + 4096) {
    if (!copy_in(byte, at)) return false;
  }
  return true;
}

}  // namespace

int32_t read_bytes(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset) {
  if (!program_range(buffer, size)) return -EFAULT;
  const auto deliver = [buffer](uint32_t at, const char* data, uint32_t count) {
    return copy_out(buffer + at, data, count);
  };
  return read_file(file, buffer, size, offset, deliver);
}

int32_t read_into(OpenFile& file, void* buffer, uint32_t size, int64_t offset) {
  const auto deliver = [buffer](uint32_t at, const char* data, uint32_t count) {
    __builtin_memcpy(static_cast<char*>(buffer) + at, data, count);
    return true;
  };
  return read_file(file, reinterpret_cast<uint32_t>(buffer), size, offset, deliver);
}

int32_t write_bytes(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset) {
  if (!file.is_void() && !program_range(buffer, size)) return -EFAULT;
  return write_file(file, reinterpret_cast<const char*>(buffer), size, offset,
                    [=] { return readable_buffer(buffer, size); });
}

int32_t file_attributes(OpenFile& file, io_stat_t& attributes) {
  return file_windows.attributes(file, attributes) ? 0
                                                   : error_from(io_stat(file.port, &attributes));
}

int32_t write_from(OpenFile& file, const void* buffer, uint32_t size, int64_t offset) {
  return write_file(file, static_cast<const char*>(buffer), size, offset, [] { return true; });
}

}  // namespace emulation
