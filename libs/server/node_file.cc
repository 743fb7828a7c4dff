#include "libs/server/node_file.h"

#include <fcntl.h>
#include <mach/vm_prot.h>

#include <cerrno>

namespace server {
namespace {

constexpr uint32_t kExplicitTimes = FS_SET_ATIME | FS_SET_MTIME;
constexpr uint32_t kTimesNow = FS_SET_ATIME_NOW | FS_SET_MTIME_NOW;
constexpr uint32_t kSetIds = S_ISUID | S_ISGID;

}  // namespace

base::Result<base::Ref<OpenObject>> Node::open(const ViewRef& view, int flags) {
  const int kind = NodeFile::kind_of(mode());
  return base::Ref<OpenObject>(base::adopt_ref(new NodeFile(NodeRef(this), view, flags, kind)));
}

int NodeFile::kind_of(uint32_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return IO_KIND_FILE;
    case S_IFDIR: return IO_KIND_DIRECTORY;
    case S_IFLNK: return IO_KIND_SYMLINK;
    default: return IO_KIND_SPECIAL;
  }
}

bool NodeFile::may_read() const {
  return (flags() & O_PATH) == 0 && (flags() & O_ACCMODE) != O_WRONLY;
}
bool NodeFile::may_write() const {
  return (flags() & O_PATH) == 0 && (flags() & O_ACCMODE) != O_RDONLY;
}

base::Result<io_stat_t> NodeFile::attributes() {
  const io_stat_t attributes = TRY(node_->attributes());
  node_->show(attributes);
  return attributes;
}

base::Status NodeFile::change(const AttributeChange& wanted) {
  const io_stat_t now = TRY(node_->attributes());
  return node_->change(TRY(check_change(view_->credentials, now, wanted, may_write())));
}

base::Result<size_t> NodeFile::read(int64_t position, std::span<uint8_t> data) {
  if (kind_ == IO_KIND_DIRECTORY) return base::Error(EISDIR);
  if (!may_read()) return base::Error(EBADF);
  if (position < 0) return base::Error(EINVAL);
  return node_->read(static_cast<uint64_t>(position), data);
}

base::Result<size_t> NodeFile::write(int64_t position, bool append, std::span<const uint8_t> data,
                                     int64_t* end) {
  if (!may_write()) return base::Error(EBADF);
  if (!append && position < 0) return base::Error(EINVAL);
  uint64_t behind = 0;
  const size_t done = TRY(
      node_->write(append ? Node::kAppend : static_cast<uint64_t>(position), data, &behind));
  *end = static_cast<int64_t>(behind);
  return done;
}

base::Status NodeFile::read_directory(int64_t position, DirectorySink& sink) {
  if (!may_read()) return base::Error(EBADF);
  if (position < 0) return base::Error(EINVAL);
  return node_->read_directory(position, sink);
}

base::Status NodeFile::sync(Node::Sync what) { return node_->sync(what); }

base::Result<mach_port_t> NodeFile::memory_object(int protection) {
  if (kind_ != IO_KIND_FILE) return base::Error(ENODEV);
  if ((protection & (VM_PROT_READ | VM_PROT_EXECUTE)) != 0 && !may_read()) {
    return base::Error(EACCES);
  }
  if ((protection & VM_PROT_WRITE) != 0 && !may_write()) return base::Error(EACCES);
  return node_->memory_object(protection);
}

base::Result<Window> NodeFile::map_window(const WindowRequest& request) {
  if (kind_ != IO_KIND_FILE) return base::Error(ENODEV);
  if (request.write ? !may_write() : !may_read()) return base::Error(EACCES);
  WindowRequest allowed = request;
  allowed.readable = may_read();
  return node_->map_window(allowed);
}

base::Status NodeFile::grow(const Growth& growth) {
  return may_write() ? node_->grow(growth) : base::Error(EBADF);
}

base::Status NodeFile::map_slots(mach_port_t task, uint32_t address) {
  return node_->map_slots(task, address);
}

base::Result<AttributeChange> check_change(const Credentials& who, const io_stat_t& now,
                                           const AttributeChange& wanted,
                                           bool opened_for_writing) {
  AttributeChange change = wanted;
  const bool owner = who.is_root() || who.uid == now.st_uid;
  if ((change.which & (FS_SET_MODE | FS_SET_UID | FS_SET_GID | kExplicitTimes)) != 0 && !owner) {
    return base::Error(EPERM);
  }
  if ((change.which & kTimesNow) != 0 && !owner) {
    TRY(check_permission(who, now.st_mode, now.st_uid, now.st_gid, kMayWrite));
  }
  if ((change.which & FS_SET_SIZE) != 0 && !opened_for_writing) return base::Error(EINVAL);
  if (!who.is_root()) {
    if ((change.which & FS_SET_UID) != 0 && change.uid != now.st_uid) return base::Error(EPERM);
    if ((change.which & FS_SET_GID) != 0 && !who.is_member(change.gid)) return base::Error(EPERM);
    if ((change.which & FS_SET_MODE) != 0 && !who.is_member(now.st_gid)) {
      change.mode &= ~static_cast<uint32_t>(S_ISGID);
    }
  }
  const bool new_owner = (change.which & (FS_SET_UID | FS_SET_GID)) != 0;
  if (new_owner && !S_ISDIR(now.st_mode) && (now.st_mode & kSetIds) != 0) {
    if ((change.which & FS_SET_MODE) == 0) change.mode = now.st_mode;
    change.which |= FS_SET_MODE;
    change.mode &= ~kSetIds;
  }
  return change;
}

}  // namespace server
