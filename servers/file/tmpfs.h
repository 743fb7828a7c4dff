// TmpFs: a file system in the server's memory, for /tmp and the like.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "libs/server/mutex.h"
#include "libs/server/node.h"
#include "servers/file/file_pages.h"
#include "servers/file/inode.h"

namespace file {

class TmpNode;

// Everything is gone when it is unmounted. Contents are kept in the server's own memory, which the
// default pager can move to disk; `max_bytes` bounds it (ENOSPC). Files that somebody maps are
// paged from and to that memory.
class TmpFs final : public server::FileSystem {
 public:
  static constexpr uint64_t kDefaultMaxBytes = 64u << 20;

  // `lock` is the tree lock.
  TmpFs(std::function<Time()> clock, PageCache& pages, server::Mutex& lock,
        uint64_t max_bytes = kDefaultMaxBytes);
  ~TmpFs() override;

  server::NodeRef root() override;
  [[nodiscard]] std::string_view type() const override { return "tmpfs"; }
  base::Result<fs_statfs_t> statistics() override;
  base::Status sync(Shutdown shutdown) override;
  [[nodiscard]] bool is_busy() const override;

  // For nodes.
  [[nodiscard]] Time now() const { return clock_(); }
  PageCache& page_cache() { return page_cache_; }
  server::Mutex& lock() { return lock_; }
  // Counts the calls of sync(), which come every few seconds.
  [[nodiscard]] uint32_t tick() const { return tick_; }
  // Tries to delete a node without references again later.
  void delete_later(TmpNode& node) { lingering_.push_back(&node); }
  uint64_t next_number() { return next_number_++; }
  [[nodiscard]] uint64_t device() const { return device_; }
  base::Status charge(uint64_t bytes);
  void discharge(uint64_t bytes) { used_ -= bytes; }

 private:
  std::function<Time()> clock_;
  PageCache& page_cache_;
  server::Mutex& lock_;
  uint64_t max_bytes_;
  uint64_t used_ = 0;
  uint64_t next_number_ = 1;
  uint64_t device_;
  uint32_t tick_ = 2;
  std::vector<TmpNode*> lingering_;
  base::Ref<TmpNode> root_;
};

}  // namespace file
