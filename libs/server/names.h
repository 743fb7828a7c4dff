// Names: the name operations of the fs protocol on a tree, with POSIX's permission rules.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/server/open_object.h"
#include "libs/server/path_walker.h"
#include "libs/server/tree.h"

namespace server {

// Where a name operation starts.
struct At {
  ViewRef view;
  NodeRef directory;
};

// Every operation either has done its work, or `retry` says where the client must ask instead and
// nothing was done. Errors are errno values as POSIX gives them to the system call of that name.
class Names {
 public:
  explicit Names(Tree& tree) : tree_(tree) {}

  struct Opened {
    base::Ref<OpenObject> object = {};
    io_stat_t attributes = {};
    Retry retry = {};
  };
  // `flags`: Linux O_*. With `execute`, execute permission is asked in place of read.
  enum class For { kUse, kExecute };
  base::Result<Opened> open(const At& at, std::string_view path, int flags, uint32_t mode, For use);

  struct Stat {
    io_stat_t attributes = {};
    Retry retry = {};
  };
  base::Result<Stat> stat(const At& at, std::string_view path, int flags);

  base::Result<Retry> access(const At& at, std::string_view path, uint32_t wanted, uint32_t uid,
                             uint32_t gid, int flags);

  struct Target {
    std::string target = {};
    Retry retry = {};
  };
  base::Result<Target> read_link(const At& at, std::string_view path);

  // `mode` holds the type; for a symbolic link `target` is its contents.
  base::Result<Retry> make(const At& at, std::string_view path, uint32_t mode, uint32_t rdev,
                           std::string_view target = {});
  enum class Remove { kFile, kDirectory };
  base::Result<Retry> remove(const At& at, std::string_view path, Remove what);

  // Single components. EXDEV across file systems.
  base::Status rename(const At& from, std::string_view name, const At& to,
                      std::string_view to_name, int flags);
  base::Status link(const At& at, std::string_view name, Node& file);

  base::Result<std::string> path_of(const At& at);

 private:
  base::Result<Opened> open_node(const At& at, NodeRef node, int flags, For use);
  base::Result<NodeRef> create(const At& at, Node& directory, const std::string& name,
                               const NewNode& what);
  base::Status check_open(const View& view, Node& node, const io_stat_t& attributes, int flags,
                          For use);
  base::Status may_change(const View& view, Node& directory);
  // Also the rule of the sticky bit.
  base::Status may_remove(const View& view, Node& directory, Node& victim);
  base::Status check_rename(const At& from, Node& moved, const At& to, Node* victim, int flags);

  Tree& tree_;
};

}  // namespace server
