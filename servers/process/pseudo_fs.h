// Trees whose nodes exist only in this server: /dev and /proc.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libs/server/node.h"
#include "libs/server/open_object.h"

namespace process {

class PseudoFileSystem final : public server::FileSystem {
 public:
  enum class Names { kStable, kComeAndGo };
  PseudoFileSystem(std::string type, uint32_t device, Names names)
      : type_(std::move(type)), device_(device), names_(names) {}

  void set_root(server::NodeRef root) { root_ = std::move(root); }
  [[nodiscard]] uint32_t device() const { return device_; }

  server::NodeRef root() override { return root_; }
  [[nodiscard]] std::string_view type() const override { return type_; }
  base::Result<fs_statfs_t> statistics() override;
  [[nodiscard]] bool names_are_stable() const override { return names_ == Names::kStable; }

 private:
  std::string type_;
  uint32_t device_;
  Names names_;
  server::NodeRef root_;
};

struct Owner {
  uint32_t uid = 0;
  uint32_t gid = 0;
};

// What all pseudo nodes have in common.
class PseudoNode : public server::Node {
 public:
  PseudoNode(PseudoFileSystem& fs, uint64_t number, uint32_t mode, Owner owner = {})
      : fs_(fs), number_(number), mode_(mode), owner_(owner) {}

  [[nodiscard]] server::FileSystem& file_system() const override { return fs_; }
  [[nodiscard]] uint64_t number() const override { return number_; }
  [[nodiscard]] uint32_t mode() const override { return mode_; }
  base::Result<io_stat_t> attributes() override;

 protected:
  PseudoFileSystem& pseudo_fs() const { return fs_; }
  void set_device(uint32_t rdev) { rdev_ = rdev; }

 private:
  PseudoFileSystem& fs_;
  uint64_t number_;
  uint32_t mode_;
  Owner owner_;
  uint32_t rdev_ = 0;
};

// One name in a directory.
struct PseudoEntry {
  std::string name;
  server::NodeRef node;
};

// A directory whose entries a function lists. Lookups go through the list as well.
class PseudoDirectory : public PseudoNode {
 public:
  using List = std::function<std::vector<PseudoEntry>()>;
  using Find = std::function<server::NodeRef(std::string_view)>;

  // `find` may be empty: then the list is searched. `parent`: null at the root.
  PseudoDirectory(PseudoFileSystem& fs, uint64_t number, PseudoDirectory* parent, List list,
                  Find find = {}, Owner owner = {});

  base::Result<server::NodeRef> lookup(std::string_view name) override;
  base::Result<server::NodeRef> parent() override;
  base::Status read_directory(int64_t position, server::DirectorySink& sink) override;

 private:
  PseudoDirectory* parent_;
  List list_;
  Find find_;
};

// A file whose whole text a function makes anew for each open.
class PseudoText final : public PseudoNode {
 public:
  using Text = std::function<std::string()>;
  PseudoText(PseudoFileSystem& fs, uint64_t number, Text text, Owner owner = {},
             uint32_t permissions = 0444);
  base::Result<base::Ref<server::OpenObject>> open(const base::Ref<server::View>& view,
                                                   int flags) override;

 private:
  Text text_;
};

class PseudoLink final : public PseudoNode {
 public:
  PseudoLink(PseudoFileSystem& fs, uint64_t number, std::string target);
  base::Result<std::string> read_link() override { return target_; }

 private:
  std::string target_;
};

// A character device node whose open objects a function makes. Without one the node is opened as
// a special file, and the client asks the process server who it is for (/dev/tty).
class PseudoDevice final : public PseudoNode {
 public:
  using Open = std::function<base::Result<base::Ref<server::OpenObject>>(int flags)>;
  // `mode`: type and permissions.
  PseudoDevice(PseudoFileSystem& fs, uint64_t number, uint32_t mode, uint32_t device,
               Open open);
  base::Result<base::Ref<server::OpenObject>> open(const base::Ref<server::View>& view,
                                                   int flags) override;

 private:
  Open open_;
};

}  // namespace process
