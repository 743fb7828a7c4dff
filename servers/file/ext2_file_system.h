// Ext2FileSystem: a volume as a tree of nodes.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "libs/server/mutex.h"
#include "libs/server/node.h"
#include "servers/file/file_pages.h"
#include "servers/file/volume.h"

namespace file {

class Ext2Node;

// Keeps one Ext2Node for every inode in use. A node nobody refers to stays as long as the kernel
// keeps pages of it, at most kMaxIdle of them; the longest idle is asked to go first.
class Ext2FileSystem final : public server::FileSystem {
 public:
  static constexpr size_t kMaxIdle = 1024;

  // `lock` is the tree lock, `device_number` what st_dev shows. `device`: that of the volume, if it
  // is to end with the file system.
  Ext2FileSystem(std::unique_ptr<Volume> volume, PageCache& pages, server::Mutex& lock,
                 uint64_t device_number, std::unique_ptr<BlockDevice> device = nullptr);
  ~Ext2FileSystem() override;

  server::NodeRef root() override;
  [[nodiscard]] std::string_view type() const override { return "ext2"; }
  base::Result<fs_statfs_t> statistics() override;
  base::Status sync(Shutdown shutdown) override;
  // Has the kernel drop the pages of files nobody uses, and waits for that.
  void settle() override;
  [[nodiscard]] bool is_busy() const override;

  // For nodes, all under the tree lock.
  Volume& volume() { return *volume_; }
  PageCache& page_cache() { return page_cache_; }
  server::Mutex& lock() { return lock_; }
  [[nodiscard]] uint64_t device_number() const { return device_number_; }
  // The node of an inode that a directory names.
  base::Result<base::Ref<Ext2Node>> node(ext2_ino_t number);
  base::Ref<Ext2Node> add(Inode inode);
  // Nobody refers to the node any more, or the kernel let go of it.
  void release(Ext2Node& node);
  // After ENOSPC: waits until the kernel has let go of a removed file; false when there is none. Their
  // blocks are free only then. Gives the lock up meanwhile.
  bool wait_for_removed_file();
  // Counts the calls of sync(), which come every few seconds.
  [[nodiscard]] uint32_t tick() const { return tick_; }

 private:
  base::Status clean_pages();
  void free_orphans();
  // How many nodes only the kernel's page cache needs; all, or those without names.
  enum class Cached { kAll, kNameless };
  [[nodiscard]] size_t count_cached(Cached which) const;
  // Waits for the kernel until there are fewer such nodes than `count`; gives up after a while.
  bool wait_for_fewer(Cached which, size_t count);

  std::unique_ptr<BlockDevice> device_;
  std::unique_ptr<Volume> volume_;
  PageCache& page_cache_;
  server::Mutex& lock_;
  uint64_t device_number_;
  std::unordered_map<ext2_ino_t, std::unique_ptr<Ext2Node>> nodes_;
  void make_idle(Ext2Node& node);
  void finish(Ext2Node& node);
  void finish_lingering();

  uint32_t tick_ = 2;
  std::vector<ext2_ino_t> lingering_;  // see Ext2Node::may_be_mapped_soon
  struct IdleNodes;
  std::unique_ptr<IdleNodes> idle_;
};

}  // namespace file
