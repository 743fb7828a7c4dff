#include "servers/file/directory.h"

#include <algorithm>
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

base::Status Directory::save(blk64_t block) {
  const base::Status saved = volume_.write_directory_block(inode_, block, buffer_);
  if (!saved.ok()) volume_.indexes().drop(inode_.number);
  return saved;
}

base::Result<DirectoryIndex*> Directory::index() {
  constexpr uint64_t kWorthWhile = 2;
  if (block_count() < kWorthWhile || inode_.size() > DirectoryIndexes::kMaxDirectoryBytes) {
    return static_cast<DirectoryIndex*>(nullptr);
  }
  if (DirectoryIndex* known = volume_.indexes().find(inode_.number); known != nullptr) return known;
  return make_index();
}

base::Result<DirectoryIndex*> Directory::make_index() {
  auto index = std::make_unique<DirectoryIndex>();
  for (uint64_t at = 0; at < block_count(); ++at) {
    const blk64_t block = TRY(load(at));
    uint32_t most = 0;
    for (uint32_t offset = 0, length = 0; block != 0 && offset < buffer_.size(); offset += length) {
      ext2_dir_entry* entry = entry_at(offset, &length);
      if (entry == nullptr) return base::Error(EIO);
      const auto size = static_cast<size_t>(ext2fs_dirent_name_len(entry));
      most = std::max(most, length - (entry->inode == 0 ? 0 : record_size(size)));
      if (entry->inode == 0) continue;
      const Place place{at, block, offset, entry->inode};
      index->add({entry->name, size}, place.position(volume_.block_size()));
    }
    index->add_block(most);
  }
  return volume_.indexes().add(inode_.number, std::move(index));
}

base::Result<Directory::Place> Directory::find_in_block(uint64_t file_block, blk64_t block,
                                                        std::string_view name) {
  for (uint32_t offset = 0, length = 0; offset < buffer_.size(); offset += length) {
    ext2_dir_entry* entry = entry_at(offset, &length);
    if (entry == nullptr) return base::Error(EIO);
    const auto size = static_cast<size_t>(ext2fs_dirent_name_len(entry));
    if (entry->inode != 0 && name == std::string_view(entry->name, size)) {
      return Place{file_block, block, offset, entry->inode};
    }
  }
  return base::Error(ENOENT);
}

base::Result<Directory::Place> Directory::find_in_index(const DirectoryIndex& index,
                                                        std::string_view name) {
  const uint32_t block_size = volume_.block_size();
  base::Status status = base::Error(ENOENT);
  Place place = {};
  index.find(name, [&](uint32_t position) {
    const uint64_t at = uint64_t{position} * 4;
    const auto block = load(at / block_size);
    if (!block.ok()) {
      status = block.error();
      return true;
    }
    const auto offset = static_cast<uint32_t>(at % block_size);
    uint32_t length = 0;
    const ext2_dir_entry* entry = block.value() != 0 ? entry_at(offset, &length) : nullptr;
    if (entry == nullptr) {
      status = base::Error(EIO);
      return true;
    }
    const auto size = static_cast<size_t>(ext2fs_dirent_name_len(entry));
    if (entry->inode == 0 || name != std::string_view(entry->name, size)) return false;
    place = {at / block_size, block.value(), offset, entry->inode};
    status = {};
    return true;
  });
  if (!status.ok()) return status.error();
  return place;
}

base::Result<Directory::Place> Directory::find(std::string_view name) {
  if (const DirectoryIndex* known = TRY(index()); known != nullptr) {
    return find_in_index(*known, name);
  }
  for (uint64_t at = 0; at < block_count(); ++at) {
    const blk64_t block = TRY(load(at));
    if (block == 0) continue;
    auto found = find_in_block(at, block, name);
    if (found.code() != ENOENT) return found;
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
  if (DirectoryIndex* known = volume_.indexes().find(inode_.number); known != nullptr) {
    known->add_block(volume_.block_size());
  }
  return Place{file_block, block, 0, 0};
}

base::Result<Directory::Place> Directory::find_room_in_block(uint64_t file_block, blk64_t block,
                                                             uint32_t needed, uint32_t* most) {
  *most = 0;
  for (uint32_t offset = 0, length = 0; offset < buffer_.size(); offset += length) {
    ext2_dir_entry* entry = entry_at(offset, &length);
    if (entry == nullptr) return base::Error(EIO);
    const auto name_length = static_cast<size_t>(ext2fs_dirent_name_len(entry));
    const uint32_t room = length - (entry->inode == 0 ? 0 : record_size(name_length));
    if (room >= needed) return Place{file_block, block, offset, entry->inode};
    *most = std::max(*most, room);
  }
  return base::Error(ENOSPC);
}

base::Result<Directory::Place> Directory::find_room(uint32_t needed) {
  DirectoryIndex* const known = TRY(index());
  const auto next = [&](uint64_t from) {
    return known != nullptr ? known->block_with_room(from, needed) : from;
  };
  for (uint64_t at = next(0); at < block_count(); at = next(at + 1)) {
    const blk64_t block = TRY(load(at));
    if (block == 0) continue;
    uint32_t most = 0;
    auto found = find_room_in_block(at, block, needed, &most);
    if (found.code() != ENOSPC) return found;
    if (known != nullptr) known->set_room(at, most);
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
  Place place = TRY(find_room(record_size(name.size())));
  uint32_t length = 0;
  ext2_dir_entry* entry = entry_at(place.offset, &length);
  if (entry == nullptr) return base::Error(EIO);
  if (entry->inode != 0) {
    // The room is behind the entry: split it.
    const uint32_t used = record_size(static_cast<size_t>(ext2fs_dirent_name_len(entry)));
    place.offset += used;
    auto* next = reinterpret_cast<ext2_dir_entry*>(buffer_.data() + place.offset);
    std::memset(next, 0, record_size(0));
    (void)ext2fs_set_rec_len(volume_.ext2(), used, entry);
    (void)ext2fs_set_rec_len(volume_.ext2(), length - used, next);
    entry = next;
  }
  fill(entry, name, inode, mode);
  TRY(save(place.block));
  if (DirectoryIndex* known = volume_.indexes().find(inode_.number); known != nullptr) {
    known->add(name, place.position(volume_.block_size()));
  }
  return touch();
}

base::Status Directory::remove(std::string_view name) {
  const Place place = TRY(find(name));
  uint32_t length = 0;
  // The entry before it takes its room.
  ext2_dir_entry* previous = nullptr;
  for (uint32_t offset = 0; offset < place.offset; offset += length) {
    previous = entry_at(offset, &length);
    if (previous == nullptr) return base::Error(EIO);
  }
  const uint32_t previous_length = length;
  ext2_dir_entry* entry = entry_at(place.offset, &length);
  if (entry == nullptr) return base::Error(EIO);
  entry->inode = 0;
  uint32_t room = length;
  if (previous != nullptr) {
    room += previous_length;
    (void)ext2fs_set_rec_len(volume_.ext2(), room, previous);
  }
  TRY(save(place.block));
  if (DirectoryIndex* known = volume_.indexes().find(inode_.number); known != nullptr) {
    known->remove(name, place.position(volume_.block_size()));
    known->raise_room(place.file_block, room);
  }
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
