#include "servers/process/pseudo_fs.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "libs/server/tree.h"

namespace process {

using base::Error;
using base::Result;
using server::NodeRef;
using server::OpenObject;

namespace {

// The text of a PseudoText as it was when opened.
class TextFile final : public OpenObject {
 public:
  TextFile(NodeRef node, base::Ref<server::View> view, int flags, std::string text)
      : OpenObject(flags), node_(std::move(node)), view_(std::move(view)), text_(std::move(text)) {}

  [[nodiscard]] int kind() const override { return IO_KIND_SEEKABLE; }
  [[nodiscard]] server::Node* node() const override { return node_.get(); }
  [[nodiscard]] const base::Ref<server::View>& view() const override { return view_; }
  Result<io_stat_t> attributes() override { return node_->attributes(); }

  Result<size_t> read(int64_t position, std::span<uint8_t> data) override {
    if (position < 0) return Error(EINVAL);
    const auto at = std::min<size_t>(static_cast<size_t>(position), text_.size());
    const size_t count = std::min(data.size(), text_.size() - at);
    std::copy_n(text_.begin() + static_cast<ptrdiff_t>(at), count, data.begin());
    return count;
  }

 private:
  NodeRef node_;
  base::Ref<server::View> view_;
  std::string text_;
};

uint8_t entry_type(const server::Node& node) { return static_cast<uint8_t>(node.mode() >> 12); }

}  // namespace

Result<fs_statfs_t> PseudoFileSystem::statistics() {
  fs_statfs_t info{};
  info.f_type = type_ == "proc" ? 0x9fa0 : 0x01021994;
  info.f_bsize = 4096;
  info.f_namelen = 255;
  return info;
}

Result<io_stat_t> PseudoNode::attributes() {
  io_stat_t a{};
  a.st_dev = fs_.device();
  a.st_ino = number_;
  a.st_mode = mode_;
  a.st_nlink = S_ISDIR(mode_) ? 2 : 1;
  a.st_uid = owner_.uid;
  a.st_gid = owner_.gid;
  a.st_rdev = rdev_;
  a.st_blksize = 1024;
  return a;
}

PseudoDirectory::PseudoDirectory(PseudoFileSystem& fs, uint64_t number, PseudoDirectory* parent,
                                 List list, Find find, Owner owner)
    : PseudoNode(fs, number, S_IFDIR | 0555, owner), parent_(parent), list_(std::move(list)),
      find_(std::move(find)) {}

Result<NodeRef> PseudoDirectory::lookup(std::string_view name) {
  if (find_) {
    if (NodeRef node = find_(name)) return node;
    return Error(ENOENT);
  }
  for (PseudoEntry& entry : list_()) {
    if (entry.name == name) return std::move(entry.node);
  }
  return Error(ENOENT);
}

Result<NodeRef> PseudoDirectory::parent() {
  return NodeRef(parent_ != nullptr ? parent_ : this);
}

base::Status PseudoDirectory::read_directory(int64_t position, server::DirectorySink& sink) {
  std::vector<PseudoEntry> entries;
  entries.push_back({".", NodeRef(this)});
  entries.push_back({"..", NodeRef(parent_ != nullptr ? parent_ : this)});
  std::ranges::move(list_(), std::back_inserter(entries));
  for (auto i = static_cast<size_t>(std::max<int64_t>(position, 0)); i < entries.size(); ++i) {
    const server::DirectoryEntry entry{entries[i].node->number(), entry_type(*entries[i].node),
                                       entries[i].name, static_cast<int64_t>(i) + 1};
    if (!sink.add(entry)) break;
  }
  return {};
}

PseudoText::PseudoText(PseudoFileSystem& fs, uint64_t number, Text text, Owner owner,
                       uint32_t permissions)
    : PseudoNode(fs, number, S_IFREG | permissions, owner), text_(std::move(text)) {}

Result<base::Ref<OpenObject>> PseudoText::open(const base::Ref<server::View>& view, int flags) {
  if ((flags & O_PATH) != 0) return server::Node::open(view, flags);
  if ((flags & O_ACCMODE) != O_RDONLY) return Error(EACCES);
  return base::Ref<OpenObject>(
      base::adopt_ref(new TextFile(NodeRef(this), view, flags, text_())));
}

PseudoLink::PseudoLink(PseudoFileSystem& fs, uint64_t number, std::string target)
    : PseudoNode(fs, number, S_IFLNK | 0777), target_(std::move(target)) {}

PseudoDevice::PseudoDevice(PseudoFileSystem& fs, uint64_t number, uint32_t mode, uint32_t device,
                           Open open)
    : PseudoNode(fs, number, mode), open_(std::move(open)) {
  set_device(device);
}

Result<base::Ref<OpenObject>> PseudoDevice::open(const base::Ref<server::View>& view, int flags) {
  if (!open_ || (flags & O_PATH) != 0) return server::Node::open(view, flags);
  return open_(flags);
}

}  // namespace process
