// TmpNode: one file, directory, link or device node of a TmpFs.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "libs/server/node.h"
#include "servers/file/tmpfs.h"

namespace file {

// The contents of a regular file are in pages_ alone until somebody maps the file. From then on the
// kernel may hold newer pages, so reads and writes go through the mapping too, and pages_ is what
// the kernel pages from and to.
class TmpNode final : public server::Node, public PageStore {
 public:
  TmpNode(TmpFs& fs, const server::NewNode& what);
  ~TmpNode() override;

  void on_last_release() override;
  [[nodiscard]] server::FileSystem& file_system() const override { return fs_; }
  [[nodiscard]] uint64_t number() const override { return number_; }
  [[nodiscard]] uint32_t mode() const override { return mode_; }
  [[nodiscard]] bool has_names() const override { return links_ != 0; }
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
  base::Result<mach_port_t> memory_object(int protection) override;
  uint32_t slot() override { return is_regular() ? slot_.open(size_) : 0; }
  void show(const io_stat_t& attributes) override { slot_.show(attributes); }
  base::Result<server::Window> map_window(const server::WindowRequest& request) override;
  base::Status map_slots(mach_port_t task, uint32_t address) override {
    return fs_.page_cache().map_slots(task, address);
  }

  base::Result<Content> page_in(uint64_t offset, std::span<uint8_t> data) override;
  base::Result<bool> page_out(uint64_t offset, std::span<uint8_t> data, Failed failed) override;
  [[nodiscard]] uint64_t size() const override { return size_; }
  void pages_attached() override { attached_ = true; }
  void pages_detached() override;

  // The time that the file system keeps a lingering node is over.
  void linger_no_more();

  void set_parent(TmpNode* parent) { parent_ = parent; }
  // Whether anything below is referenced from elsewhere than its directory.
  [[nodiscard]] bool is_used_below() const;
  // Drops all entries, so that the references of a tree end.
  void clear();

 private:
  using Page = std::array<uint8_t, kPageSize>;
  struct Child {
    std::string name;
    base::Ref<TmpNode> node;
  };
  using Children = std::map<int64_t, Child>;  // by position in the directory

  void delete_unless_mapped();
  Children::iterator find(std::string_view name);
  void insert(std::string_view name, base::Ref<TmpNode> node);
  void erase(Children::iterator at);
  // Sets the times of a change; of what others than write() changed, ctime alone.
  void touch();
  void touch_change();
  base::Status resize(uint64_t size);
  void cut(uint64_t size);
  // Copies to or from pages_; the range must have its pages (store) or may have holes (load).
  void load(uint64_t position, std::span<uint8_t> data);
  void store(uint64_t position, std::span<const uint8_t> data);
  // Gives [position, position + size) pages; how much of it could have them. ENOSPC when none.
  base::Result<size_t> make_pages(uint64_t position, size_t size);

  TmpFs& fs_;
  Slot slot_;
  uint64_t number_;
  uint32_t mode_;
  uint32_t uid_;
  uint32_t gid_;
  uint32_t rdev_;
  uint32_t links_ = 0;
  Time atime_, mtime_, ctime_;
  std::string target_;

  TmpNode* parent_ = nullptr;
  Children children_;
  std::unordered_map<std::string, int64_t> positions_;
  int64_t next_position_ = 3;  // after `.` and `..`

  uint64_t size_ = 0;
  std::unordered_map<uint64_t, std::unique_ptr<Page>> pages_;
  std::unique_ptr<FilePages> mapping_;  // made when the file is first mapped
  bool attached_ = false;
  bool lingering_ = false;  // the file system will try again to delete it
  uint32_t handed_out_tick_ = 0;
};

}  // namespace file
