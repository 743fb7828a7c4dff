#include "servers/file/ext2_node.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "libs/base/math.h"
#include "libs/server/open_object.h"
#include "libs/server/tree.h"
#include "servers/file/file_data.h"
#include "servers/file/file_runs.h"

namespace file {
namespace {

uint64_t page_of(uint64_t offset) { return offset / kPageSize; }
uint64_t page_up(uint64_t offset) { return base::align_up<uint64_t>(offset, kPageSize); }

}  // namespace

Ext2Node::~Ext2Node() {
  settle();
  unreserve(0);
}

base::Result<io_stat_t> Ext2Node::attributes() {
  io_stat_t s = {};
  s.st_dev = fs_.device_number();
  s.st_ino = inode_.number;
  s.st_mode = inode_.mode();
  s.st_nlink = inode_.raw.i_links_count;
  s.st_uid = inode_.uid();
  s.st_gid = inode_.gid();
  s.st_rdev = inode_.device();
  s.st_size = static_cast<long long>(inode_.size());
  s.st_blocks = ext2fs_get_stat_i_blocks(fs_.volume().ext2(), inode_.base()) +
                (reserved_pages_.count() - spare_pages()) * (kPageSize / 512);
  s.st_blksize = kPageSize;
  const Time atime = inode_.time(Inode::Stamp::kAccess);
  const Time mtime = inode_.time(Inode::Stamp::kModify);
  const Time ctime = inode_.time(Inode::Stamp::kChange);
  s.st_atime_sec = atime.seconds;
  s.st_mtime_sec = mtime.seconds;
  s.st_ctime_sec = ctime.seconds;
  s.st_atime_nsec = atime.nanoseconds;
  s.st_mtime_nsec = mtime.nanoseconds;
  s.st_ctime_nsec = ctime.nanoseconds;
  return s;
}

// Other systems make larger files than can be mapped here.
base::Result<base::Ref<server::OpenObject>> Ext2Node::open(const server::ViewRef& view,
                                                           int flags) {
  if (is_regular() && inode_.size() > Volume::kMaxFileSize) return base::Error(EOVERFLOW);
  return Node::open(view, flags);
}

base::Status Ext2Node::store(Stamp which) {
  const Time now = fs_.volume().now();
  inode_.set_time(Inode::Stamp::kChange, now);
  if (which == Stamp::kModify) {
    inode_.set_time(Inode::Stamp::kModify, now);
    slot_.stamp(now);
  }
  slot_.hide();
  return fs_.volume().store(inode_);
}

base::Status Ext2Node::change(const server::AttributeChange& change) {
  TRY(fs_.volume().begin_operation());
  if ((change.which & FS_SET_SIZE) != 0) TRY(resize(change.size));
  return apply(change);
}

base::Status Ext2Node::apply(const server::AttributeChange& change) {
  if ((change.which & FS_SET_MODE) != 0) {
    inode_.raw.i_mode = static_cast<uint16_t>((inode_.mode() & S_IFMT) | (change.mode & 07777));
  }
  const uint32_t uid = (change.which & FS_SET_UID) != 0 ? change.uid : inode_.uid();
  const uint32_t gid = (change.which & FS_SET_GID) != 0 ? change.gid : inode_.gid();
  inode_.set_owner(uid, gid);
  const Time now = fs_.volume().now();
  if ((change.which & FS_SET_ATIME) != 0) {
    inode_.set_time(Inode::Stamp::kAccess, {change.atime.sec, change.atime.nsec});
  }
  if ((change.which & FS_SET_MTIME) != 0) {
    inode_.set_time(Inode::Stamp::kModify, {change.mtime.sec, change.mtime.nsec});
  }
  if ((change.which & FS_SET_ATIME_NOW) != 0) inode_.set_time(Inode::Stamp::kAccess, now);
  if ((change.which & FS_SET_MTIME_NOW) != 0) inode_.set_time(Inode::Stamp::kModify, now);
  if ((change.which & (FS_SET_MTIME | FS_SET_MTIME_NOW)) != 0) slot_.no_stamp();
  return store(Stamp::kChange);
}

// ---- Contents ----

base::Result<FilePages*> Ext2Node::pages() {
  if (pages_ == nullptr) pages_ = TRY(fs_.page_cache().attach(*this));
  return pages_.get();
}

uint64_t Ext2Node::blocks_per_page() const { return kPageSize >> fs_.volume().block_bits(); }

base::Result<PageRanges::Stretch> Ext2Node::room_at(uint64_t page, uint64_t end) {
  const PageRanges::Stretch reserved = reserved_pages_.stretch(page, end);
  if (reserved.inside) return reserved;
  const unsigned block_bits = fs_.volume().block_bits();
  const Volume::Run run = TRY(fs_.volume().map_run(
      inode_, page * kPageSize >> block_bits, (reserved.end - page) * blocks_per_page()));
  const uint64_t pages = (run.count << block_bits) / kPageSize;
  if (pages != 0) return PageRanges::Stretch{.inside = run.block != 0, .end = page + pages};
  const uint64_t holes = TRY(count_holes(fs_.volume(), inode_, page * kPageSize, kPageSize));
  return PageRanges::Stretch{.inside = holes == 0, .end = page + 1};
}

uint64_t Ext2Node::spare_pages() const {
  return reserved_pages_.count_from(page_of(page_up(inode_.size())));
}

uint64_t Ext2Node::spare_blocks() const { return spare_pages() * blocks_per_page(); }

base::Result<size_t> Ext2Node::reserve(uint64_t position, size_t size) {
  reserving_ = true;
  auto room = reserve_pages(position, size);
  reserving_ = false;
  return room;
}

base::Result<size_t> Ext2Node::reserve_pages(uint64_t position, size_t size) {
  const uint64_t end = page_of(page_up(position + size));
  for (uint64_t page = page_of(position); page < end;) {
    const PageRanges::Stretch room = TRY(room_at(page, end));
    if (room.inside) {
      page = room.end;
      continue;
    }
    const auto pages = fs_.volume().reserve(room.end - page, blocks_per_page());
    if (!pages.ok()) {
      if (page * kPageSize <= position) return pages.error();
      return static_cast<size_t>(page * kPageSize - position);
    }
    reserved_pages_.add(page, page + pages.value());
    page += pages.value();
  }
  return size;
}

base::Result<size_t> Ext2Node::find_room(uint64_t position, size_t size) {
  for (;;) {
    auto room = reserve(position, size);
    if (room.code() != ENOSPC || !fs_.wait_for_removed_file()) return room;
  }
}

void Ext2Node::unreserve(uint64_t first, uint64_t end) {
  fs_.volume().unreserve(reserved_pages_.remove(first, end) * blocks_per_page());
}

base::Result<size_t> Ext2Node::read(uint64_t position, std::span<uint8_t> data) {
  if (!is_regular()) return Node::read(position, data);
  const uint64_t size = inode_.size();
  if (position >= size || data.empty()) return size_t{0};
  data = data.first(static_cast<size_t>(std::min<uint64_t>(data.size(), size - position)));
  FilePages* const pages = TRY(this->pages());
  server::Unlocked unlocked(fs_.lock());
  TRY(pages->read(position, data));
  return data.size();
}

base::Result<size_t> Ext2Node::write(uint64_t position, std::span<const uint8_t> data,
                                     uint64_t* end) {
  if (!is_regular()) return Node::write(position, data, end);
  if (pinned_) return base::Error(ETXTBSY);
  if (position == kAppend) position = inode_.size();
  if (position >= Volume::kMaxFileSize) return base::Error(EFBIG);
  data = data.first(static_cast<size_t>(
      std::min<uint64_t>(data.size(), Volume::kMaxFileSize - position)));
  TRY(fs_.volume().begin_operation());
  FilePages* const pages = TRY(this->pages());
  if (position > page_up(inode_.size())) TRY(discard_loose_pages());
  data = data.first(TRY(find_room(position, data.size())));
  *end = position + data.size();
  if (*end > inode_.size()) TRY(extend(*end, position));
  may_be_dirty_ = true;
  ++writes_;
  {
    server::Unlocked unlocked(fs_.lock());
    TRY(pages->write(position, data));
  }
  slot_.set_size(inode_.size());
  TRY(store(Stamp::kModify));
  return data.size();
}

// The size grows before the data is there, since pages beyond the end are not written out. Bytes of
// the old last page behind the old end may be what somebody wrote through a mapping, or what was in
// the block before the file was made shorter: zeroed.
base::Status Ext2Node::extend(uint64_t size, uint64_t zero_until) {
  const uint64_t old_size = inode_.size();
  slot_.hide();
  // What lies between has no room: windows that reach there are not to be written any more.
  if (zero_until > page_up(old_size)) slot_.next_epoch();
  TRY(fs_.volume().set_size(inode_, size));
  TRY(fs_.volume().store(inode_));
  return zero_in_last_page(old_size, std::min(zero_until, page_up(old_size)));
}

base::Status Ext2Node::zero_in_last_page(uint64_t from, uint64_t to) {
  if (to <= from) return {};
  const uint64_t page = page_of(from) * kPageSize;
  const uint64_t blocks = kPageSize / fs_.volume().block_size();
  if (!attached_ && TRY(count_holes(fs_.volume(), inode_, page, kPageSize)) == blocks) return {};
  FilePages* const pages = TRY(this->pages());
  may_be_dirty_ = true;
  ++writes_;
  server::Unlocked unlocked(fs_.lock());
  return pages->zero(from, static_cast<size_t>(to - from));
}

// A client has written [position, end) through a window. Whatever happened to these pages, or to their room, has changed
// the epoch.
base::Status Ext2Node::grow(const server::Growth& growth) {
  if (!is_regular()) return base::Error(ENODEV);
  if (pinned_) return base::Error(ETXTBSY);
  TRY(fs_.volume().begin_operation());
  const uint64_t size = inode_.size();
  if (growth.epoch != slot_.epoch() || growth.position > size || growth.end > loose_end_) return base::Error(EAGAIN);
  may_be_dirty_ = true;
  ++writes_;
  if (growth.end > size) {
    slot_.hide();
    TRY(fs_.volume().set_size(inode_, growth.end));
    slot_.set_size(growth.end);
  }
  return store(Stamp::kModify);
}

uint64_t Ext2Node::make_room(const server::WindowRequest& request) {
  const uint64_t size = inode_.size();
  const uint64_t end = std::min<uint64_t>(request.offset + request.size, Volume::kMaxFileSize);
  const uint64_t start = std::max(page_up(size), request.offset);
  const bool gap = request.offset > std::max(size, loose_end_);
  if (gap || end <= size || !slot_.exists()) return 0;
  uint64_t room_end = std::min(start, end);
  if (start < end) {
    const auto room = reserve(start, static_cast<size_t>(end - start));
    if (room.ok()) room_end += room.value();
  }
  loose_end_ = std::max(loose_end_, room_end);
  return room_end;
}

void Ext2Node::release_room() {
  if (reserving_ || spare_pages() == 0) return;
  unreserve(page_of(page_up(inode_.size())));
  slot_.next_epoch();
}

uint64_t Ext2Node::empty_until(uint64_t offset) const {
  return offset >= inode_.size() ? std::max(offset, page_up(loose_end_)) : offset;
}

base::Status Ext2Node::discard_loose_pages() {
  const uint64_t first = page_up(inode_.size());
  if (std::exchange(loose_end_, 0) > first) {
    slot_.next_epoch();
    unreserve(page_of(first));
  }
  // Who maps the file can write behind its end, too.
  if (!attached_ || !mapped_for_writing_) return {};
  FilePages* const pages = TRY(this->pages());
  const server::Unlocked unlocked(fs_.lock());
  return pages->discard_from(first);
}

// Pages behind the new end are not written from the moment the size is smaller. On the medium the
// file keeps its size until the blocks go with it, in one transaction.
base::Status Ext2Node::shrink(uint64_t size) {
  slot_.hide();
  slot_.next_epoch();
  slot_.set_size(size);
  loose_end_ = 0;
  TRY(fs_.volume().set_size(inode_, size));
  if (attached_) {
    FilePages* const pages = TRY(this->pages());
    server::Unlocked unlocked(fs_.lock());
    TRY(pages->discard_from(page_up(size)));
  }
  unreserve(page_of(page_up(size)));
  settle();
  TRY(fs_.volume().operate([&] { return cut_file(fs_.volume(), inode_, size); }));
  shrunk_in_ = fs_.volume().transaction();
  return zero_in_last_page(size, page_up(size));
}

base::Status Ext2Node::resize(uint64_t size) {
  if (!is_regular()) return base::Error(EINVAL);
  if (pinned_) return base::Error(ETXTBSY);
  if (size > Volume::kMaxFileSize) return base::Error(EFBIG);
  if (size < inode_.size()) {
    TRY(shrink(size));
  } else {
    if (size > page_up(inode_.size())) TRY(discard_loose_pages());
    TRY(extend(size, size));
    inode_.durable_size = size;
  }
  slot_.set_size(size);
  return store(Stamp::kModify);
}

base::Status Ext2Node::sync(Sync) {
  TRY(clean_pages());
  return fs_.volume().sync();
}

base::Status Ext2Node::clean_pages() {
  if (!attached_ || !may_be_dirty_) return {};
  FilePages* const pages = TRY(this->pages());
  const uint64_t writes = writes_;
  {
    server::Unlocked unlocked(fs_.lock());
    TRY(pages->clean());
  }
  // Who maps the file for writing changes pages without telling.
  if (writes == writes_ && !mapped_for_writing_) may_be_dirty_ = false;
  return {};
}

base::Result<mach_port_t> Ext2Node::memory_object(int protection) {
  constexpr int kWritable = 2;  // VM_PROT_WRITE
  if (!is_regular()) return base::Error(ENODEV);
  if (pinned_ && (protection & kWritable) != 0) return base::Error(ETXTBSY);
  FilePages* const pages = TRY(this->pages());
  if ((protection & kWritable) != 0) may_be_dirty_ = mapped_for_writing_ = true;
  handed_out_tick_ = fs_.tick();
  return pages->memory_object();
}

base::Result<bool> Ext2Node::has_room(uint64_t offset, uint64_t size) {
  const uint64_t end = page_of(page_up(std::min(offset + size, inode_.size())));
  for (uint64_t page = page_of(offset); page < end;) {
    const PageRanges::Stretch room = TRY(room_at(page, end));
    if (!room.inside) return false;
    page = room.end;
  }
  return true;
}

// Who may write the window does so without telling, like who maps the file.
base::Result<server::Window> Ext2Node::map_window(const server::WindowRequest& request) {
  if (!is_regular()) return base::Error(ENODEV);
  if (pinned_ && request.write) return base::Error(ETXTBSY);
  FilePages* const pages = TRY(this->pages());
  server::Window window{.writable = request.write, .epoch = slot_.epoch()};
  if (request.write) {
    TRY(fs_.volume().begin_operation());
    window.writable = TRY(has_room(request.offset, request.size));
  }
  if (window.writable) {
    may_be_dirty_ = mapped_for_writing_ = true;
    window.room_end = make_room(request);
    window.epoch = slot_.epoch();
  }
  handed_out_tick_ = fs_.tick();
  const server::Unlocked unlocked(fs_.lock());
  TRY(pages->map_into(request, window.writable));
  return window;
}

// Whoever wrote the file last may have left it in memory, without having it mapped any more. The kernel lets go of it
// then, and returns what was modified.
bool Ext2Node::detach() {
  constexpr auto kStep = std::chrono::milliseconds(10);
  for (int left = 1000; attached_ && left > 0; --left) {
    retire_pages();
    const server::Unlocked unlocked(fs_.lock());
    std::this_thread::sleep_for(kStep);
  }
  return !attached_;
}

// What is in memory goes to the disk first. Nobody can modify it from then on until unpin(), but what is read meanwhile
// stays behind what others write there.
base::Result<server::DiskPlace> Ext2Node::pin() {
  if (!is_regular() || fs_.volume().device_name().empty()) return base::Error(EINVAL);
  if (pinned_) return base::Error(EBUSY);
  pinned_ = true;
  auto status = mapped_for_writing_ && !detach() ? base::Error(ETXTBSY) : sync(Sync::kAll);
  auto runs = status.ok() ? file_runs(fs_.volume(), inode_) : status.error();
  if (!runs.ok()) {
    pinned_ = false;
    return runs.error();
  }
  return server::DiskPlace{std::string(fs_.volume().device_name()), runs.take()};
}

// The page cache shows what the disk has now.
base::Status Ext2Node::unpin() {
  pinned_ = false;
  if (!attached_) return {};
  FilePages* const pages = TRY(this->pages());
  server::Unlocked unlocked(fs_.lock());
  return pages->discard_from(0);
}

base::Result<PageStore::Content> Ext2Node::page_in(uint64_t offset, std::span<uint8_t> data) {
  if (freed_ || offset >= inode_.size()) return Content::kZeros;
  const uint64_t blocks = data.size() >> fs_.volume().block_bits();
  const uint64_t holes = TRY(count_holes(fs_.volume(), inode_, offset, data.size()));
  if (holes == blocks) return Content::kZeros;
  TRY(read_file(fs_.volume(), inode_, offset, data));
  return Content::kData;
}

std::unique_ptr<PendingRead> Ext2Node::start_page_in(uint64_t offset, size_t size) {
  if (freed_) return nullptr;
  return start_read_file(fs_.volume(), inode_, offset, size);
}

base::Result<bool> Ext2Node::page_out(uint64_t offset, std::span<uint8_t> data, Failed failed) {
  // What a client wrote behind the end, and has not told of, goes.
  if (offset + data.size() > inode_.size() && offset < loose_end_) slot_.next_epoch();
  if (freed_ || offset >= inode_.size()) return false;
  // The last page of a file made shorter is zero behind the end. It must not be on the medium while
  // the file has its old size there.
  if (shrunk_in_ == fs_.volume().transaction()) TRY(fs_.volume().sync());
  TRY(fs_.volume().begin_operation());
  auto written =
      write_file_behind(fs_.volume(), inode_, offset, data, [this, failed = std::move(failed)](int error) {
        slot_.next_epoch();
        failed(error);
      });
  slot_.hide();
  if (!written.ok()) slot_.next_epoch();
  unreserve(page_of(offset), page_of(offset + data.size()));
  return written;
}

void Ext2Node::settle() { fs_.volume().settle_data(inode_.number); }

void Ext2Node::pages_detached() {
  release_room();
  loose_end_ = 0;
  attached_ = false;
  may_be_dirty_ = false;
  mapped_for_writing_ = false;
  if (ref_count() == 0) fs_.release(*this);
}

void Ext2Node::retire_pages() {
  if (pages_ != nullptr) pages_->retire();
}

void Ext2Node::free_inode() {
  if (std::exchange(freed_, true)) return;
  settle();
  unreserve(0);
  // What cannot be freed stays on the list of inodes to be freed by the next mount.
  (void)fs_.volume().operate([&] { return fs_.volume().free(inode_); });
}

}  // namespace file
