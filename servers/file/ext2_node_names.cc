// Ext2Node: the names in a directory, and symbolic links.
#include <dirent.h>

#include <cerrno>
#include <cstring>

#include "servers/file/directory.h"
#include "servers/file/ext2_node.h"
#include "servers/file/file_data.h"

namespace file {
namespace {

constexpr uint8_t kEntryTypes[] = {DT_UNKNOWN, DT_REG,  DT_DIR,  DT_CHR,
                                   DT_BLK,     DT_FIFO, DT_SOCK, DT_LNK};

uint8_t entry_type(uint8_t ext2_type) {
  return ext2_type < std::size(kEntryTypes) ? kEntryTypes[ext2_type] : DT_UNKNOWN;
}

}  // namespace

base::Result<base::Ref<Ext2Node>> Ext2Node::child(std::string_view name) {
  if (!is_directory()) return base::Error(ENOTDIR);
  return fs_.node(TRY(Directory(fs_.volume(), inode_).lookup(name)));
}

base::Result<server::NodeRef> Ext2Node::lookup(std::string_view name) {
  return server::NodeRef(TRY(child(name)));
}

base::Result<server::NodeRef> Ext2Node::parent() {
  if (inode_.number == Volume::kRootInode) return server::NodeRef(this);
  if (!has_links()) return base::Error(ENOENT);
  return server::NodeRef(TRY(child("..")));
}

namespace {

base::Status fill_link(Volume& volume, Inode& inode, std::string_view target) {
  if (target.size() >= volume.block_size()) return base::Error(ENAMETOOLONG);
  inode.raw.i_size = static_cast<uint32_t>(target.size());
  if (target.size() < sizeof(inode.raw.i_block)) {
    std::memcpy(inode.raw.i_block, target.data(), target.size());
    return {};
  }
  std::vector<uint8_t> data(volume.block_size());
  std::memcpy(data.data(), target.data(), target.size());
  TRY(volume.reserve(1));
  const base::Status written = write_file(volume, inode, 0, data);
  volume.unreserve(1);
  return written;
}

}  // namespace

base::Status Ext2Node::fill_new(Inode& inode, const server::NewNode& what) {
  Volume& volume = fs_.volume();
  if (inode.is_directory()) {
    TRY(volume.init_directory(inode, inode_.number));
    inode.raw.i_links_count = 2;
    return volume.store(inode);
  }
  if (inode.is_device()) inode.set_device(what.rdev);
  if (inode.is_symlink()) {
    TRY(fill_link(volume, inode, what.target));
  }
  inode.raw.i_links_count = 1;
  return volume.store(inode);
}

base::Result<server::NodeRef> Ext2Node::create(std::string_view name,
                                               const server::NewNode& what) {
  if (!is_directory()) return base::Error(ENOTDIR);
  if (!has_links()) return base::Error(ENOENT);
  if (S_ISDIR(what.mode) && inode_.raw.i_links_count >= kMaxLinks) return base::Error(EMLINK);
  for (;;) {
    auto made = fs_.volume().operate([&] { return add_new(name, what); });
    if (made.code() != ENOSPC || !fs_.wait_for_removed_file()) return made;
  }
}

base::Result<server::NodeRef> Ext2Node::add_new(std::string_view name,
                                                const server::NewNode& what) {
  Volume& volume = fs_.volume();
  Inode inode = TRY(volume.allocate(inode_, what.mode, what.uid, what.gid));
  base::Status made = fill_new(inode, what);
  if (made.ok()) made = Directory(volume, inode_).insert(name, inode.number, what.mode);
  if (!made.ok()) {
    inode.raw.i_links_count = 0;
    (void)volume.free(inode);
    return made.error();
  }
  volume.named(inode.number);
  if (inode.is_directory()) {
    ++inode_.raw.i_links_count;
    TRY(volume.store(inode_));
  }
  return server::NodeRef(fs_.add(inode));
}

base::Status Ext2Node::link(std::string_view name, server::Node& target) {
  if (!is_directory()) return base::Error(ENOTDIR);
  if (!has_links()) return base::Error(ENOENT);
  auto& node = static_cast<Ext2Node&>(target);
  // A file without a name stays without.
  if (!node.has_links()) return base::Error(ENOENT);
  if (node.inode_.raw.i_links_count >= kMaxLinks) return base::Error(EMLINK);
  return fs_.volume().operate([&]() -> base::Status {
    TRY(Directory(fs_.volume(), inode_).insert(name, node.inode_.number, node.mode()));
    ++node.inode_.raw.i_links_count;
    return node.store(Stamp::kChange);
  });
}

// Takes links from a node that has lost a name. Without links it lives on until its last release.
base::Status Ext2Node::drop_link(Ext2Node& node, uint32_t count) {
  uint16_t& links = node.inode_.raw.i_links_count;
  links = static_cast<uint16_t>(links > count ? links - count : 0);
  if (links == 0) fs_.volume().add_orphan(node.inode_.number);
  return node.store(Stamp::kChange);
}

// In all that follows, a node that loses its last name must not be released before the operation is
// complete: its blocks are freed then, which may commit.

base::Status Ext2Node::unlink(std::string_view name) {
  const base::Ref<Ext2Node> node = TRY(child(name));
  if (node->is_directory()) return base::Error(EISDIR);
  return fs_.volume().operate([&] { return drop_name(name, *node); });
}

base::Status Ext2Node::drop_name(std::string_view name, Ext2Node& node) {
  TRY(Directory(fs_.volume(), inode_).remove(name));
  return drop_link(node, 1);
}

base::Status Ext2Node::remove_directory(std::string_view name) {
  const base::Ref<Ext2Node> node = TRY(child(name));
  if (!node->is_directory()) return base::Error(ENOTDIR);
  if (!TRY(Directory(fs_.volume(), node->inode_).is_empty())) return base::Error(ENOTEMPTY);
  return fs_.volume().operate([&] { return drop_directory(name, *node); });
}

base::Status Ext2Node::drop_directory(std::string_view name, Ext2Node& node) {
  TRY(Directory(fs_.volume(), inode_).remove(name));
  TRY(drop_link(node, node.inode_.raw.i_links_count));
  return drop_link(*this, 1);
}

// A directory has come from one parent to another.
base::Status Ext2Node::move_directory(Ext2Node& old_parent, Ext2Node& new_parent) {
  if (&old_parent == &new_parent) return {};
  TRY(Directory(fs_.volume(), inode_)
          .replace("..", new_parent.inode_.number, new_parent.mode()));
  --old_parent.inode_.raw.i_links_count;
  ++new_parent.inode_.raw.i_links_count;
  TRY(fs_.volume().store(old_parent.inode_));
  return fs_.volume().store(new_parent.inode_);
}

// Lets a name of this directory mean `moved` in place of `victim`, which loses it.
base::Status Ext2Node::replace_name(std::string_view to_name, Ext2Node& moved, Ext2Node& victim) {
  if (victim.is_directory() && !TRY(Directory(fs_.volume(), victim.inode_).is_empty())) {
    return base::Error(ENOTEMPTY);
  }
  TRY(Directory(fs_.volume(), inode_).replace(to_name, moved.inode_.number, moved.mode()));
  if (!victim.is_directory()) return drop_link(victim, 1);
  TRY(drop_link(victim, victim.inode_.raw.i_links_count));
  return drop_link(*this, 1);
}

base::Status Ext2Node::exchange(std::string_view name, Ext2Node& target,
                                std::string_view to_name) {
  const base::Ref<Ext2Node> one = TRY(child(name));
  const base::Ref<Ext2Node> other = TRY(target.child(to_name));
  return fs_.volume().operate([&]() -> base::Status {
    TRY(Directory(fs_.volume(), inode_).replace(name, other->inode_.number, other->mode()));
    TRY(Directory(fs_.volume(), target.inode_).replace(to_name, one->inode_.number, one->mode()));
    if (one->is_directory()) TRY(one->move_directory(*this, target));
    if (other->is_directory()) TRY(other->move_directory(target, *this));
    TRY(one->store(Stamp::kChange));
    return other->store(Stamp::kChange);
  });
}

base::Status Ext2Node::rename(std::string_view name, server::Node& to, std::string_view to_name,
                              Rename how) {
  auto& target = static_cast<Ext2Node&>(to);
  if (!target.is_directory()) return base::Error(ENOTDIR);
  if (!target.has_links()) return base::Error(ENOENT);
  if (how == Rename::kExchange) return exchange(name, target, to_name);
  const base::Ref<Ext2Node> moved = TRY(child(name));
  if (moved->is_directory() && target.inode_.raw.i_links_count >= kMaxLinks) {
    return base::Error(EMLINK);
  }
  auto victim = target.child(to_name);
  if (!victim.ok() && victim.code() != ENOENT) return victim.error();
  // Who writes a new version of a file and renames it expects the old one or the new one after a
  // crash, not an empty one.
  if (victim.ok() && moved->is_regular()) TRY(moved->clean_pages());
  return fs_.volume().operate([&] {
    return move_name(name, target, to_name, *moved, victim.ok() ? &*victim.value() : nullptr);
  });
}

base::Status Ext2Node::move_name(std::string_view name, Ext2Node& target, std::string_view to_name,
                                 Ext2Node& moved, Ext2Node* victim) {
  // Without a journal a crash between leaves two names, not none.
  if (victim != nullptr) {
    TRY(target.replace_name(to_name, moved, *victim));
  } else {
    TRY(Directory(fs_.volume(), target.inode_).insert(to_name, moved.inode_.number, moved.mode()));
  }
  TRY(Directory(fs_.volume(), inode_).remove(name));
  if (moved.is_directory()) TRY(moved.move_directory(*this, target));
  return moved.store(Stamp::kChange);
}

base::Status Ext2Node::read_directory(int64_t position, server::DirectorySink& sink) {
  if (!is_directory()) return base::Error(ENOTDIR);
  return Directory(fs_.volume(), inode_)
      .iterate(static_cast<uint64_t>(position), [&](const Directory::Entry& entry) {
        const bool taken = sink.add({.inode = entry.inode,
                                     .type = entry_type(entry.type),
                                     .name = entry.name,
                                     .next = static_cast<int64_t>(entry.next)});
        return taken ? Directory::Visit::kContinue : Directory::Visit::kStop;
      });
}

base::Result<std::string> Ext2Node::read_link() {
  if (!is_symlink()) return base::Error(EINVAL);
  const auto size = static_cast<size_t>(inode_.size());
  if (ext2fs_inode_has_valid_blocks2(fs_.volume().ext2(), inode_.base()) == 0) {
    if (size > sizeof(inode_.raw.i_block)) return base::Error(EIO);
    return std::string(reinterpret_cast<const char*>(inode_.raw.i_block), size);
  }
  if (size > POSIX_PATH_MAX) return base::Error(EIO);
  std::string target(size, '\0');
  TRY(read_file(fs_.volume(), inode_, 0, {reinterpret_cast<uint8_t*>(target.data()), size}));
  return target;
}

}  // namespace file
