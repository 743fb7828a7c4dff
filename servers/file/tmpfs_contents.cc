// TmpNode: the contents of regular files.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "libs/base/math.h"
#include "servers/file/tmpfs_node.h"

namespace file {
namespace {

constexpr uint64_t kMaxSize = 0xfff00000;  // as Volume::kMaxFileSize

uint64_t page_up(uint64_t offset) { return base::align_up<uint64_t>(offset, kPageSize); }

}  // namespace

void TmpNode::on_last_release() { delete_unless_mapped(); }

// The kernel's answer to retire() brings an attached node back to pages_detached(). A memory object
// given out a moment ago may be about to be mapped: the kernel's first message is on its way.
void TmpNode::delete_unless_mapped() {
  if (attached_) {
    mapping_->retire();
  } else if (fs_.tick() - handed_out_tick_ <= 1) {
    lingering_ = true;
    fs_.delete_later(*this);
  } else {
    delete this;
  }
}

void TmpNode::linger_no_more() {
  lingering_ = false;
  delete_unless_mapped();
}

void TmpNode::pages_detached() {
  attached_ = false;
  if (ref_count() == 0 && !lingering_) delete_unless_mapped();
}

void TmpNode::load(uint64_t position, std::span<uint8_t> data) {
  for (size_t done = 0; done < data.size();) {
    const auto within = static_cast<size_t>((position + done) % kPageSize);
    const size_t part = std::min<size_t>(kPageSize - within, data.size() - done);
    const auto page = pages_.find((position + done) / kPageSize);
    if (page == pages_.end()) {
      std::memset(data.data() + done, 0, part);
    } else {
      std::memcpy(data.data() + done, page->second->data() + within, part);
    }
    done += part;
  }
}

void TmpNode::store(uint64_t position, std::span<const uint8_t> data) {
  for (size_t done = 0; done < data.size();) {
    const auto within = static_cast<size_t>((position + done) % kPageSize);
    const size_t part = std::min<size_t>(kPageSize - within, data.size() - done);
    Page& page = *pages_.at((position + done) / kPageSize);
    std::memcpy(page.data() + within, data.data() + done, part);
    done += part;
  }
}

base::Result<size_t> TmpNode::make_pages(uint64_t position, size_t size) {
  for (uint64_t page = position / kPageSize; page * kPageSize < position + size; ++page) {
    if (pages_.contains(page)) continue;
    if (const auto charged = fs_.charge(kPageSize); !charged.ok()) {
      if (page * kPageSize <= position) return charged.error();
      return static_cast<size_t>(page * kPageSize - position);
    }
    pages_.emplace(page, std::make_unique<Page>());
  }
  return size;
}

base::Result<size_t> TmpNode::read(uint64_t position, std::span<uint8_t> data) {
  if (!is_regular()) return Node::read(position, data);
  if (position >= size_) return size_t{0};
  data = data.first(static_cast<size_t>(std::min<uint64_t>(data.size(), size_ - position)));
  if (mapping_ == nullptr) {
    load(position, data);
    return data.size();
  }
  server::Unlocked unlocked(fs_.lock());
  TRY(mapping_->read(position, data));
  return data.size();
}

base::Result<size_t> TmpNode::write(uint64_t position, std::span<const uint8_t> data,
                                    uint64_t* end) {
  if (!is_regular()) return Node::write(position, data, end);
  if (position == kAppend) position = size_;
  if (position >= kMaxSize) return base::Error(EFBIG);
  data = data.first(static_cast<size_t>(std::min<uint64_t>(data.size(), kMaxSize - position)));
  data = data.first(TRY(make_pages(position, data.size())));
  *end = position + data.size();
  if (position > size_) TRY(resize(position));
  size_ = std::max(size_, *end);
  touch();
  if (mapping_ == nullptr) {
    store(position, data);
  } else {
    server::Unlocked unlocked(fs_.lock());
    TRY(mapping_->write(position, data));
  }
  slot_.set_size(size_);
  return data.size();
}

// Forgets what lies behind `size`.
void TmpNode::cut(uint64_t size) {
  const uint64_t kept = page_up(size) / kPageSize;
  const size_t dropped = std::erase_if(pages_, [&](const auto& p) { return p.first >= kept; });
  fs_.discharge(dropped * kPageSize);
  const auto last = pages_.find(size / kPageSize);
  if (last == pages_.end()) return;
  const auto within = static_cast<size_t>(size % kPageSize);
  std::memset(last->second->data() + within, 0, kPageSize - within);
}

base::Status TmpNode::resize(uint64_t size) {
  if (!is_regular()) return base::Error(EINVAL);
  if (size > kMaxSize) return base::Error(EFBIG);
  const uint64_t smaller = std::min(size, size_);
  const bool shrinks = size < size_;
  slot_.hide();
  // Longer, there are pages without room: windows that reach there are not to be written any more.
  if (shrinks || size > page_up(size_)) slot_.next_epoch();
  if (shrinks) slot_.set_size(size);
  size_ = size;
  if (attached_) {
    // Through a mapping anybody may have written behind the end in the last page.
    server::Unlocked unlocked(fs_.lock());
    if (shrinks) TRY(mapping_->discard_from(page_up(smaller)));
    if (smaller % kPageSize != 0) {
      TRY(mapping_->zero(smaller, static_cast<size_t>(page_up(smaller) - smaller)));
    }
  }
  if (shrinks) cut(size);
  slot_.set_size(size);
  return {};
}

base::Result<mach_port_t> TmpNode::memory_object(int) {
  if (!is_regular()) return base::Error(ENODEV);
  if (mapping_ == nullptr) mapping_ = TRY(fs_.page_cache().attach(*this));
  handed_out_tick_ = fs_.tick();
  return mapping_->memory_object();
}

base::Result<server::Window> TmpNode::map_window(const server::WindowRequest& request) {
  if (!is_regular()) return base::Error(ENODEV);
  if (mapping_ == nullptr) mapping_ = TRY(fs_.page_cache().attach(*this));
  server::Window window{.writable = request.write, .epoch = slot_.epoch()};
  const uint64_t end = std::min(request.offset + request.size, page_up(size_));
  for (uint64_t at = request.offset; at < end; at += kPageSize) {
    if (!pages_.contains(at / kPageSize)) window.writable = false;
  }
  handed_out_tick_ = fs_.tick();
  const server::Unlocked unlocked(fs_.lock());
  TRY(mapping_->map_into(request, window.writable));
  return window;
}

base::Result<PageStore::Content> TmpNode::page_in(uint64_t offset, std::span<uint8_t> data) {
  const uint64_t first = offset / kPageSize;
  bool any = false;
  for (uint64_t page = first; page < first + data.size() / kPageSize; ++page) {
    any = any || pages_.contains(page);
  }
  if (!any) return Content::kZeros;
  load(offset, data);
  return Content::kData;
}

base::Result<bool> TmpNode::page_out(uint64_t offset, std::span<uint8_t> data, Failed) {
  if (offset >= size_) return false;
  data = data.first(static_cast<size_t>(std::min<uint64_t>(data.size(), size_ - offset)));
  slot_.hide();
  const size_t room = TRY(make_pages(offset, data.size()));
  store(offset, data.first(room));
  if (room != data.size()) return base::Error(ENOSPC);
  return false;
}

}  // namespace file
