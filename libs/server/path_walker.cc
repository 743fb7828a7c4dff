#include "libs/server/path_walker.h"

#include <cerrno>

namespace server {
namespace {

base::Status may_search(const View& view, Node& directory) {
  if (!directory.is_directory()) return base::Error(ENOTDIR);
  if (view.credentials.is_root()) return {};
  const io_stat_t attributes = TRY(directory.attributes());
  return check_permission(view.credentials, attributes.st_mode, attributes.st_uid,
                          attributes.st_gid, kMayExecute);
}

std::string parent_path(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string join(std::string base, std::string_view rest) {
  while (rest.starts_with('/')) rest.remove_prefix(1);
  if (!base.ends_with('/')) base += '/';
  return base += rest;
}

}  // namespace

base::Result<Walk> PathWalker::walk(NodeRef start, std::string_view path, WalkOptions options) {
  if (path.empty()) return base::Error(ENOENT);
  if (path.size() > POSIX_PATH_MAX) return base::Error(ENAMETOOLONG);
  at_ = std::move(start);
  rest_ = path;
  if (rest_.front() == '/') go_to_root();
  while (!result_.retry) {
    if (at_end()) {
      result_.node = at_;
      break;
    }
    if (TRY(step(options)) == Step::kDone) break;
  }
  return std::move(result_);
}

void PathWalker::go_to_root() {
  result_.name.clear();
  if (view_.root) {
    at_ = view_.root;
  } else {
    result_.retry = {.kind = FS_RETRY_ROOT, .mount = 0, .path = rest_};
  }
}

std::string PathWalker::next_component() {
  const size_t begin = rest_.find_first_not_of('/');
  const size_t end = std::min(rest_.find('/', begin), rest_.size());
  std::string name = rest_.substr(begin, end - begin);
  rest_.erase(0, end);
  return name;
}

base::Result<PathWalker::Step> PathWalker::step(const WalkOptions& options) {
  TRY(may_search(view_, *at_));
  const std::string name = next_component();
  if (name != "." && name != "..") return step_into(name, options);
  result_.name.clear();
  result_.directory = nullptr;
  if (name == "..") TRY(step_up());
  return Step::kOn;
}

base::Status PathWalker::step_up() {
  while (!(view_.root == at_)) {
    NodeRef parent = TRY(at_->parent());
    if (!(parent == at_)) {
      at_ = std::move(parent);
      return {};
    }
    if (Mount* mount = tree_.mount_of_root(*at_); mount != nullptr) {
      at_ = mount->covered;
      continue;
    }
    if (tree_.is_whole()) return {};
    const std::string up = join(parent_path(tree_.root_path()), rest_);
    result_.retry = {.kind = FS_RETRY_ROOT, .mount = 0, .path = up};
    return {};
  }
  return {};
}

base::Result<PathWalker::Step> PathWalker::step_into(const std::string& name,
                                                     const WalkOptions& options) {
  const bool last = at_end();
  const bool slash = !rest_.empty();
  auto found = tree_.lookup(*at_, name);
  if (!found.ok()) {
    if (found.code() != ENOENT || !last || !options.may_be_missing) return found.error();
    result_.directory = at_;
    result_.name = name;
    result_.wants_directory = slash;
    return Step::kDone;
  }
  NodeRef node = found.take();
  if (node->is_symlink() && (!last || options.follow_last || slash)) {
    TRY(follow(*node));
    return Step::kOn;
  }
  if (Mount* mount = tree_.mount_at(*node); mount != nullptr && (!last || options.cross_last)) {
    if (mount->file_system == nullptr) {
      result_.retry = {.kind = FS_RETRY_MOUNT, .mount = mount->number, .path = "."};
      if (!last) result_.retry.path = rest_.substr(rest_.find_first_not_of('/'));
      return Step::kDone;
    }
    node = mount->file_system->root();
  }
  result_.directory = at_;
  result_.name = name;
  if (!last) {
    at_ = std::move(node);
    return Step::kOn;
  }
  if (slash && !node->is_directory()) return base::Error(ENOTDIR);
  result_.wants_directory = slash;
  result_.node = std::move(node);
  return Step::kDone;
}

base::Status PathWalker::follow(Node& link) {
  if (++links_ > kMaxLinks) return base::Error(ELOOP);
  std::string target = TRY(link.read_link());
  if (target.empty()) return base::Error(ENOENT);
  rest_ = rest_.empty() ? std::move(target) : join(std::move(target), rest_);
  if (rest_.size() > POSIX_PATH_MAX) return base::Error(ENAMETOOLONG);
  if (rest_.front() == '/') go_to_root();
  return {};
}

namespace {

// Finds under which name a directory holds the node with a number.
class NameFinder final : public DirectorySink {
 public:
  explicit NameFinder(uint64_t number) : number_(number) {}
  bool add(const DirectoryEntry& entry) override {
    position_ = entry.next;
    ++count_;
    if (entry.inode != number_ || entry.name == "." || entry.name == "..") return true;
    name_ = entry.name;
    return false;
  }
  // Looks at the entries from where the last call ended; false when there are no more.
  base::Result<bool> look(Node& directory) {
    count_ = 0;
    TRY(directory.read_directory(position_, *this));
    return count_ != 0 && name_.empty();
  }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  uint64_t number_;
  int64_t position_ = 0;
  int count_ = 0;
  std::string name_;
};

}  // namespace

base::Result<std::string> PathWalker::path_of(NodeRef directory) {
  std::string path;
  NodeRef at = std::move(directory);
  while (!(view_.root == at)) {
    NodeRef parent = TRY(at->parent());
    if (parent == at) {
      Mount* mount = tree_.mount_of_root(*at);
      if (mount == nullptr) break;
      at = mount->covered;
      continue;
    }
    NameFinder finder(at->number());
    while (TRY(finder.look(*parent))) {
    }
    if (finder.name().empty()) return base::Error(ENOENT);
    path = "/" + finder.name() + path;
    at = std::move(parent);
  }
  if (!tree_.is_whole() && !view_.root) path = tree_.root_path() + path;
  if (path.size() > POSIX_PATH_MAX) return base::Error(ENAMETOOLONG);
  return path.empty() ? std::string("/") : path;
}

}  // namespace server
