// A program file as exec sees it: found, opened, its first bytes read and understood.
#pragma once

#include <cstdint>

#include "emulation/files/names.h"
#include "libs/base/elf.h"

namespace emulation {

class ProgramFile {
 public:
  static constexpr uint32_t kHeadSize = 2048;
  static constexpr int kMaxHeaders = 32;

  ProgramFile() = default;
  ProgramFile(const ProgramFile&) = delete;
  ProgramFile& operator=(const ProgramFile&) = delete;
  ~ProgramFile() { close(); }

  // Looks the file up for execution and reads its head. -errno.
  int32_t open(const Path& path);
  void close();

  // "#!": a script. The interpreter's path and its one optional argument, both inside the head.
  bool is_script() const { return size_ >= 2 && head_[0] == '#' && head_[1] == '!'; }
  struct Interpreter {
    const char* path;
    uint32_t path_size;
    const char* argument;  // null: none
    uint32_t argument_size;
  };
  int32_t parse_script(Interpreter* interpreter) const;  // -ENOEXEC

  // Reads and checks the program headers. -ENOEXEC, -EIO.
  int32_t parse_elf();
  const base::elf::FileHeader& header() const {
    return *reinterpret_cast<const base::elf::FileHeader*>(head_);
  }
  int header_count() const { return header().program_header_count; }
  const base::elf::ProgramHeader& program_header(int i) const { return headers_[i]; }
  // The path of the dynamic loader (PT_INTERP): -ENOENT when there is none.
  int32_t interpreter_path(Path& path) const;

  mach_port_t port() const { return found_.port; }
  const io_stat_t& attributes() const { return found_.attributes; }

  // Maps the segments, moved up by `bias`. After the old program is gone. -errno.
  int32_t map_segments(uint32_t bias) const;
  // The first address behind the last segment, and the lowest address; without bias.
  uint32_t end_address() const;
  uint32_t lowest_address() const;

 private:
  int32_t read_at(uint32_t offset, void* buffer, uint32_t size) const;

  Found found_;
  uint32_t size_ = 0;
  alignas(4) char head_[kHeadSize];
  base::elf::ProgramHeader headers_[kMaxHeaders];
};

}  // namespace emulation
