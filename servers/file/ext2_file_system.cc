#include "servers/file/ext2_file_system.h"

#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "libs/base/list.h"
#include "servers/file/ext2_node.h"

namespace file {

// Nodes that only the kernel's page cache needs, the longest idle first.
struct Ext2FileSystem::IdleNodes {
  base::List<Ext2Node, &Ext2Node::idle_link> list;
  size_t count = 0;

  void remove(Ext2Node& node) {
    if (!node.idle_link.linked()) return;
    list.remove(&node);
    --count;
  }
};

Ext2FileSystem::Ext2FileSystem(std::unique_ptr<Volume> volume, PageCache& pages,
                               server::Mutex& lock, uint64_t device_number,
                               std::unique_ptr<BlockDevice> device)
    : device_(std::move(device)),
      volume_(std::move(volume)),
      page_cache_(pages),
      lock_(lock),
      device_number_(device_number),
      idle_(std::make_unique<IdleNodes>()) {
  volume_->on_shortage([this] {
    for (auto& [number, node] : nodes_) node->release_room();
  });
}

Ext2FileSystem::~Ext2FileSystem() {
  volume_->on_shortage({});
  for (auto& [number, node] : nodes_) idle_->remove(*node);
  nodes_.clear();
}

server::NodeRef Ext2FileSystem::root() {
  auto found = node(Volume::kRootInode);
  return found.ok() ? server::NodeRef(found.take()) : server::NodeRef();
}

base::Result<fs_statfs_t> Ext2FileSystem::statistics() {
  uint64_t spare = 0;
  for (const auto& [number, node] : nodes_) spare += node->spare_blocks();
  const VolumeStats stats = volume_->stats(spare);
  fs_statfs_t s = {};
  s.f_type = EXT2_SUPER_MAGIC;
  s.f_bsize = stats.block_size;
  s.f_blocks = stats.blocks;
  s.f_bfree = stats.free_blocks;
  s.f_bavail = stats.available_blocks;
  s.f_files = stats.inodes;
  s.f_ffree = stats.free_inodes;
  s.f_namelen = EXT2_NAME_LEN;
  return s;
}

bool Ext2FileSystem::is_busy() const {
  size_t used = 0;
  for (const auto& [number, node] : nodes_) {
    if (node->ref_count() != 0 || node->attached()) ++used;
  }
  return used != 0;
}

size_t Ext2FileSystem::count_cached(Cached which) const {
  size_t count = 0;
  for (const auto& [number, node] : nodes_) {
    if (node->ref_count() != 0) continue;
    // Nameless ones that linger have their blocks still.
    if (which == Cached::kAll ? node->attached() : !node->has_links()) ++count;
  }
  return count;
}

bool Ext2FileSystem::wait_for_fewer(Cached which, size_t count) {
  constexpr auto kStep = std::chrono::milliseconds(10);
  for (int left = 1000; left > 0; --left) {
    if (count_cached(which) < count) return true;
    server::Unlocked unlocked(lock_);
    std::this_thread::sleep_for(kStep);
  }
  return false;
}

bool Ext2FileSystem::wait_for_removed_file() {
  const size_t count = count_cached(Cached::kNameless);
  return count != 0 && wait_for_fewer(Cached::kNameless, count);
}

void Ext2FileSystem::settle() {
  (void)clean_pages();
  finish_lingering();
  for (auto& [number, node] : nodes_) {
    if (node->ref_count() == 0 && node->attached()) node->retire_pages();
  }
  (void)wait_for_fewer(Cached::kAll, 1);
}

base::Result<base::Ref<Ext2Node>> Ext2FileSystem::node(ext2_ino_t number) {
  if (const auto found = nodes_.find(number); found != nodes_.end()) {
    idle_->remove(*found->second);
    return base::Ref(found->second.get());
  }
  return add(TRY(volume_->load(number)));
}

base::Ref<Ext2Node> Ext2FileSystem::add(Inode inode) {
  auto node = std::make_unique<Ext2Node>(*this, inode);
  Ext2Node* const raw = node.get();
  nodes_[inode.number] = std::move(node);
  return base::adopt_ref(raw);
}

void Ext2FileSystem::release(Ext2Node& node) {
  if (node.attached()) {
    make_idle(node);
    return;
  }
  if (node.may_be_mapped_soon()) {
    lingering_.push_back(static_cast<ext2_ino_t>(node.number()));
    return;
  }
  finish(node);
}

void Ext2FileSystem::finish(Ext2Node& node) {
  if (!node.has_links()) node.free_inode();
  idle_->remove(node);
  nodes_.erase(static_cast<ext2_ino_t>(node.number()));
}

void Ext2FileSystem::finish_lingering() {
  for (const ext2_ino_t number : std::exchange(lingering_, {})) {
    const auto found = nodes_.find(number);
    if (found == nodes_.end() || found->second->ref_count() != 0) continue;
    if (!found->second->attached()) release(*found->second);
  }
}

// The kernel's answer to retire_pages(), which may take long, brings the node back to release().
void Ext2FileSystem::make_idle(Ext2Node& node) {
  if (!node.has_links()) {
    node.retire_pages();
    return;
  }
  idle_->list.push_back(&node);
  if (++idle_->count <= kMaxIdle) return;
  Ext2Node* oldest = idle_->list.front();
  idle_->remove(*oldest);
  oldest->retire_pages();
}

base::Status Ext2FileSystem::clean_pages() {
  // The lock is given up meanwhile: the references keep the nodes.
  std::vector<base::Ref<Ext2Node>> dirty;
  for (auto& [number, node] : nodes_) {
    if (!node->attached() || !node->may_be_dirty() || !node->has_links()) continue;
    idle_->remove(*node);
    dirty.emplace_back(node.get());
  }
  base::Status result;
  for (const auto& node : dirty) {
    const base::Status status = node->clean_pages();
    if (result.ok()) result = status;
  }
  return result;
}

void Ext2FileSystem::free_orphans() {
  for (auto& [number, node] : nodes_) {
    if (!node->has_links()) node->free_inode();
  }
}

base::Status Ext2FileSystem::sync(Shutdown shutdown) {
  ++tick_;
  finish_lingering();
  const base::Status cleaned = clean_pages();
  if (shutdown == Shutdown::kYes) free_orphans();
  const base::Status synced =
      shutdown == Shutdown::kYes ? volume_->shut_down() : volume_->sync();
  return cleaned.ok() ? synced : cleaned;
}

}  // namespace file
