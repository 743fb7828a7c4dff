// NodeFile: the open object of a file, directory or symbolic link served by its node alone.
#pragma once

#include "libs/server/open_object.h"
#include "libs/server/tree.h"

namespace server {

class NodeFile final : public OpenObject {
 public:
  NodeFile(NodeRef node, ViewRef view, int flags, int kind)
      : OpenObject(flags), node_(std::move(node)), view_(std::move(view)), kind_(kind) {}

  // The IO_KIND_* with which a file of this mode is opened.
  static int kind_of(uint32_t mode);

  [[nodiscard]] int kind() const override { return kind_; }
  [[nodiscard]] Node* node() const override { return node_.get(); }
  [[nodiscard]] const ViewRef& view() const override { return view_; }

  base::Result<io_stat_t> attributes() override;
  base::Status change(const AttributeChange& change) override;
  base::Result<size_t> read(int64_t position, std::span<uint8_t> data) override;
  base::Result<size_t> write(int64_t position, bool append, std::span<const uint8_t> data,
                             int64_t* end) override;
  base::Status read_directory(int64_t position, DirectorySink& sink) override;
  base::Status sync(Node::Sync what) override;
  base::Result<mach_port_t> memory_object(int protection) override;
  uint32_t slot() override { return kind_ == IO_KIND_FILE ? node_->slot() : 0; }
  base::Result<Window> map_window(const WindowRequest& request) override;
  base::Status grow(const Growth& growth) override;
  base::Status map_slots(mach_port_t task, uint32_t address) override;
  // A file without names takes its room until it is closed.
  [[nodiscard]] bool may_close_late() const override { return node_->has_names(); }

 private:
  [[nodiscard]] bool may_read() const;
  [[nodiscard]] bool may_write() const;

  NodeRef node_;
  ViewRef view_;
  int kind_;
};

// Whether `who` may make this change to a file with these attributes, and the change as POSIX wants
// it made (set-id bits go away when the owner changes). `opened_for_writing` allows a new size.
// EPERM, EACCES.
base::Result<AttributeChange> check_change(const Credentials& who, const io_stat_t& now,
                                           const AttributeChange& wanted, bool opened_for_writing);

}  // namespace server
