// Directory: the entries of one directory inode.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "servers/file/directory_index.h"
#include "servers/file/inode.h"
#include "servers/file/volume.h"

namespace file {

// A short-lived view for the length of one operation. Directories of several blocks have an index in
// memory (directory_index.h), through which find() and find_room() go.
// Names are 1 to 255 bytes. Errors: those of Volume, EIO for damaged entries.
class Directory {
 public:
  static constexpr size_t kMaxName = EXT2_NAME_LEN;

  struct Entry {
    ext2_ino_t inode;
    uint8_t type;  // EXT2_FT_*, EXT2_FT_UNKNOWN when the volume does not keep it
    std::string_view name;
    uint64_t next;  // position behind the entry, for iterate()
  };
  enum class Visit { kContinue, kStop };

  Directory(Volume& volume, Inode& inode) : volume_(volume), inode_(inode) {}

  // The inode number of `name`; ENOENT.
  base::Result<ext2_ino_t> lookup(std::string_view name);
  // Adds a name that must not be there yet. `mode` gives the entry's type.
  base::Status insert(std::string_view name, ext2_ino_t inode, uint32_t mode);
  // ENOENT.
  base::Status remove(std::string_view name);
  // Makes an existing name (or `..`) mean another inode. ENOENT.
  base::Status replace(std::string_view name, ext2_ino_t inode, uint32_t mode);
  // No names besides `.` and `..`.
  base::Result<bool> is_empty();

  // Calls `visit(const Entry&) -> Visit` for each entry at or behind `position`, `.` and `..`
  // included. Positions stay meaningful while names come and go.
  template <typename F>
  base::Status iterate(uint64_t position, F visit);

 private:
  struct Place {
    uint64_t file_block;
    blk64_t block;
    uint32_t offset;  // of the entry in the block
    ext2_ino_t inode;
    [[nodiscard]] uint32_t position(uint32_t block_size) const {
      return static_cast<uint32_t>((file_block * block_size + offset) / 4);
    }
  };

  [[nodiscard]] uint64_t block_count() const { return inode_.size() / volume_.block_size(); }
  // Reads a block into buffer_; 0 for a hole, which a directory must not have but may.
  base::Result<blk64_t> load(uint64_t file_block);
  base::Status save(blk64_t block);
  // The entry at `offset` of buffer_, checked; null when it is damaged.
  ext2_dir_entry* entry_at(uint32_t offset, uint32_t* length);

  // The index, made if it is worth while; null for small and very large directories.
  base::Result<DirectoryIndex*> index();
  base::Result<DirectoryIndex*> make_index();

  // Leaves the block that holds the entry in buffer_.
  base::Result<Place> find(std::string_view name);
  base::Result<Place> find_in_index(const DirectoryIndex& index, std::string_view name);
  // Looks for an entry in buffer_; ENOENT.
  base::Result<Place> find_in_block(uint64_t file_block, blk64_t block, std::string_view name);
  // Leaves a block with at least `needed` bytes free behind (or in) the entry at the result's
  // offset in buffer_, growing the directory if need be.
  base::Result<Place> find_room(uint32_t needed);
  // Looks for room in buffer_: ENOSPC, and `most` says what there is.
  base::Result<Place> find_room_in_block(uint64_t file_block, blk64_t block, uint32_t needed,
                                         uint32_t* most);
  base::Result<Place> grow();
  void fill(ext2_dir_entry* entry, std::string_view name, ext2_ino_t inode, uint32_t mode);
  // Linear changes make the hash tree of other systems wrong: it may be ignored only if unmarked.
  base::Status touch();

  Volume& volume_;
  Inode& inode_;
  std::vector<uint8_t> buffer_;
};

template <typename F>
base::Status Directory::iterate(uint64_t position, F visit) {
  const uint32_t size = volume_.block_size();
  for (uint64_t at = position / size; at < block_count(); ++at) {
    if (TRY(load(at)) == 0) continue;
    for (uint32_t offset = 0, length = 0; offset < size; offset += length) {
      ext2_dir_entry* entry = entry_at(offset, &length);
      if (entry == nullptr) return base::Error(EIO);
      if (entry->inode == 0 || at * size + offset < position) continue;
      const Entry found{
          .inode = entry->inode,
          .type = static_cast<uint8_t>(ext2fs_dirent_file_type(entry)),
          .name = {entry->name, static_cast<size_t>(ext2fs_dirent_name_len(entry))},
          .next = at * size + offset + length,
      };
      if (visit(found) == Visit::kStop) return {};
    }
  }
  return {};
}

// The EXT2_FT_* of a mode.
uint8_t directory_type(uint32_t mode);

}  // namespace file
