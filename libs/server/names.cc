#include "libs/server/names.h"

#include <fcntl.h>

#include <cerrno>
#include <climits>

#include "libs/server/node_file.h"

namespace server {
namespace {

uint32_t wanted_by(int flags, Names::For use) {
  if (use == Names::For::kExecute) return kMayExecute;
  uint32_t wanted = 0;
  if ((flags & O_ACCMODE) != O_WRONLY) wanted |= kMayRead;
  if ((flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0) wanted |= kMayWrite;
  return wanted;
}

}  // namespace

base::Status Names::may_change(const View& view, Node& directory) {
  if (!directory.is_directory()) return base::Error(ENOTDIR);
  const io_stat_t a = TRY(directory.attributes());
  if (a.st_nlink == 0) return base::Error(ENOENT);
  return check_permission(view.credentials, a.st_mode, a.st_uid, a.st_gid,
                          kMayWrite | kMayExecute);
}

base::Status Names::may_remove(const View& view, Node& directory, Node& victim) {
  TRY(may_change(view, directory));
  const io_stat_t a = TRY(directory.attributes());
  const Credentials& who = view.credentials;
  if ((a.st_mode & S_ISVTX) == 0 || who.is_root() || who.uid == a.st_uid) return {};
  const io_stat_t v = TRY(victim.attributes());
  if (who.uid != v.st_uid) return base::Error(EPERM);
  return {};
}

base::Result<NodeRef> Names::create(const At& at, Node& directory, const std::string& name,
                                    const NewNode& what) {
  if (name.size() > NAME_MAX) return base::Error(ENAMETOOLONG);
  TRY(may_change(*at.view, directory));
  NewNode made = what;
  made.uid = at.view->credentials.uid;
  made.gid = at.view->credentials.gid;
  const io_stat_t a = TRY(directory.attributes());
  if ((a.st_mode & S_ISGID) != 0) {
    made.gid = a.st_gid;
    if (S_ISDIR(made.mode)) made.mode |= S_ISGID;
  }
  tree_.dentries().forget(directory, name);
  NodeRef node = TRY(directory.create(name, made));
  if (directory.file_system().names_are_stable()) tree_.dentries().enter(directory, name, node);
  return node;
}

base::Status Names::check_open(const View& view, Node& node, const io_stat_t& attributes,
                               int flags, For use) {
  if ((flags & O_PATH) != 0 && use != For::kExecute) return {};
  if (node.is_symlink()) return base::Error(ELOOP);
  const uint32_t wanted = wanted_by(flags, use);
  if (node.is_directory() && ((wanted & kMayWrite) != 0 || use == For::kExecute)) {
    return base::Error(use == For::kExecute ? EACCES : EISDIR);
  }
  if (use == For::kExecute && !node.is_regular()) return base::Error(EACCES);
  return check_permission(view.credentials, attributes.st_mode, attributes.st_uid,
                          attributes.st_gid, wanted);
}

base::Result<Names::Opened> Names::open_node(const At& at, NodeRef node, int flags, For use) {
  if ((flags & O_DIRECTORY) != 0 && !node->is_directory()) return base::Error(ENOTDIR);
  Opened opened;
  opened.attributes = TRY(node->attributes());
  TRY(check_open(*at.view, *node, opened.attributes, flags, use));
  const bool path_only = (flags & O_PATH) != 0;
  if ((flags & O_TRUNC) != 0 && !path_only && node->is_regular()) {
    TRY(node->change({.which = FS_SET_SIZE, .size = 0}));
    opened.attributes = TRY(node->attributes());
  }
  if (path_only) {
    const int kind = NodeFile::kind_of(node->mode());
    opened.object = base::adopt_ref(new NodeFile(std::move(node), at.view, flags, kind));
  } else {
    opened.object = TRY(node->open(at.view, flags));
  }
  return opened;
}

base::Result<Names::Opened> Names::open(const At& at, std::string_view path, int flags,
                                        uint32_t mode, For use) {
  if (path.empty() && (flags & O_PATH) != 0) return open_node(at, at.directory, flags, use);
  const bool creating = (flags & O_CREAT) != 0 && (flags & O_PATH) == 0;
  const bool exclusive = creating && (flags & O_EXCL) != 0;
  WalkOptions options;
  options.follow_last = (flags & O_NOFOLLOW) == 0 && !exclusive;
  options.may_be_missing = creating;
  Walk walk = TRY(PathWalker(tree_, *at.view).walk(at.directory, path, options));
  if (walk.retry) return Opened{.retry = std::move(walk.retry)};
  if (walk.node) {
    if (exclusive) return base::Error(EEXIST);
    if (creating && walk.node->is_directory()) return base::Error(EISDIR);
    return open_node(at, std::move(walk.node), flags, use);
  }
  if (walk.wants_directory) return base::Error(EISDIR);
  const uint32_t file_mode = S_IFREG | (mode & 07777);
  NodeRef node = TRY(create(at, *walk.directory, walk.name, {.mode = file_mode}));
  // Whoever made the file may use it as asked, whatever its permissions say.
  Opened opened;
  opened.attributes = TRY(node->attributes());
  opened.object = TRY(node->open(at.view, flags));
  return opened;
}

base::Result<Names::Stat> Names::stat(const At& at, std::string_view path, int flags) {
  const WalkOptions options{.follow_last = (flags & O_NOFOLLOW) == 0};
  Walk walk = TRY(PathWalker(tree_, *at.view).walk(at.directory, path, options));
  if (walk.retry) return Stat{.retry = std::move(walk.retry)};
  return Stat{.attributes = TRY(walk.node->attributes())};
}

base::Result<Retry> Names::access(const At& at, std::string_view path, uint32_t wanted,
                                  uint32_t uid, uint32_t gid, int flags) {
  if ((wanted & ~(kMayRead | kMayWrite | kMayExecute)) != 0) return base::Error(EINVAL);
  Credentials who = at.view->credentials;
  who.uid = uid;
  who.gid = gid;
  const View view(who, at.view->root);
  const WalkOptions options{.follow_last = (flags & O_NOFOLLOW) == 0};
  Walk walk = TRY(PathWalker(tree_, view).walk(at.directory, path, options));
  if (walk.retry) return std::move(walk.retry);
  const io_stat_t a = TRY(walk.node->attributes());
  if (wanted != 0) TRY(check_permission(who, a.st_mode, a.st_uid, a.st_gid, wanted));
  return Retry{};
}

base::Result<Names::Target> Names::read_link(const At& at, std::string_view path) {
  Walk walk = TRY(PathWalker(tree_, *at.view).walk(at.directory, path, {.follow_last = false}));
  if (walk.retry) return Target{.retry = std::move(walk.retry)};
  if (!walk.node->is_symlink()) return base::Error(EINVAL);
  return Target{.target = TRY(walk.node->read_link())};
}

base::Result<Retry> Names::make(const At& at, std::string_view path, uint32_t mode, uint32_t rdev,
                                std::string_view target) {
  switch (mode & S_IFMT) {
    case S_IFCHR:
    case S_IFBLK:
      if (!at.view->credentials.is_root()) return base::Error(EPERM);
      break;
    case S_IFREG:
    case S_IFDIR:
    case S_IFIFO:
    case S_IFSOCK:
      break;
    case S_IFLNK:
      if (target.empty()) return base::Error(ENOENT);
      if (target.size() > POSIX_PATH_MAX - 1) return base::Error(ENAMETOOLONG);
      break;
    default:
      return base::Error(EINVAL);
  }
  const WalkOptions options{.follow_last = false, .may_be_missing = true, .cross_last = false};
  Walk walk = TRY(PathWalker(tree_, *at.view).walk(at.directory, path, options));
  if (walk.retry) return std::move(walk.retry);
  if (walk.node) return base::Error(EEXIST);
  if (walk.wants_directory && !S_ISDIR(mode)) return base::Error(ENOENT);
  const NodeRef made = TRY(create(at, *walk.directory, walk.name,
                                  {.mode = mode, .rdev = rdev, .target = target}));
  (void)made;
  return Retry{};
}

base::Result<Retry> Names::remove(const At& at, std::string_view path, Remove what) {
  const WalkOptions options{.follow_last = false, .may_be_missing = false, .cross_last = false};
  Walk walk = TRY(PathWalker(tree_, *at.view).walk(at.directory, path, options));
  if (walk.retry) return std::move(walk.retry);
  if (walk.name.empty()) {
    if (what == Remove::kFile) return base::Error(EISDIR);
    return base::Error(path.ends_with("..") ? ENOTEMPTY : path.ends_with('.') ? EINVAL : EBUSY);
  }
  TRY(may_remove(*at.view, *walk.directory, *walk.node));
  if (tree_.mount_at(*walk.node) != nullptr) return base::Error(EBUSY);
  const bool directory = walk.node->is_directory();
  if (what == Remove::kFile && directory) return base::Error(EISDIR);
  if (what == Remove::kDirectory && !directory) return base::Error(ENOTDIR);
  TRY(what == Remove::kFile ? walk.directory->unlink(walk.name)
                            : walk.directory->remove_directory(walk.name));
  tree_.dentries().forget(*walk.directory, walk.name);
  if (directory) tree_.dentries().forget_all_in(*walk.node);
  return Retry{};
}

base::Status Names::link(const At& at, std::string_view name, Node& file) {
  if (name.empty() || name == "." || name == "..") return base::Error(EEXIST);
  if (name.size() > NAME_MAX) return base::Error(ENAMETOOLONG);
  if (&file.file_system() != &at.directory->file_system()) return base::Error(EXDEV);
  if (file.is_directory()) return base::Error(EPERM);
  TRY(may_change(*at.view, *at.directory));
  const auto present = tree_.lookup(*at.directory, name);
  if (present.ok()) return base::Error(EEXIST);
  if (present.code() != ENOENT) return present.error();
  TRY(at.directory->link(name, file));
  tree_.dentries().forget(*at.directory, name);
  return {};
}

base::Result<std::string> Names::path_of(const At& at) {
  const io_stat_t attributes = TRY(at.directory->attributes());
  if (attributes.st_nlink == 0) return base::Error(ENOENT);
  return PathWalker(tree_, *at.view).path_of(at.directory);
}

}  // namespace server
