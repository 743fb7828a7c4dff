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

base::Status Volume::open_structures() {
  int flags = EXT2_FLAG_64BITS;
  if (!options_.read_only) flags |= EXT2_FLAG_RW;
  TRY(status_of(open_through_cache(cache_, flags, &fs_)));
  TRY(check_features());
  map_buffer_.resize(3 * size_t{fs_->blocksize});
  return {};
}

base::Status Volume::open() {
  TRY(open_structures());
  if (ext2fs_has_feature_journal(fs_->super)) TRY(open_journal());
  was_clean_ = (fs_->super->s_state & EXT2_VALID_FS) != 0 &&
               (fs_->super->s_state & EXT2_ERROR_FS) == 0;
  marked_ = journal_ == nullptr && !was_clean_;
  next_generation_ = static_cast<uint32_t>(now().seconds);
  TRY(status_of(ext2fs_read_bitmaps(fs_)));
  if (options_.read_only) return {};
  fs_->priv_data = this;
  ext2fs_set_alloc_block_callback(fs_, pick_block, nullptr);
  ext2fs_set_block_alloc_stats_callback(fs_, block_changed, nullptr);
  if (journal_ != nullptr) {
    TRY(status_of(ext2fs_copy_bitmap(fs_->block_map, &busy_)));
    cache_.use_journal();
  }
  fs_->super->s_mnt_count++;
  fs_->super->s_mtime = static_cast<uint32_t>(now().seconds);
  return free_orphans_of_crash();
}

base::Status Volume::check_features() const {
  ext2_super_block* super = fs_->super;
  const bool unknown =
      ext2fs_has_feature_metadata_csum(super) || ext2fs_has_feature_inline_data(super) ||
      ext2fs_has_feature_encrypt(super) || ext2fs_has_feature_bigalloc(super) ||
      ext2fs_has_feature_casefold(super) || ext2fs_has_feature_quota(super) ||
      ext2fs_has_feature_mmp(super) || ext2fs_has_feature_journal_dev(super);
  if (unknown || fs_->blocksize > kMaxBlockSize) return base::Error(EOPNOTSUPP);
  const bool journal = ext2fs_has_feature_journal(super) != 0;
  if (!journal && ext2fs_has_feature_journal_needs_recovery(super)) return base::Error(EOPNOTSUPP);
  return {};
}

Volume::~Volume() {
  if (fs_ == nullptr) return;
  if (!options_.read_only) (void)shut_down();
  if (busy_ != nullptr) ext2fs_free_block_bitmap(busy_);
  ext2fs_free(fs_);
}

bool Volume::has_file_types() const { return ext2fs_has_feature_filetype(fs_->super) != 0; }

Time Volume::now() const { return options_.clock ? options_.clock() : Time{}; }

std::string Volume::label() const {
  const auto* name = reinterpret_cast<const char*>(fs_->super->s_volume_name);
  return {name, strnlen(name, sizeof(fs_->super->s_volume_name))};
}

VolumeStats Volume::stats(uint64_t spare) const {
  ext2_super_block* super = fs_->super;
  const uint64_t free = ext2fs_free_blocks_count(super);
  const uint64_t reserved = reserved_ - std::min(spare, reserved_);
  const uint64_t kept = reserved + ext2fs_r_blocks_count(super);
  return {.block_size = fs_->blocksize,
          .blocks = ext2fs_blocks_count(super) - super->s_first_data_block,
          .free_blocks = free > reserved ? free - reserved : 0,
          .available_blocks = free > kept ? free - kept : 0,
          .inodes = super->s_inodes_count,
          .free_inodes = super->s_free_inodes_count};
}

// Without a journal: writes the superblock alone, with or without the clean mark.
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
  TRY(cache_.flush());
  marked_ = !clean;
  return {};
}

base::Status Volume::begin_change() {
  if (options_.read_only || aborted_) return base::Error(EROFS);
  fs_->now = static_cast<uint32_t>(now().seconds);
  if (marked_) return {};
  return journal_ != nullptr ? mark_recovery(true) : write_state(false);
}

base::Status Volume::begin_operation() {
  TRY(begin_change());
  if (journal_ == nullptr) return {};
  constexpr uint64_t kSpare = 64;
  const bool crowded = cache_.dirty_blocks() >= max_transaction_;
  const bool starved = freed_count_ != 0 && free_now() < reserved_ + kSpare;
  if (crowded || starved) return commit();
  return {};
}

base::Status Volume::sync() {
  if (aborted_) return base::Error(EIO);
  // The mark is off the medium only while nothing has changed since.
  if (options_.read_only || !marked_) return {};
  if (journal_ != nullptr) return commit();
  settle_data();
  TRY(stage());
  TRY(cache_.flush());
  if (was_clean_ && orphans_.empty() && fresh_.empty()) return write_state(true);
  return {};
}

base::Status Volume::shut_down() {
  TRY(sync());
  if (journal_ != nullptr && marked_) {
    TRY(checkpoint());
    TRY(mark_recovery(false));
  }
  options_.read_only = true;
  return {};
}

base::Result<Inode> Volume::load(ext2_ino_t number) {
  Inode inode;
  inode.number = number;
  TRY(status_of(ext2fs_read_inode_full(fs_, number, inode.base(), sizeof(inode.raw))));
  const bool in_use =
      inode.raw.i_links_count != 0 || orphans_.contains(number) || fresh_.contains(number);
  if (!in_use || inode.raw.i_mode == 0) return base::Error(EIO);
  inode.durable_size = inode.size();
  return inode;
}

base::Status Volume::store(Inode& inode) {
  TRY(begin_change());
  Inode stored = inode;
  if (inode.is_regular()) {
    stored.raw.i_size = static_cast<uint32_t>(inode.durable_size);
    stored.raw.i_size_high = static_cast<uint32_t>(inode.durable_size >> 32);
  }
  if (const auto orphan = orphans_.find(inode.number); orphan != orphans_.end()) {
    stored.raw.i_dtime = orphan->second.older;
  }
  return status_of(
      ext2fs_write_inode_full(fs_, inode.number, stored.base(), sizeof(stored.raw)));
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
  changed_groups_.insert(ext2fs_group_of_ino(fs_, inode.number));
  fresh_.insert(inode.number);
  return inode;
}

base::Status Volume::free(Inode& inode) {
  TRY(begin_change());
  TRY(free_blocks_from(inode, 0));
  TRY(remove_orphan(inode.number));
  // e2fsck takes a small number for a link of the orphan list, zero for "never deleted".
  inode.raw.i_dtime =
      std::max(static_cast<uint32_t>(now().seconds), fs_->super->s_inodes_count + 1);
  inode.raw.i_links_count = 0;
  TRY(store(inode));
  ext2fs_inode_alloc_stats2(fs_, inode.number, -1, inode.is_directory());
  changed_groups_.insert(ext2fs_group_of_ino(fs_, inode.number));
  fresh_.erase(inode.number);
  indexes_.drop(inode.number);
  return {};
}

}  // namespace file
