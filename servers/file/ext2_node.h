// Ext2Node: one live inode of an Ext2FileSystem.
#pragma once

#include <memory>

#include "libs/base/list.h"
#include "libs/server/node.h"
#include "servers/file/ext2_file_system.h"
#include "servers/file/file_pages.h"
#include "servers/file/inode.h"
#include "servers/file/page_ranges.h"

namespace file {

// Directories and links are served from the volume's block cache. The contents of regular files
// live in the kernel's page cache alone: reads and writes go through pages_, and the volume is
// reached when the kernel pages in and out. A block for new data is found only when the page goes
// out; until then the volume keeps room reserved for it, so that a write never fails late.
class Ext2Node final : public server::Node, public PageStore {
 public:
  Ext2Node(Ext2FileSystem& fs, Inode inode)
      : fs_(fs), inode_(inode), slot_(fs.page_cache().slots()) {}
  ~Ext2Node() override;

  void on_last_release() override {
    release_room();
    fs_.release(*this);
  }
  [[nodiscard]] server::FileSystem& file_system() const override { return fs_; }
  [[nodiscard]] uint64_t number() const override { return inode_.number; }
  [[nodiscard]] uint32_t mode() const override { return inode_.mode(); }
  base::Result<io_stat_t> attributes() override;
  base::Status change(const server::AttributeChange& change) override;

  base::Result<server::NodeRef> lookup(std::string_view name) override;
  base::Result<server::NodeRef> parent() override;
  base::Result<server::NodeRef> create(std::string_view name,
                                       const server::NewNode& what) override;
  base::Status link(std::string_view name, server::Node& target) override;
  base::Status unlink(std::string_view name) override;
  base::Status remove_directory(std::string_view name) override;
  base::Status rename(std::string_view name, server::Node& to, std::string_view to_name,
                      Rename how) override;
  base::Status read_directory(int64_t position, server::DirectorySink& sink) override;
  base::Result<std::string> read_link() override;

  base::Result<size_t> read(uint64_t position, std::span<uint8_t> data) override;
  base::Result<size_t> write(uint64_t position, std::span<const uint8_t> data,
                             uint64_t* end) override;
  base::Status sync(Sync what) override;
  base::Result<mach_port_t> memory_object(int protection) override;
  base::Result<base::Ref<server::OpenObject>> open(const base::Ref<server::View>& view,
                                                   int flags) override;
  uint32_t slot() override { return is_regular() ? slot_.open(inode_.size()) : 0; }
  void show(const io_stat_t& attributes) override { slot_.show(attributes); }
  base::Result<server::Window> map_window(const server::WindowRequest& request) override;
  base::Status grow(const server::Growth& growth) override;
  void release_room() override;
  base::Status map_slots(mach_port_t task, uint32_t address) override {
    return fs_.page_cache().map_slots(task, address);
  }

  base::Result<server::DiskPlace> pin() override;
  base::Status unpin() override;

  base::Result<Content> page_in(uint64_t offset, std::span<uint8_t> data) override;
  std::unique_ptr<PendingRead> start_page_in(uint64_t offset, size_t size) override;
  [[nodiscard]] uint64_t empty_until(uint64_t offset) const override;
  base::Result<bool> page_out(uint64_t offset, std::span<uint8_t> data, Failed failed) override;
  void settle() override;
  [[nodiscard]] uint64_t size() const override { return inode_.size(); }
  void pages_attached() override { attached_ = true; }
  void pages_detached() override;

  // For the file system.
  base::ListLink idle_link;
  // How many blocks are reserved beyond the end.
  [[nodiscard]] uint64_t spare_blocks() const;
  [[nodiscard]] bool has_names() const override { return has_links(); }
  [[nodiscard]] bool has_links() const { return inode_.raw.i_links_count != 0; }
  [[nodiscard]] bool attached() const { return attached_; }
  [[nodiscard]] bool may_be_dirty() const { return may_be_dirty_; }
  // Somebody got the memory object a moment ago: the kernel's first message about it may be on its
  // way, so the node must not go yet.
  [[nodiscard]] bool may_be_mapped_soon() const { return fs_.tick() - handed_out_tick_ <= 1; }
  base::Status clean_pages();
  void retire_pages();
  // Frees the inode of a node without links.
  void free_inode();

 private:
  static constexpr uint32_t kMaxLinks = 32000;

  base::Result<FilePages*> pages();
  base::Status apply(const server::AttributeChange& change);
  base::Status resize(uint64_t size);
  base::Status shrink(uint64_t size);
  base::Status extend(uint64_t size, uint64_t zero_until);
  // Through the page cache; both in one page.
  base::Status zero_in_last_page(uint64_t from, uint64_t to);
  // How far the pages from `page` on, before `end`, all have blocks or room reserved, or all have not.
  base::Result<PageRanges::Stretch> room_at(uint64_t page, uint64_t end);
  // How much of [position, position + size) there is room for; ENOSPC when none.
  base::Result<size_t> reserve(uint64_t position, size_t size);
  base::Result<size_t> reserve_pages(uint64_t position, size_t size);
  // Pages reserved beyond the end.
  [[nodiscard]] uint64_t spare_pages() const;
  // As reserve(), waiting for removed files if that helps.
  base::Result<size_t> find_room(uint64_t position, size_t size);
  void unreserve(uint64_t first, uint64_t end = ~0ULL);
  // Room for a window beyond the end of the file, as far as there is some: up to where.
  uint64_t make_room(const server::WindowRequest& request);
  // Pages behind the end that clients may have written go.
  base::Status discard_loose_pages();
  // Waits until the kernel keeps none of its pages. False: somebody has it mapped.
  bool detach();
  // Whether all pages of [offset, offset + size) below the end have blocks or room reserved.
  base::Result<bool> has_room(uint64_t offset, uint64_t size);
  [[nodiscard]] uint64_t blocks_per_page() const;

  base::Result<base::Ref<Ext2Node>> child(std::string_view name);
  base::Status fill_new(Inode& inode, const server::NewNode& what);
  base::Result<server::NodeRef> add_new(std::string_view name, const server::NewNode& what);
  base::Status drop_link(Ext2Node& node, uint32_t count);
  base::Status drop_name(std::string_view name, Ext2Node& node);
  base::Status drop_directory(std::string_view name, Ext2Node& node);
  base::Status move_name(std::string_view name, Ext2Node& target, std::string_view to_name,
                         Ext2Node& moved, Ext2Node* victim);
  base::Status replace_name(std::string_view to_name, Ext2Node& moved, Ext2Node& victim);
  base::Status exchange(std::string_view name, Ext2Node& target, std::string_view to_name);
  base::Status move_directory(Ext2Node& old_parent, Ext2Node& new_parent);
  // Stores the inode with fresh change (and modification) times.
  enum class Stamp { kChange, kModify };
  base::Status store(Stamp which);

  Ext2FileSystem& fs_;
  Inode inode_;
  Slot slot_;
  std::unique_ptr<FilePages> pages_;
  bool attached_ = false;
  bool may_be_dirty_ = false;
  bool mapped_for_writing_ = false;
  uint64_t writes_ = 0;
  uint32_t handed_out_tick_ = 0;
  uint32_t shrunk_in_ = 0;  // the transaction in which it was made shorter
  bool freed_ = false;
  bool pinned_ = false;  // the blocks are used by somebody else
  PageRanges reserved_pages_;
  bool reserving_ = false;  // what is reserved now stays
  // Clients may have written the pages between the end of the file and here, or begun to.
  uint64_t loose_end_ = 0;
};

}  // namespace file
