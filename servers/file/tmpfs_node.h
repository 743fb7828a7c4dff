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

class TmpNode final : public server::Node {
 public:
  TmpNode(TmpFs& fs, const server::NewNode& what);
  ~TmpNode() override;

  [[nodiscard]] server::FileSystem& file_system() const override { return fs_; }
  [[nodiscard]] uint64_t number() const override { return number_; }
  [[nodiscard]] uint32_t mode() const override { return mode_; }
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

  void set_parent(TmpNode* parent) { parent_ = parent; }
  // Whether anything below is referenced from elsewhere than its directory.
  [[nodiscard]] bool is_used_below() const;
  // Drops all entries, so that the references of a tree end.
  void clear();

 private:
  static constexpr uint32_t kPageSize = 4096;
  using Page = std::array<uint8_t, kPageSize>;
  struct Child {
    std::string name;
    base::Ref<TmpNode> node;
  };
  using Children = std::map<int64_t, Child>;  // by position in the directory

  Children::iterator find(std::string_view name);
  void insert(std::string_view name, base::Ref<TmpNode> node);
  void erase(Children::iterator at);
  void touch();
  void resize(uint64_t size);

  TmpFs& fs_;
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
};

}  // namespace file
