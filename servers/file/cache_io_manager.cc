#include "servers/file/cache_io_manager.h"

#include <cerrno>
#include <cstring>

namespace file {
namespace {

// libext2fs opens a channel by name only, so the cache it means is left here for the open call,
// under the lock of whoever mounts.
BlockCache* cache_to_open = nullptr;

BlockCache& cache_of(io_channel channel) {
  return *static_cast<BlockCache*>(channel->private_data);
}

// A negative count is a number of bytes.
size_t transfer_size(io_channel channel, int count) {
  if (count < 0) return static_cast<size_t>(-static_cast<int64_t>(count));
  return static_cast<size_t>(count) * static_cast<size_t>(channel->block_size);
}

extern io_manager const kManager;

errcode_t open_channel(const char* name, int, io_channel* out) {
  if (cache_to_open == nullptr) return EXT2_ET_BAD_DEVICE_NAME;
  auto* channel = static_cast<io_channel>(std::calloc(1, sizeof(struct_io_channel)));
  if (channel == nullptr) return EXT2_ET_NO_MEMORY;
  channel->name = strdup(name);
  if (channel->name == nullptr) {
    std::free(channel);
    return EXT2_ET_NO_MEMORY;
  }
  channel->magic = EXT2_ET_MAGIC_IO_CHANNEL;
  channel->manager = kManager;
  channel->block_size = 1024;
  channel->refcount = 1;
  channel->private_data = cache_to_open;
  *out = channel;
  return 0;
}

errcode_t close_channel(io_channel channel) {
  if (--channel->refcount > 0) return 0;
  const int code = cache_of(channel).flush().code();
  std::free(channel->name);
  std::free(channel);
  return code;
}

errcode_t set_block_size(io_channel channel, int bytes) {
  const int code = cache_of(channel).set_block_size(static_cast<uint32_t>(bytes)).code();
  if (code == 0) channel->block_size = bytes;
  return code;
}

errcode_t read_blocks(io_channel channel, unsigned long long block, int count, void* data) {
  return cache_of(channel)
      .read(block, {static_cast<uint8_t*>(data), transfer_size(channel, count)})
      .code();
}

errcode_t write_blocks(io_channel channel, unsigned long long block, int count, const void* data) {
  return cache_of(channel)
      .write(block, {static_cast<const uint8_t*>(data), transfer_size(channel, count)})
      .code();
}

errcode_t read_blocks_32(io_channel channel, unsigned long block, int count, void* data) {
  return read_blocks(channel, block, count, data);
}

errcode_t write_blocks_32(io_channel channel, unsigned long block, int count, const void* data) {
  return write_blocks(channel, block, count, data);
}

errcode_t write_byte(io_channel channel, unsigned long offset, int size, const void* data) {
  return cache_of(channel)
      .write_bytes(offset, {static_cast<const uint8_t*>(data), static_cast<size_t>(size)})
      .code();
}

errcode_t flush_channel(io_channel channel) { return cache_of(channel).flush().code(); }

errcode_t set_option(io_channel, const char*, const char*) { return EXT2_ET_INVALID_ARGUMENT; }

struct_io_manager make_manager() {
  struct_io_manager m = {};
  m.magic = EXT2_ET_MAGIC_IO_MANAGER;
  m.name = "block cache";
  m.open = open_channel;
  m.close = close_channel;
  m.set_blksize = set_block_size;
  m.read_blk = read_blocks_32;
  m.write_blk = write_blocks_32;
  m.flush = flush_channel;
  m.write_byte = write_byte;
  m.set_option = set_option;
  m.read_blk64 = read_blocks;
  m.write_blk64 = write_blocks;
  return m;
}

struct_io_manager the_manager = make_manager();
io_manager const kManager = &the_manager;

}  // namespace

errcode_t open_through_cache(BlockCache& cache, int flags, ext2_filsys* out) {
  cache_to_open = &cache;
  const errcode_t code = ext2fs_open2("volume", nullptr, flags, 0, 0, kManager, out);
  cache_to_open = nullptr;
  return code;
}

errcode_t initialize_through_cache(BlockCache& cache, ext2_super_block* parameters,
                                   ext2_filsys* out) {
  cache_to_open = &cache;
  const errcode_t code = ext2fs_initialize("volume", EXT2_FLAG_64BITS, parameters, kManager, out);
  cache_to_open = nullptr;
  return code;
}

}  // namespace file
