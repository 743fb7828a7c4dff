// read, write and their relatives; lseek, truncate, sync.
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/files/names.h"
#include "emulation/files/set_attributes.h"
#include "emulation/files/transfer.h"
#include "emulation/linux_abi.h"
#include "emulation/memory/user_memory.h"
#include "libs/mach/io_user.h"
#include "libs/mach/process_user.h"

namespace emulation::calls {

using linux_abi::IoVector;

namespace {

constexpr uint32_t kMaxVectors = 1024;
constexpr uint32_t kMaxBytes = 0x7ffff000;  // what Linux transfers at most in one call

int64_t offset_of(uint32_t low, uint32_t high) {
  return static_cast<int64_t>(static_cast<uint64_t>(high) << 32 | low);
}

using Transfer = int32_t (*)(OpenFile&, uint32_t, uint32_t, int64_t);

int32_t plain_transfer(Transfer transfer, Registers& r) {
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  if (file == nullptr) return -EBADF;
  const uint32_t size = r.edx < kMaxBytes ? r.edx : kMaxBytes;
  return transfer(*file, r.ecx, size, IO_OFFSET_NONE);
}

int32_t positioned_transfer(Transfer transfer, Registers& r) {
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  if (file == nullptr) return -EBADF;
  const int64_t offset = offset_of(r.esi, r.edi);
  if (offset < 0) return -EINVAL;
  if (!file->has_offset()) return -ESPIPE;
  return transfer(*file, r.ecx, r.edx < kMaxBytes ? r.edx : kMaxBytes, offset);
}

// readv and writev: buffer by buffer; stops at the first that is not filled.
int32_t vector_transfer(Transfer transfer, Registers& r, int64_t offset) {
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  if (file == nullptr) return -EBADF;
  if (r.edx > kMaxVectors) return -EINVAL;
  int32_t total = 0;
  for (uint32_t i = 0; i < r.edx; ++i) {
    IoVector vector;
    if (!copy_in(vector, r.ecx + i * sizeof vector)) return total != 0 ? total : -EFAULT;
    if (vector.length == 0) continue;
    if (vector.length > kMaxBytes - total) return total != 0 ? total : -EINVAL;
    const int64_t at = offset == IO_OFFSET_NONE ? offset : offset + total;
    const int32_t count = transfer(*file, vector.base, vector.length, at);
    if (count < 0) return total != 0 ? total : count;
    total += count;
    if (static_cast<uint32_t>(count) < vector.length) break;
  }
  return total;
}

int32_t size_of(OpenFile& file, int64_t* size) {
  io_stat_t attributes;
  const int32_t error = file_attributes(file, attributes);
  *size = attributes.st_size;
  return error;
}

int32_t seek(OpenFile& file, int64_t offset, uint32_t whence, int64_t* result) {
  if (file.is_void()) return *result = 0;
  if (!file.has_offset()) return -ESPIPE;
  const OffsetLock lock(*file.shared);
  int64_t base = 0;
  if (whence == linux_abi::SEEK_CUR) {
    base = file.shared->offset;
  } else if (whence == linux_abi::SEEK_END) {
    const int32_t error = size_of(file, &base);
    if (error != 0) return error;
  } else if (whence != linux_abi::SEEK_SET) {
    return -EINVAL;
  }
  int64_t sum;
  if (__builtin_add_overflow(base, offset, &sum) || sum < 0) return -EINVAL;
  *result = file.shared->offset = sum;
  return 0;
}

int32_t truncate_file(OpenFile& file, int64_t size) {
  if (!file.writable()) return -EINVAL;
  if (size < 0) return -EINVAL;
  return set_size(file.port, size);
}

int32_t truncate_path(uint32_t path_address, int64_t size) {
  if (size < 0) return -EINVAL;
  Path path;
  int32_t error = path.load(path_address);
  if (error != 0) return error;
  Found found;
  error = look_up(linux_abi::AT_FDCWD, path, linux_abi::O_WRONLY, 0, found);
  if (error != 0) return error;
  const ScopedRight right(found.port);
  return set_size(found.port, size);
}

int32_t sync_file(Registers& r, bool data_only) {
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  if (file == nullptr) return -EBADF;
  return error_from(io_sync(file->port, data_only));
}

}  // namespace

int32_t read(Registers& r) { return plain_transfer(read_bytes, r); }
int32_t write(Registers& r) { return plain_transfer(write_bytes, r); }
int32_t pread64(Registers& r) { return positioned_transfer(read_bytes, r); }
int32_t pwrite64(Registers& r) { return positioned_transfer(write_bytes, r); }
int32_t readv(Registers& r) { return vector_transfer(read_bytes, r, IO_OFFSET_NONE); }
int32_t writev(Registers& r) { return vector_transfer(write_bytes, r, IO_OFFSET_NONE); }
int32_t preadv(Registers& r) {
  return vector_transfer(read_bytes, r, offset_of(r.esi, r.edi));
}
int32_t pwritev(Registers& r) {
  return vector_transfer(write_bytes, r, offset_of(r.esi, r.edi));
}

int32_t lseek(Registers& r) {
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  if (file == nullptr) return -EBADF;
  int64_t result = 0;
  const int32_t error = seek(*file, static_cast<int32_t>(r.ecx), r.edx, &result);
  if (error != 0) return error;
  return result > 0x7fffffff ? -EOVERFLOW : static_cast<int32_t>(result);
}

// _llseek(fd, high, low, result, whence)
int32_t llseek(Registers& r) {
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  if (file == nullptr) return -EBADF;
  int64_t result = 0;
  const int32_t error = seek(*file, offset_of(r.edx, r.ecx), r.edi, &result);
  if (error != 0) return error;
  return copy_out(r.esi, result) ? 0 : -EFAULT;
}

int32_t ftruncate(Registers& r) {
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  return file == nullptr ? -EBADF : truncate_file(*file, static_cast<int32_t>(r.ecx));
}
int32_t ftruncate64(Registers& r) {
  OpenFile* file = descriptors.get_io(static_cast<int>(r.ebx));
  return file == nullptr ? -EBADF : truncate_file(*file, offset_of(r.ecx, r.edx));
}
int32_t truncate(Registers& r) { return truncate_path(r.ebx, static_cast<int32_t>(r.ecx)); }
int32_t truncate64(Registers& r) { return truncate_path(r.ebx, offset_of(r.ecx, r.edx)); }

int32_t fsync(Registers& r) { return sync_file(r, false); }
int32_t fdatasync(Registers& r) { return sync_file(r, true); }
int32_t sync(Registers&) { return error_from(proc_sync(process_port())); }

}  // namespace emulation::calls
