// PathWalker: from a path to a node.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/server/tree.h"

namespace server {

// Where a client is to go on when a path leaves the server; see fs.defs.
struct Retry {
  int kind = FS_RETRY_NONE;
  int mount = 0;
  std::string path = {};
  explicit operator bool() const { return kind != FS_RETRY_NONE; }
};

struct WalkOptions {
  bool follow_last = true;    // a symbolic link at the end
  bool may_be_missing = false;  // the last component
  bool cross_last = true;     // into what is mounted on the last component
};

// Either `retry` is set and nothing else, or:
struct Walk {
  NodeRef node;       // null only when the last component may be missing and is
  NodeRef directory;  // that holds `name`
  std::string name;   // empty when the path ends in `.`, `..` or is `/`
  bool wants_directory = false;  // the path ends in a slash
  Retry retry = {};
};

class PathWalker {
 public:
  static constexpr int kMaxLinks = 40;

  PathWalker(Tree& tree, const View& view) : tree_(tree), view_(view) {}

  // Follows `path` from `start`, checking search permission on the way. ENOENT, ENOTDIR, EACCES,
  // ELOOP, ENAMETOOLONG, and what the nodes answer.
  base::Result<Walk> walk(NodeRef start, std::string_view path, WalkOptions options);

  // The absolute path of a directory, from the view's root. ENOENT when it has been removed.
  base::Result<std::string> path_of(NodeRef directory);

 private:
  enum class Step { kOn, kDone };

  base::Result<Step> step(const WalkOptions& options);
  base::Result<Step> step_into(const std::string& name, const WalkOptions& options);
  base::Status step_up();
  base::Status follow(Node& link);
  void go_to_root();
  // Removes and returns the first component of rest_.
  std::string next_component();
  [[nodiscard]] bool at_end() const { return rest_.find_first_not_of('/') == std::string::npos; }

  Tree& tree_;
  const View& view_;
  NodeRef at_;
  std::string rest_;
  int links_ = 0;
  Walk result_;
};

}  // namespace server
