#include "servers/file/volume.h"

#include <cerrno>
#include <cstring>

#include "servers/file/cache_io_manager.h"
#include "servers/file/errors.h"

namespace file {

base::Result<std::unique_ptr<Volume>> Volume::mount(BlockDevice& device, VolumeOptions options) {
  auto volume = std::unique_ptr<Volume>(new Volume(device, std::move(options)));
  TRY(volume->open());
  return volume;
}

base::Status Volume::open() {
  int flags = EXT2_FLAG_64BITS;
  if (!options_.read_only) flags |= EXT2_FLAG_RW;
  TRY(status_of(open_through_cache(cache_, flags, &fs_)));
  TRY(check_features());
  // Backup superblocks are for repair; rewriting them on every sync buys nothing.
  fs_->flags |= EXT2_FLAG_MASTER_SB_ONLY;
  map_buffer_.resize(2 * size_t{fs_->blocksize});
  was_clean_ = (fs_->super->s_state & EXT2_VALID_FS) != 0 &&
               (fs_->super->s_state & EXT2_ERROR_FS) == 0;
  clean_on_disk_ = was_clean_;
  next_generation_ = static_cast<uint32_t>(now().seconds);
  TRY(status_of(ext2fs_read_bitmaps(fs_)));
  fs_->super->s_mnt_count++;
  fs_->super->s_mtime = static_cast<uint32_t>(now().seconds);
  return {};
}

base::Status Volume::check_features() const {
  ext2_super_block* super = fs_->super;
  const bool unknown =
      ext2fs_has_feature_metadata_csum(super) || ext2fs_has_feature_inline_data(super) ||
      ext2fs_has_feature_encrypt(super) || ext2fs_has_feature_bigalloc(super) ||
      ext2fs_has_feature_casefold(super) || ext2fs_has_feature_quota(super) ||
      ext2fs_has_feature_journal_needs_recovery(super) || ext2fs_has_feature_mmp(super);
  if (unknown) return base::Error(EOPNOTSUPP);
  return {};
}

Volume::~Volume() {
  if (fs_ == nullptr) return;
  if (!options_.read_only) (void)sync();
  ext2fs_free(fs_);
}

bool Volume::has_file_types() const { return ext2fs_has_feature_filetype(fs_->super) != 0; }

Time Volume::now() const { return options_.clock ? options_.clock() : Time{}; }

std::string Volume::label() const {
  const auto* name = reinterpret_cast<const char*>(fs_->super->s_volume_name);
  return {name, strnlen(name, sizeof(fs_->super->s_volume_name))};
}

VolumeStats Volume::stats() const {
  ext2_super_block* super = fs_->super;
  const uint64_t free = ext2fs_free_blocks_count(super);
  const uint64_t kept = reserved_ + ext2fs_r_blocks_count(super);
  return {.block_size = fs_->blocksize,
          .blocks = ext2fs_blocks_count(super) - super->s_first_data_block,
          .free_blocks = free > reserved_ ? free - reserved_ : 0,
          .available_blocks = free > kept ? free - kept : 0,
          .inodes = super->s_inodes_count,
          .free_inodes = super->s_free_inodes_count};
}

// Writes the superblock alone, with or without the clean mark.
base::Status Volume::write_state(bool clean) {
  if (clean) {
    fs_->super->s_state |= EXT2_VALID_FS;
  } else {
    fs_->super->s_state &= static_cast<uint16_t>(~EXT2_VALID_FS);
  }
  const auto state = ext2fs_cpu_to_le16(fs_->super->s_state);
  uint8_t bytes[sizeof(state)];
  std::memcpy(bytes, &state, sizeof(state));
  TRY(cache_.write_bytes(SUPERBLOCK_OFFSET + offsetof(ext2_super_block, s_state), bytes));
  // libext2fs writes only the words that differ from what it believes is on disk.
  if (fs_->orig_super != nullptr) fs_->orig_super->s_state = state;
  TRY(cache_.flush());
  clean_on_disk_ = clean;
  return {};
}

base::Status Volume::begin_change() {
  if (options_.read_only) return base::Error(EROFS);
  fs_->now = static_cast<uint32_t>(now().seconds);
  if (!clean_on_disk_) return {};
  return write_state(false);
}

base::Status Volume::sync() {
  // The clean mark is on the medium only while nothing has changed since.
  if (options_.read_only || clean_on_disk_) return {};
  if ((fs_->flags & EXT2_FLAG_DIRTY) != 0 || cache_.dirty_blocks() != 0) {
    TRY(status_of(ext2fs_flush2(fs_, EXT2_FLAG_FLUSH_NO_SYNC)));
  }
  TRY(cache_.flush());
  if (!clean_on_disk_ && was_clean_ && orphans_.empty()) return write_state(true);
  return {};
}

base::Status Volume::shut_down() {
  TRY(sync());
  options_.read_only = true;
  return {};
}

base::Result<Inode> Volume::load(ext2_ino_t number) {
  Inode inode;
  inode.number = number;
  TRY(status_of(ext2fs_read_inode_full(fs_, number, inode.base(), sizeof(inode.raw))));
  const bool in_use = inode.raw.i_links_count != 0 || orphans_.contains(number);
  if (!in_use || inode.raw.i_mode == 0) return base::Error(EIO);
  return inode;
}

base::Status Volume::store(Inode& inode) {
  TRY(begin_change());
  return status_of(ext2fs_write_inode_full(fs_, inode.number, inode.base(), sizeof(inode.raw)));
}

base::Result<Inode> Volume::allocate(const Inode& parent, uint32_t mode, uint32_t uid,
                                     uint32_t gid) {
  TRY(begin_change());
  Inode inode;
  TRY(status_of(ext2fs_new_inode(fs_, parent.number, static_cast<int>(mode), nullptr,
                                 &inode.number)));
  inode.raw.i_mode = static_cast<uint16_t>(mode);
  inode.raw.i_generation = ++next_generation_;
  if (EXT2_INODE_SIZE(fs_->super) > EXT2_GOOD_OLD_INODE_SIZE) {
    inode.raw.i_extra_isize = sizeof(ext2_inode_large) - EXT2_GOOD_OLD_INODE_SIZE;
  }
  inode.set_owner(uid, gid);
  for (const auto stamp : {Inode::Stamp::kAccess, Inode::Stamp::kChange, Inode::Stamp::kModify}) {
    inode.set_time(stamp, now());
  }
  TRY(store(inode));
  ext2fs_inode_alloc_stats2(fs_, inode.number, +1, inode.is_directory());
  orphans_.insert(inode.number);
  return inode;
}

base::Status Volume::free(Inode& inode) {
  TRY(begin_change());
  TRY(free_blocks_from(inode, 0));
  inode.raw.i_dtime = static_cast<uint32_t>(now().seconds);
  inode.raw.i_links_count = 0;
  TRY(store(inode));
  ext2fs_inode_alloc_stats2(fs_, inode.number, -1, inode.is_directory());
  orphans_.erase(inode.number);
  return {};
}

void Volume::set_orphan(ext2_ino_t number, bool orphan) {
  if (orphan) {
    orphans_.insert(number);
  } else {
    orphans_.erase(number);
  }
}

base::Status Volume::reserve(uint64_t blocks) {
  const uint64_t wanted = reserved_ + blocks;
  if (wanted + metadata_slack(wanted) > ext2fs_free_blocks_count(fs_->super)) {
    return base::Error(ENOSPC);
  }
  reserved_ = wanted;
  return {};
}

void Volume::unreserve(uint64_t blocks) { reserved_ -= std::min(blocks, reserved_); }

// Indirect blocks that the data may need.
uint64_t Volume::metadata_slack(uint64_t blocks) const {
  if (blocks == 0) return 0;
  return blocks / (fs_->blocksize / sizeof(uint32_t)) + 4;
}

}  // namespace file
