#include "servers/file/tmpfs_node.h"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace file {
namespace {

constexpr uint64_t kNodeCost = 256;  // what a node and its name take, about

uint8_t entry_type(uint32_t mode) { return static_cast<uint8_t>((mode & S_IFMT) >> 12); }

}  // namespace

TmpNode::TmpNode(TmpFs& fs, const server::NewNode& what)
    : fs_(fs),
      slot_(fs.page_cache().slots()),
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
  mapping_.reset();
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
    return node.ref_count() > names || node.attached_ || node.is_used_below();
  });
}

void TmpNode::touch() {
  mtime_ = ctime_ = fs_.now();
  slot_.stamp(mtime_);
  slot_.hide();
}

void TmpNode::touch_change() {
  ctime_ = fs_.now();
  slot_.hide();
}

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
    TRY(resize(change.size));
    touch();
  }
  if ((change.which & FS_SET_MODE) != 0) mode_ = (mode_ & S_IFMT) | (change.mode & 07777);
  if ((change.which & FS_SET_UID) != 0) uid_ = change.uid;
  if ((change.which & FS_SET_GID) != 0) gid_ = change.gid;
  if ((change.which & FS_SET_ATIME) != 0) atime_ = {change.atime.sec, change.atime.nsec};
  if ((change.which & FS_SET_MTIME) != 0) mtime_ = {change.mtime.sec, change.mtime.nsec};
  if ((change.which & FS_SET_ATIME_NOW) != 0) atime_ = fs_.now();
  if ((change.which & FS_SET_MTIME_NOW) != 0) mtime_ = fs_.now();
  if ((change.which & (FS_SET_MTIME | FS_SET_MTIME_NOW)) != 0) slot_.no_stamp();
  touch_change();
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
    node->slot_.hide();
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
  node.touch_change();
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
  node.touch_change();
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
  moved->touch_change();
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

}  // namespace file
