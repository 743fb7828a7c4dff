#include "servers/file/directory.h"

#include <cerrno>
#include <cstring>

namespace file {
namespace {

uint32_t record_size(size_t name_length) {
  return ext2fs_dir_rec_len(static_cast<uint8_t>(name_length), 0);
}

}  // namespace

uint8_t directory_type(uint32_t mode) {
  switch (mode & LINUX_S_IFMT) {
    case LINUX_S_IFREG: return EXT2_FT_REG_FILE;
    case LINUX_S_IFDIR: return EXT2_FT_DIR;
    case LINUX_S_IFCHR: return EXT2_FT_CHRDEV;
    case LINUX_S_IFBLK: return EXT2_FT_BLKDEV;
    case LINUX_S_IFIFO: return EXT2_FT_FIFO;
    case LINUX_S_IFSOCK: return EXT2_FT_SOCK;
    case LINUX_S_IFLNK: return EXT2_FT_SYMLINK;
    default: return EXT2_FT_UNKNOWN;
  }
}

base::Result<blk64_t> Directory::load(uint64_t file_block) {
  const blk64_t block = TRY(volume_.map(inode_, file_block));
  if (block == 0) return blk64_t{0};
  buffer_.resize(volume_.block_size());
  TRY(volume_.read_directory_block(inode_, block, buffer_));
  return block;
}

ext2_dir_entry* Directory::entry_at(uint32_t offset, uint32_t* length) {
  if (offset + record_size(0) > buffer_.size()) return nullptr;
  auto* entry = reinterpret_cast<ext2_dir_entry*>(buffer_.data() + offset);
  unsigned int record = 0;
  if (ext2fs_get_rec_len(volume_.ext2(), entry, &record) != 0) return nullptr;
  const auto name_length = static_cast<size_t>(ext2fs_dirent_name_len(entry));
  if (record < record_size(0) || record % 4 != 0 || record > buffer_.size() - offset ||
      record_size(name_length) > record) {
    return nullptr;
  }
  *length = record;
  return entry;
}

base::Result<Directory::Place> Directory::find(std::string_view name) {
  for (uint64_t at = 0; at < block_count(); ++at) {
    const blk64_t block = TRY(load(at));
    if (block == 0) continue;
    uint32_t previous = 0;
    for (uint32_t offset = 0, length = 0; offset < buffer_.size(); offset += length) {
      ext2_dir_entry* entry = entry_at(offset, &length);
      if (entry == nullptr) return base::Error(EIO);
      const auto size = static_cast<size_t>(ext2fs_dirent_name_len(entry));
      if (entry->inode != 0 && name == std::string_view(entry->name, size)) {
        return Place{block, offset, previous, entry->inode};
      }
      previous = offset;
    }
  }
  return base::Error(ENOENT);
}

base::Result<ext2_ino_t> Directory::lookup(std::string_view name) {
  const Place place = TRY(find(name));
  return place.inode;
}

base::Result<Directory::Place> Directory::grow() {
  const uint64_t file_block = block_count();
  const blk64_t block = TRY(volume_.map_or_allocate(inode_, file_block, Volume::Use::kMetadata));
  buffer_.assign(volume_.block_size(), 0);
  auto* entry = reinterpret_cast<ext2_dir_entry*>(buffer_.data());
  TRY(base::Status::from_code(
      ext2fs_set_rec_len(volume_.ext2(), volume_.block_size(), entry) == 0 ? 0 : EIO));
  TRY(save(block));
  TRY(volume_.set_size(inode_, inode_.size() + volume_.block_size()));
  TRY(volume_.store(inode_));
  return Place{block, 0, 0, 0};
}

base::Result<Directory::Place> Directory::find_room(uint32_t needed) {
  for (uint64_t at = 0; at < block_count(); ++at) {
    const blk64_t block = TRY(load(at));
    if (block == 0) continue;
    uint32_t previous = 0;
    for (uint32_t offset = 0, length = 0; offset < buffer_.size(); offset += length) {
      ext2_dir_entry* entry = entry_at(offset, &length);
      if (entry == nullptr) return base::Error(EIO);
      const auto name_length = static_cast<size_t>(ext2fs_dirent_name_len(entry));
      const uint32_t used = entry->inode == 0 ? 0 : record_size(name_length);
      if (length - used >= needed) return Place{block, offset, previous, entry->inode};
      previous = offset;
    }
  }
  return grow();
}

void Directory::fill(ext2_dir_entry* entry, std::string_view name, ext2_ino_t inode,
                     uint32_t mode) {
  entry->inode = inode;
  ext2fs_dirent_set_name_len(entry, static_cast<int>(name.size()));
  ext2fs_dirent_set_file_type(entry, volume_.has_file_types() ? directory_type(mode) : 0);
  std::memcpy(entry->name, name.data(), name.size());
}

base::Status Directory::touch() {
  inode_.raw.i_flags &= ~static_cast<uint32_t>(EXT2_INDEX_FL);
  inode_.set_time(Inode::Stamp::kModify, volume_.now());
  inode_.set_time(Inode::Stamp::kChange, volume_.now());
  return volume_.store(inode_);
}

base::Status Directory::insert(std::string_view name, ext2_ino_t inode, uint32_t mode) {
  const Place place = TRY(find_room(record_size(name.size())));
  uint32_t length = 0;
  ext2_dir_entry* entry = entry_at(place.offset, &length);
  if (entry == nullptr) return base::Error(EIO);
  if (entry->inode != 0) {
    // The room is behind the entry: split it.
    const uint32_t used = record_size(static_cast<size_t>(ext2fs_dirent_name_len(entry)));
    auto* next = reinterpret_cast<ext2_dir_entry*>(buffer_.data() + place.offset + used);
    std::memset(next, 0, record_size(0));
    (void)ext2fs_set_rec_len(volume_.ext2(), used, entry);
    (void)ext2fs_set_rec_len(volume_.ext2(), length - used, next);
    entry = next;
  }
  fill(entry, name, inode, mode);
  TRY(save(place.block));
  return touch();
}

base::Status Directory::remove(std::string_view name) {
  const Place place = TRY(find(name));
  uint32_t length = 0;
  ext2_dir_entry* entry = entry_at(place.offset, &length);
  entry->inode = 0;
  if (place.previous != place.offset) {
    uint32_t previous_length = 0;
    ext2_dir_entry* previous = entry_at(place.previous, &previous_length);
    (void)ext2fs_set_rec_len(volume_.ext2(), previous_length + length, previous);
  }
  TRY(save(place.block));
  return touch();
}

base::Status Directory::replace(std::string_view name, ext2_ino_t inode, uint32_t mode) {
  const Place place = TRY(find(name));
  uint32_t length = 0;
  ext2_dir_entry* entry = entry_at(place.offset, &length);
  entry->inode = inode;
  ext2fs_dirent_set_file_type(entry, volume_.has_file_types() ? directory_type(mode) : 0);
  TRY(save(place.block));
  return touch();
}

base::Result<bool> Directory::is_empty() {
  bool empty = true;
  TRY(iterate(0, [&](const Entry& entry) {
    empty = entry.name == "." || entry.name == "..";
    return empty ? Visit::kContinue : Visit::kStop;
  }));
  return empty;
}

}  // namespace file
