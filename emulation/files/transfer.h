// Moving bytes between open files and the program's memory.
#pragma once

#include <cstdint>

#include "emulation/files/open_file.h"

namespace emulation {

// read/write of one buffer. `offset` is the file position to use, or IO_OFFSET_NONE for the open
// file's own, which then moves. Returns the number of bytes, or -errno.
int32_t read_bytes(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset);
int32_t write_bytes(OpenFile& file, uint32_t buffer, uint32_t size, int64_t offset);

// The same from and to memory of the library.
int32_t read_into(OpenFile& file, void* buffer, uint32_t size, int64_t offset);
int32_t write_from(OpenFile& file, const void* buffer, uint32_t size, int64_t offset);

// The attributes of an open file: 0 or -errno.
int32_t file_attributes(OpenFile& file, io_stat_t& attributes);

}  // namespace emulation
