// The contents of a regular file (or long symbolic link) between memory and the volume.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "libs/base/result.h"
#include "servers/file/inode.h"
#include "servers/file/volume.h"

namespace file {

// Fills `data` with the file's bytes at `offset`, a multiple of the block size. Holes and what lies
// beyond the end read as zeros. Blocks that are adjacent on the device are read in one transfer.
base::Status read_file(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data);

// Begins to read whole pages of the file into new memory: as many of `size` bytes as are neighbours on the device. What
// lies behind the end of the file is not zeroed. Null: there is a hole or the end, or the place cannot be found.
std::unique_ptr<PendingRead> start_read_file(Volume& volume, Inode& inode, uint64_t offset, size_t size);

// How many of the blocks of [offset, offset + length) the file does not have.
base::Result<uint64_t> count_holes(Volume& volume, Inode& inode, uint64_t offset, uint64_t length);

// Writes `data` at `offset`, a multiple of the block size, giving holes blocks. What lies beyond
// the end of file is not written; the rest of the last block is written as zeros, for which `data`
// is changed. The file's size stays, its durable size follows. ENOSPC when a hole needs a block and
// there is none.
base::Status write_file(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data);

// The same for whole pages, without waiting for the device if it is possible. True: the memory of `data` goes with it,
// and if it goes wrong the blocks are taken back and `failed` is called with the error (Volume::DataWrite); the inode must
// stay until then (Volume::settle_data). False: it is done.
base::Result<bool> write_file_behind(Volume& volume, Inode& inode, uint64_t offset, std::span<uint8_t> data,
                                     std::function<void(int error)> failed);

// Makes the durable size at most `size` and frees the blocks behind it. What the last block holds behind `size` stays:
// who makes the file longer has to write zeros there.
base::Status cut_file(Volume& volume, Inode& inode, uint64_t size);

}  // namespace file
