// Volume: inodes that are in use without a name, or being cut, and would be lost in a crash.
#include <cerrno>

#include "servers/file/errors.h"
#include "servers/file/volume.h"

namespace file {

void Volume::add_orphan(ext2_ino_t number) {
  fresh_.erase(number);
  if (orphans_.contains(number)) return;
  const ext2_ino_t older = fs_->super->s_last_orphan;
  if (const auto found = orphans_.find(older); found != orphans_.end()) {
    found->second.newer = number;
  }
  orphans_[number] = {.newer = 0, .older = older};
  fs_->super->s_last_orphan = number;
  ext2fs_mark_super_dirty(fs_);
}

// Writes the link of an inode in the list, whose other fields nobody else has changed meanwhile.
base::Status Volume::patch_orphan(ext2_ino_t number, ext2_ino_t older) {
  ext2_inode_large raw = {};
  auto* base = reinterpret_cast<ext2_inode*>(&raw);
  TRY(status_of(ext2fs_read_inode_full(fs_, number, base, sizeof(raw))));
  raw.i_dtime = older;
  return status_of(ext2fs_write_inode_full(fs_, number, base, sizeof(raw)));
}

base::Status Volume::remove_orphan(ext2_ino_t number) {
  const auto found = orphans_.find(number);
  if (found == orphans_.end()) return {};
  const Orphan gone = found->second;
  if (gone.newer == 0) {
    fs_->super->s_last_orphan = gone.older;
    ext2fs_mark_super_dirty(fs_);
  } else {
    TRY(patch_orphan(gone.newer, gone.older));
    orphans_[gone.newer].older = gone.older;
  }
  if (const auto older = orphans_.find(gone.older); older != orphans_.end()) {
    older->second.newer = gone.newer;
  }
  orphans_.erase(number);
  return {};
}

// What the last mount left behind: inodes without links are freed, others cut to their size.
base::Status Volume::free_orphans_of_crash() {
  ext2_super_block* const super = fs_->super;
  for (uint32_t left = super->s_inodes_count; super->s_last_orphan != 0; --left) {
    const ext2_ino_t number = super->s_last_orphan;
    const bool possible = number >= EXT2_FIRST_INODE(super) && number <= super->s_inodes_count;
    if (left == 0 || !possible || ext2fs_test_inode_bitmap2(fs_->inode_map, number) == 0) {
      return base::Error(EIO);
    }
    TRY(operate([&] { return free_orphan(number); }));
  }
  return {};
}

base::Status Volume::free_orphan(ext2_ino_t number) {
  Inode inode;
  inode.number = number;
  TRY(status_of(ext2fs_read_inode_full(fs_, number, inode.base(), sizeof(inode.raw))));
  fs_->super->s_last_orphan = inode.raw.i_dtime;
  ext2fs_mark_super_dirty(fs_);
  inode.raw.i_dtime = 0;
  inode.durable_size = inode.size();
  if (inode.raw.i_links_count == 0) return free(inode);
  return free_blocks_from(inode, (inode.size() + fs_->blocksize - 1) / fs_->blocksize);
}

}  // namespace file
