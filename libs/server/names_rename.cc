// Names::rename and its rules.
#include <cerrno>
#include <climits>

#include "libs/server/names.h"

namespace server {
namespace {

constexpr int kNoReplace = 1;
constexpr int kExchange = 2;

base::Status check_component(std::string_view name) {
  if (name.empty()) return base::Error(ENOENT);
  if (name == "." || name == "..") return base::Error(EBUSY);
  if (name.size() > NAME_MAX) return base::Error(ENAMETOOLONG);
  if (name.find('/') != std::string_view::npos) return base::Error(EINVAL);
  return {};
}

// Whether `directory` is `ancestor` or lies below it.
base::Result<bool> is_below(NodeRef directory, const Node& ancestor) {
  while (!(directory == &ancestor)) {
    NodeRef parent = TRY(directory->parent());
    if (parent == directory) return false;
    directory = std::move(parent);
  }
  return true;
}

}  // namespace

base::Status Names::check_rename(const At& from, Node& moved, const At& to, Node* victim,
                                 int flags) {
  TRY(may_remove(*from.view, *from.directory, moved));
  TRY(may_change(*to.view, *to.directory));
  if (tree_.mount_at(moved) != nullptr) return base::Error(EBUSY);
  if (moved.is_directory() && TRY(is_below(to.directory, moved))) return base::Error(EINVAL);
  if (victim == nullptr) {
    if ((flags & kExchange) != 0) return base::Error(ENOENT);
    return {};
  }
  if ((flags & kNoReplace) != 0) return base::Error(EEXIST);
  TRY(may_remove(*to.view, *to.directory, *victim));
  if (tree_.mount_at(*victim) != nullptr) return base::Error(EBUSY);
  if ((flags & kExchange) != 0) {
    if (victim->is_directory() && TRY(is_below(from.directory, *victim))) {
      return base::Error(EINVAL);
    }
    return {};
  }
  if (moved.is_directory() && !victim->is_directory()) return base::Error(ENOTDIR);
  if (!moved.is_directory() && victim->is_directory()) return base::Error(EISDIR);
  if (victim->is_directory() && TRY(is_below(from.directory, *victim))) {
    return base::Error(ENOTEMPTY);
  }
  return {};
}

base::Status Names::rename(const At& from, std::string_view name, const At& to,
                           std::string_view to_name, int flags) {
  TRY(check_component(name));
  TRY(check_component(to_name));
  if ((flags & ~(kNoReplace | kExchange)) != 0 || flags == (kNoReplace | kExchange)) {
    return base::Error(EINVAL);
  }
  if (&from.directory->file_system() != &to.directory->file_system()) return base::Error(EXDEV);
  const NodeRef moved = TRY(tree_.lookup(*from.directory, name));
  NodeRef victim;
  if (auto found = tree_.lookup(*to.directory, to_name); found.ok()) {
    victim = found.take();
  } else if (found.code() != ENOENT) {
    return found.error();
  }
  TRY(check_rename(from, *moved, to, victim.get(), flags));
  if (victim == moved) return {};
  const auto how = (flags & kExchange) != 0 ? Node::Rename::kExchange : Node::Rename::kReplace;
  TRY(from.directory->rename(name, *to.directory, to_name, how));
  tree_.dentries().forget(*from.directory, name);
  tree_.dentries().forget(*to.directory, to_name);
  if (victim && victim->is_directory()) tree_.dentries().forget_all_in(*victim);
  return {};
}

}  // namespace server
