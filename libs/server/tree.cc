#include "libs/server/tree.h"

#include <algorithm>
#include <cerrno>
#include <climits>

namespace server {

base::Status Tree::set_root_path(std::string_view path) {
  if (path.empty() || path.front() != '/') return base::Error(EINVAL);
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  root_path_ = path;
  return {};
}

ViewRef Tree::make_view(Credentials credentials) {
  return base::adopt_ref(new View(std::move(credentials), is_whole() ? root_.root() : NodeRef()));
}

base::Result<NodeRef> Tree::lookup(Node& directory, std::string_view name) {
  if (name.size() > NAME_MAX) return base::Error(ENAMETOOLONG);
  const bool stable = directory.file_system().names_are_stable();
  NodeRef node;
  if (stable) {
    switch (dentries_.find(directory, name, node)) {
      case DentryCache::Found::kNode:
        return node;
      case DentryCache::Found::kNegative:
        return base::Error(ENOENT);
      case DentryCache::Found::kUnknown:
        break;
    }
  }
  auto found = directory.lookup(name);
  if (!stable) return found;
  if (found.ok()) {
    dentries_.enter(directory, name, found.value());
  } else if (found.code() == ENOENT) {
    dentries_.enter(directory, name, nullptr);
  }
  return found;
}

Mount* Tree::mount_at(const Node& covered) {
  const auto at =
      std::ranges::find_if(mounts_, [&](const Mount& m) { return m.covered == &covered; });
  return at == mounts_.end() ? nullptr : &*at;
}

Mount* Tree::mount_of_root(const Node& root) {
  const auto at = std::ranges::find_if(mounts_, [&](const Mount& m) {
    return m.file_system != nullptr && m.file_system->root() == &root;
  });
  return at == mounts_.end() ? nullptr : &*at;
}

base::Status Tree::add_mount(Mount mount) {
  if (!mount.covered->is_directory()) return base::Error(ENOTDIR);
  if (mount_at(*mount.covered) != nullptr) return base::Error(EBUSY);
  mounts_.push_back(std::move(mount));
  return {};
}

base::Status Tree::remove_mount(const Node& covered_or_root) {
  Mount* mount = mount_at(covered_or_root);
  if (mount == nullptr) mount = mount_of_root(covered_or_root);
  if (mount == nullptr) return base::Error(EINVAL);
  if (mount->file_system != nullptr) {
    for (const Mount& other : mounts_) {
      if (&other.covered->file_system() == mount->file_system.get()) return base::Error(EBUSY);
    }
    dentries_.clear();
    mount->file_system->settle();
    // Nodes that clients hold open point into the file system: it must outlive them.
    if (mount->file_system->is_busy()) return base::Error(EBUSY);
    TRY(mount->file_system->sync(FileSystem::Shutdown::kYes));
  }
  mounts_.remove_if([&](const Mount& m) { return &m == mount; });
  return {};
}

base::Status Tree::sync(FileSystem::Shutdown shutdown) {
  base::Status result;
  for (Mount& mount : mounts_) {
    if (mount.file_system == nullptr) continue;
    const base::Status status = mount.file_system->sync(shutdown);
    if (result.ok()) result = status;
  }
  const base::Status status = root_.sync(shutdown);
  return result.ok() ? status : result;
}

}  // namespace server
