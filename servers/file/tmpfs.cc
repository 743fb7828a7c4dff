#include "servers/file/tmpfs.h"

#include <cerrno>
#include <utility>

#include "servers/file/tmpfs_node.h"

namespace file {
namespace {

constexpr uint32_t kMagic = 0x01021994;
constexpr uint32_t kBlockSize = 4096;
uint64_t next_device = 0x100;

}  // namespace

TmpFs::TmpFs(std::function<Time()> clock, PageCache& pages, server::Mutex& lock,
             uint64_t max_bytes)
    : clock_(std::move(clock)),
      page_cache_(pages),
      lock_(lock),
      max_bytes_(max_bytes),
      device_(next_device++) {
  root_ = base::adopt_ref(new TmpNode(*this, {.mode = S_IFDIR | S_ISVTX | 0777}));
  root_->set_parent(root_.get());
}

TmpFs::~TmpFs() {
  root_->clear();
  for (TmpNode* node : lingering_) delete node;
}

base::Status TmpFs::sync(Shutdown) {
  ++tick_;
  for (TmpNode* node : std::exchange(lingering_, {})) node->linger_no_more();
  return {};
}

server::NodeRef TmpFs::root() { return root_; }

bool TmpFs::is_busy() const {
  return root_->ref_count() > 1 || root_->is_used_below() || !lingering_.empty();
}

base::Status TmpFs::charge(uint64_t bytes) {
  if (bytes > max_bytes_ - used_) return base::Error(ENOSPC);
  used_ += bytes;
  return {};
}

base::Result<fs_statfs_t> TmpFs::statistics() {
  fs_statfs_t s = {};
  s.f_type = kMagic;
  s.f_bsize = kBlockSize;
  s.f_blocks = max_bytes_ / kBlockSize;
  s.f_bfree = s.f_bavail = (max_bytes_ - used_) / kBlockSize;
  s.f_namelen = 255;
  return s;
}

}  // namespace file
