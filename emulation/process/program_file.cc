#include "emulation/process/program_file.h"

#include <algorithm>
#include <cerrno>

#include <mach.h>

#include "emulation/linux_abi.h"
#include "emulation/mach/interruptible.h"
#include "emulation/mach/scoped_right.h"
#include "emulation/memory/address_space.h"
#include "emulation/memory/user_memory.h"
#include "libs/mach/io_user.h"

namespace emulation {

namespace elf = base::elf;

int32_t ProgramFile::open(const Path& path) {
  close();
  Path walked;  // a look-up across mounts rewrites its path
  walked.set(path.data(), path.size());
  int32_t error = look_up(linux_abi::AT_FDCWD, walked, linux_abi::O_RDONLY | FS_LOOKUP_EXEC, 0,
                          found_);
  if (error != 0) return error;
  if (found_.kind != IO_KIND_FILE) return -EACCES;
  char* data = head_;
  mach_msg_type_number_t size = kHeadSize;
  error = error_from(io_read(found_.port, 0, kHeadSize, 0, wait_cookie(), &data, &size));
  size_ = error == 0 && data == head_ ? size : 0;
  return error;
}

void ProgramFile::close() {
  if (found_.port != MACH_PORT_NULL) syscall_mach_port_deallocate(mach_task_self(), found_.port);
  found_.port = MACH_PORT_NULL;
}

int32_t ProgramFile::read_at(uint32_t offset, void* buffer, uint32_t size) const {
  if (offset <= size_ && size <= size_ - offset) {
    __builtin_memcpy(buffer, head_ + offset, size);
    return 0;
  }
  auto* data = static_cast<char*>(buffer);
  mach_msg_type_number_t count = size;
  const int32_t error = error_from(
      io_read(found_.port, offset, static_cast<int>(size), 0, wait_cookie(), &data, &count));
  if (error != 0) return error;
  if (data != buffer) {
    if (count <= size) __builtin_memcpy(buffer, data, count);
    vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(data), count);
  }
  return count == size ? 0 : -ENOEXEC;
}

int32_t ProgramFile::parse_script(Interpreter* interpreter) const {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  const char* const limit = std::find(head_, head_ + size_, '\n');
  if (limit == head_ + size_) return -ENOEXEC;
  const char* end = limit;
  while (end > head_ + 2 && (blank(end[-1]) || end[-1] == '\r')) --end;
  const char* at = std::find_if_not(head_ + 2, end, blank);
  const char* const path_end = std::find_if(at, end, blank);
  if (at == path_end) return -ENOEXEC;
  const char* const argument = std::find_if_not(path_end, end, blank);
  *interpreter = {at, static_cast<uint32_t>(path_end - at), argument == end ? nullptr : argument,
                  static_cast<uint32_t>(end - argument)};
  return 0;
}

int32_t ProgramFile::parse_elf() {
  if (size_ < sizeof(elf::FileHeader) || !elf::valid_header(header())) return -ENOEXEC;
  if (header_count() > kMaxHeaders) return -ENOEXEC;
  const int32_t error = read_at(header().program_header_offset, headers_,
                                header_count() * sizeof(elf::ProgramHeader));
  if (error != 0) return error;
  for (int i = 0; i < header_count(); ++i) {
    if (headers_[i].type == elf::kLoad && !elf::valid_load(headers_[i], kMmapTop)) return -ENOEXEC;
  }
  return lowest_address() == ~0u ? -ENOEXEC : 0;
}

int32_t ProgramFile::interpreter_path(Path& path) const {
  for (int i = 0; i < header_count(); ++i) {
    const elf::ProgramHeader& p = headers_[i];
    if (p.type != elf::kInterpreter) continue;
    if (p.file_size < 2 || p.file_size > POSIX_PATH_MAX) return -ENOEXEC;
    const int32_t error = read_at(p.offset, path.buffer(), p.file_size);
    path.set_size(error == 0 ? p.file_size - 1 : 0);
    return error;
  }
  return -ENOENT;
}

uint32_t ProgramFile::end_address() const {
  uint32_t end = 0;
  for (int i = 0; i < header_count(); ++i) {
    const elf::ProgramHeader& p = headers_[i];
    if (p.type == elf::kLoad) end = std::max(end, page_ceiling(p.address + p.memory_size));
  }
  return end;
}

uint32_t ProgramFile::lowest_address() const {
  uint32_t lowest = ~0u;
  for (int i = 0; i < header_count(); ++i) {
    if (headers_[i].type == elf::kLoad) lowest = std::min(lowest, page_floor(headers_[i].address));
  }
  return lowest;
}

namespace {

vm_prot_t protection_of(const elf::ProgramHeader& p) {
  vm_prot_t protection = VM_PROT_NONE;
  if ((p.flags & elf::kFlagRead) != 0) protection |= VM_PROT_READ;
  if ((p.flags & elf::kFlagWrite) != 0) protection |= VM_PROT_READ | VM_PROT_WRITE;
  if ((p.flags & elf::kFlagExecute) != 0) protection |= VM_PROT_READ | VM_PROT_EXECUTE;
  return protection;
}

// One segment: the file part copy on write from the file's object, then zeros.
int32_t map_segment(const elf::ProgramHeader& p, uint32_t bias, mach_port_t object) {
  const uint32_t address = p.address + bias;
  const uint32_t start = page_floor(address);
  const uint32_t file_end = address + p.file_size;
  const uint32_t mapped_end = p.file_size == 0 ? start : page_ceiling(file_end);
  const uint32_t end = page_ceiling(address + p.memory_size);
  if (mapped_end > start) {
    const int32_t error = map_at(start, mapped_end - start, object, page_floor(p.offset),
                                 Sharing::kPrivate, protection_of(p));
    if (error != 0) return error;
  }
  if (end > mapped_end) {
    const int32_t error = map_at(mapped_end, end - mapped_end, MACH_PORT_NULL, 0,
                                 Sharing::kPrivate, protection_of(p));
    if (error != 0) return error;
  }
  if (p.memory_size > p.file_size && mapped_end > file_end && p.file_size != 0 &&
      (p.flags & elf::kFlagWrite) != 0) {
    __builtin_memset(reinterpret_cast<void*>(file_end), 0, mapped_end - file_end);
  }
  return 0;
}

}  // namespace

int32_t ProgramFile::map_segments(uint32_t bias) const {
  mach_port_t object = MACH_PORT_NULL;
  int32_t error = error_from(io_map(found_.port, VM_PROT_READ | VM_PROT_EXECUTE, &object));
  if (error != 0) return error;
  const ScopedRight right(object);
  for (int i = 0; i < header_count() && error == 0; ++i) {
    if (headers_[i].type == elf::kLoad) error = map_segment(headers_[i], bias, object);
  }
  return error;
}

}  // namespace emulation
