// Tree: the names a server serves: a root file system, what is mounted in it, and the name cache.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/server/credentials.h"
#include "libs/server/dentry_cache.h"
#include "libs/server/node.h"

namespace server {

// For whom names are looked up: shared by all ports that come from one root or reroot call.
struct View : base::RefCounted<View> {
  View(Credentials c, NodeRef r) : credentials(std::move(c)), root(std::move(r)) {}
  Credentials credentials;
  // The client's root directory; null when it lies in another server.
  NodeRef root;
};
using ViewRef = base::Ref<View>;

// Something attached at a directory, which it covers.
struct Mount {
  NodeRef covered;
  std::string path;    // as the one who mounted wrote it
  std::string source;
  std::unique_ptr<FileSystem> file_system;  // of this server; null for another server's
  int number = 0;                           // of another server's tree
};

class Tree {
 public:
  explicit Tree(FileSystem& root) : root_(root) {}
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  FileSystem& root_file_system() { return root_; }
  DentryCache& dentries() { return dentries_; }

  // Where this server's root appears in the whole tree: "/" for the root server, else an absolute
  // path to which `..` above the root and absolute symbolic links are handed.
  [[nodiscard]] const std::string& root_path() const { return root_path_; }
  // EINVAL unless absolute. A path that is not "/" ends in no slash.
  base::Status set_root_path(std::string_view path);
  [[nodiscard]] bool is_whole() const { return root_path_ == "/"; }

  // A view from the server's own root.
  ViewRef make_view(Credentials credentials);

  // What `name` in `directory` means, through the cache. `..` and `.` are not names here.
  base::Result<NodeRef> lookup(Node& directory, std::string_view name);

  // The mount at a directory, or whose root the node is; null when there is none.
  Mount* mount_at(const Node& covered);
  Mount* mount_of_root(const Node& root);
  // EBUSY when something is mounted there; ENOTDIR.
  base::Status add_mount(Mount mount);
  // Syncs a file system of this server and takes it away. EINVAL: nothing is mounted there.
  base::Status remove_mount(const Node& covered_or_root);
  [[nodiscard]] const std::list<Mount>& mounts() const { return mounts_; }

  // Syncs every file system of this server; the first error counts.
  base::Status sync(FileSystem::Shutdown shutdown);

 private:
  FileSystem& root_;
  std::string root_path_ = "/";
  std::list<Mount> mounts_;
  DentryCache dentries_;
};

}  // namespace server
