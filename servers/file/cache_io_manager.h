// The way libext2fs reaches the volume's block cache.
#pragma once

#include "servers/file/libext2fs.h"

#include "servers/file/block_cache.h"

namespace file {

// Opens an ext2 file system whose every block access goes through `cache`, which must outlive it.
// `flags` are EXT2_FLAG_*. The result is libext2fs's error code.
errcode_t open_through_cache(BlockCache& cache, int flags, ext2_filsys* out);

// Makes the structures of a new file system (ext2fs_initialize) on the cache's device.
errcode_t initialize_through_cache(BlockCache& cache, ext2_super_block* parameters,
                                   ext2_filsys* out);

}  // namespace file
