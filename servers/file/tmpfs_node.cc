#include "servers/file/tmpfs_node.h"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace file {
namespace {

constexpr uint64_t kNodeCost = 256;  // what a node and its name take, about
constexpr uint64_t kMaxSize = 0xfffff000;

uint8_t entry_type(uint32_t mode) { return static_cast<uint8_t>((mode & S_IFMT) >> 12); }

}  // namespace

TmpNode::TmpNode(TmpFs& fs, const server::NewNode& what)
    : fs_(fs),
      number_(fs.next_number()),
      mode_(what.mode),
      uid_(what.uid),
      gid_(what.gid),
      rdev_(what.rdev),
      links_(S_ISDIR(what.mode) ? 2 : 0),
      target_(what.target) {
  atime_ = mtime_ = ctime_ = fs.now();
  if (S_ISLNK(mode_)) size_ = target_.size();
}

TmpNode::~TmpNode() {
  clear();
  fs_.discharge(pages_.size() * kPageSize);
  if (parent_ != this) fs_.discharge(kNodeCost);
}

void TmpNode::clear() {
  for (auto& [position, child] : children_) {
    if (child.node->parent_ == this) child.node->parent_ = nullptr;
    child.node->clear();
  }
  positions_.clear();
  children_.clear();
}

bool TmpNode::is_used_below() const {
  return std::ranges::any_of(children_, [](const auto& entry) {
    const TmpNode& node = *entry.second.node;
    const uint32_t names = node.is_directory() ? 1 : node.links_;
    return node.ref_count() > names || node.is_used_below();
  });
}

void TmpNode::touch() { mtime_ = ctime_ = fs_.now(); }

base::Result<io_stat_t> TmpNode::attributes() {
  io_stat_t s = {};
  s.st_dev = fs_.device();
  s.st_ino = number_;
  s.st_mode = mode_;
  s.st_nlink = links_;
  s.st_uid = uid_;
  s.st_gid = gid_;
  s.st_rdev = rdev_;
  s.st_size = static_cast<long long>(size_);
  s.st_blocks = pages_.size() * (kPageSize / 512);
  s.st_atime_sec = atime_.seconds;
  s.st_mtime_sec = mtime_.seconds;
  s.st_ctime_sec = ctime_.seconds;
  s.st_atime_nsec = atime_.nanoseconds;
  s.st_mtime_nsec = mtime_.nanoseconds;
  s.st_ctime_nsec = ctime_.nanoseconds;
  s.st_blksize = kPageSize;
  return s;
}

base::Status TmpNode::change(const server::AttributeChange& change) {
  if ((change.which & FS_SET_SIZE) != 0) {
    if (!is_regular()) return base::Error(EINVAL);
    if (change.size > kMaxSize) return base::Error(EFBIG);
    resize(change.size);
    touch();
  }
  if ((change.which & FS_SET_MODE) != 0) mode_ = (mode_ & S_IFMT) | (change.mode & 07777);
  if ((change.which & FS_SET_UID) != 0) uid_ = change.uid;
  if ((change.which & FS_SET_GID) != 0) gid_ = change.gid;
  if ((change.which & FS_SET_ATIME) != 0) atime_ = {change.atime.sec, change.atime.nsec};
  if ((change.which & FS_SET_MTIME) != 0) mtime_ = {change.mtime.sec, change.mtime.nsec};
  if ((change.which & FS_SET_ATIME_NOW) != 0) atime_ = fs_.now();
  if ((change.which & FS_SET_MTIME_NOW) != 0) mtime_ = fs_.now();
  ctime_ = fs_.now();
  return {};
}

TmpNode::Children::iterator TmpNode::find(std::string_view name) {
  const auto found = positions_.find(std::string(name));
  return found == positions_.end() ? children_.end() : children_.find(found->second);
}

void TmpNode::insert(std::string_view name, base::Ref<TmpNode> node) {
  if (node->is_directory()) {
    node->parent_ = this;
    ++links_;
  } else {
    ++node->links_;
  }
  positions_.emplace(name, next_position_);
  children_.emplace(next_position_++, Child{std::string(name), std::move(node)});
  touch();
}

void TmpNode::erase(Children::iterator at) {
  TmpNode& node = *at->second.node;
  if (node.is_directory()) {
    --links_;
  } else {
    --node.links_;
  }
  node.ctime_ = fs_.now();
  positions_.erase(at->second.name);
  children_.erase(at);
  touch();
}

base::Result<server::NodeRef> TmpNode::lookup(std::string_view name) {
  if (!is_directory()) return base::Error(ENOTDIR);
  const auto found = find(name);
  if (found == children_.end()) return base::Error(ENOENT);
  return server::NodeRef(found->second.node);
}

base::Result<server::NodeRef> TmpNode::parent() {
  if (!is_directory()) return base::Error(ENOTDIR);
  if (parent_ == nullptr) return base::Error(ENOENT);
  return server::NodeRef(parent_);
}

base::Result<server::NodeRef> TmpNode::create(std::string_view name,
                                              const server::NewNode& what) {
  if (!is_directory()) return base::Error(ENOTDIR);
  if (find(name) != children_.end()) return base::Error(EEXIST);
  TRY(fs_.charge(kNodeCost));
  auto node = base::adopt_ref(new TmpNode(fs_, what));
  insert(name, node);
  return server::NodeRef(node);
}

base::Status TmpNode::link(std::string_view name, server::Node& target) {
  if (!is_directory()) return base::Error(ENOTDIR);
  auto& node = static_cast<TmpNode&>(target);
  // A file without a name stays without.
  if (node.links_ == 0) return base::Error(ENOENT);
  insert(name, base::Ref(&node));
  node.ctime_ = fs_.now();
  return {};
}

base::Status TmpNode::unlink(std::string_view name) {
  const auto found = find(name);
  if (found == children_.end()) return base::Error(ENOENT);
  if (found->second.node->is_directory()) return base::Error(EISDIR);
  erase(found);
  return {};
}

base::Status TmpNode::remove_directory(std::string_view name) {
  const auto found = find(name);
  if (found == children_.end()) return base::Error(ENOENT);
  TmpNode& node = *found->second.node;
  if (!node.is_directory()) return base::Error(ENOTDIR);
  if (!node.children_.empty()) return base::Error(ENOTEMPTY);
  node.links_ = 0;
  node.parent_ = nullptr;
  erase(found);
  return {};
}

base::Status TmpNode::rename(std::string_view name, server::Node& to, std::string_view to_name,
                             Rename how) {
  auto& target = static_cast<TmpNode&>(to);
  const auto from = find(name);
  if (from == children_.end()) return base::Error(ENOENT);
  const base::Ref<TmpNode> moved = from->second.node;
  const auto victim = target.find(to_name);
  if (how == Rename::kExchange) {
    if (victim == target.children_.end()) return base::Error(ENOENT);
    const base::Ref<TmpNode> other = victim->second.node;
    erase(from);
    target.erase(target.find(to_name));
    target.insert(to_name, moved);
    insert(name, other);
    return {};
  }
  if (victim != target.children_.end()) {
    TRY(victim->second.node->is_directory() ? target.remove_directory(to_name)
                                            : target.unlink(to_name));
  }
  erase(find(name));
  target.insert(to_name, moved);
  moved->ctime_ = fs_.now();
  return {};
}

base::Status TmpNode::read_directory(int64_t position, server::DirectorySink& sink) {
  if (!is_directory()) return base::Error(ENOTDIR);
  const uint64_t above = parent_ != nullptr ? parent_->number_ : number_;
  if (position < 1 && !sink.add({number_, DT_DIR, ".", 1})) return {};
  if (position < 2 && !sink.add({above, DT_DIR, "..", 2})) return {};
  for (auto at = children_.lower_bound(position); at != children_.end(); ++at) {
    const Child& child = at->second;
    const uint8_t type = entry_type(child.node->mode());
    if (!sink.add({child.node->number_, type, child.name, at->first + 1})) break;
  }
  return {};
}

base::Result<std::string> TmpNode::read_link() {
  if (!is_symlink()) return base::Error(EINVAL);
  return target_;
}

base::Result<size_t> TmpNode::read(uint64_t position, std::span<uint8_t> data) {
  if (!is_regular()) return base::Error(is_directory() ? EISDIR : EINVAL);
  if (position >= size_) return size_t{0};
  data = data.first(static_cast<size_t>(std::min<uint64_t>(data.size(), size_ - position)));
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
  return data.size();
}

base::Result<size_t> TmpNode::write(uint64_t position, std::span<const uint8_t> data,
                                    uint64_t* end) {
  if (!is_regular()) return base::Error(is_directory() ? EISDIR : EINVAL);
  if (position == kAppend) position = size_;
  if (position > kMaxSize || data.size() > kMaxSize - position) return base::Error(EFBIG);
  size_t done = 0;
  while (done < data.size()) {
    const auto within = static_cast<size_t>((position + done) % kPageSize);
    const size_t part = std::min<size_t>(kPageSize - within, data.size() - done);
    auto& page = pages_[(position + done) / kPageSize];
    if (page == nullptr) {
      if (!fs_.charge(kPageSize).ok()) {
        pages_.erase((position + done) / kPageSize);
        break;
      }
      page = std::make_unique<Page>();
    }
    std::memcpy(page->data() + within, data.data() + done, part);
    done += part;
  }
  if (done == 0 && !data.empty()) return base::Error(ENOSPC);
  size_ = std::max(size_, position + done);
  touch();
  *end = position + done;
  return done;
}

void TmpNode::resize(uint64_t size) {
  if (size < size_) {
    const uint64_t kept = (size + kPageSize - 1) / kPageSize;
    const size_t dropped = std::erase_if(pages_, [&](const auto& p) { return p.first >= kept; });
    fs_.discharge(dropped * kPageSize);
    const auto last = pages_.find(size / kPageSize);
    if (last != pages_.end()) {
      const auto within = static_cast<size_t>(size % kPageSize);
      std::memset(last->second->data() + within, 0, kPageSize - within);
    }
  }
  size_ = size;
}

}  // namespace file
