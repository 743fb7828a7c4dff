#include "libs/server/fs_control_service.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "libs/server/path_walker.h"
#include "libs/server/posix_result.h"
#include "libs/server/reply_buffer.h"

namespace server {
namespace {

kern_return_t code_of(const base::Status& status) {
  return status.ok() ? KERN_SUCCESS : POSIX_ERROR(status.code());
}

}  // namespace

base::Result<NodeRef> FsControlService::directory(std::string_view path, bool cross_last) {
  const View everything(Credentials{}, tree_.root_file_system().root());
  Walk walk = TRY(PathWalker(tree_, everything)
                      .walk(everything.root, path, {.cross_last = cross_last}));
  // Below another server's mount: that server's business.
  if (walk.retry) return base::Error(EXDEV);
  if (!walk.node->is_directory()) return base::Error(ENOTDIR);
  return std::move(walk.node);
}

kern_return_t FsControlService::fs_get_root(mach_port_t control, const posix_creds_t& creds,
                                            mach_port_t* root) {
  if (control != control_) return POSIX_ERROR(EPERM);
  const ViewRef view = tree_.make_view(TRY_POSIX(Credentials::from_message(creds)));
  const auto object = TRY_POSIX(tree_.root_file_system().root()->open(view, O_RDONLY));
  *root = TRY_POSIX(handles_.open(object));
  return KERN_SUCCESS;
}

kern_return_t FsControlService::fs_set_mount(mach_port_t control, const char* path,
                                             mach_msg_type_number_t pathCnt, int mount) {
  if (control != control_) return POSIX_ERROR(EPERM);
  const std::string_view where(path, pathCnt);
  const NodeRef covered = TRY_POSIX(directory(where, false));
  if (mount == 0) return code_of(tree_.remove_mount(*covered));
  return code_of(tree_.add_mount({.covered = covered,
                                  .path = std::string(where),
                                  .source = "none",
                                  .file_system = nullptr,
                                  .number = mount}));
}

base::Status FsControlService::mount(std::string_view source, std::string_view path,
                                     std::string_view type, int flags) {
  NodeRef covered = TRY(directory(path, true));
  return tree_.add_mount({.covered = std::move(covered),
                          .path = std::string(path),
                          .source = std::string(source),
                          .file_system = TRY(maker_(type, source, flags))});
}

kern_return_t FsControlService::fs_mount(mach_port_t control, const char* source,
                                         mach_msg_type_number_t sourceCnt, const char* path,
                                         mach_msg_type_number_t pathCnt, const char* type,
                                         mach_msg_type_number_t typeCnt, int flags) {
  if (control != control_) return POSIX_ERROR(EPERM);
  return code_of(mount({source, sourceCnt}, {path, pathCnt}, {type, typeCnt}, flags));
}

kern_return_t FsControlService::fs_unmount(mach_port_t control, const char* path,
                                           mach_msg_type_number_t pathCnt, int) {
  if (control != control_) return POSIX_ERROR(EPERM);
  const NodeRef covered = TRY_POSIX(directory({path, pathCnt}, false));
  // What has been closed does not keep the file system busy.
  handles_.settle();
  return code_of(tree_.remove_mount(*covered));
}

kern_return_t FsControlService::fs_set_root_path(mach_port_t control, const char* path,
                                                 mach_msg_type_number_t pathCnt) {
  if (control != control_) return POSIX_ERROR(EPERM);
  return code_of(tree_.set_root_path({path, pathCnt}));
}

kern_return_t FsControlService::fs_pin(mach_port_t control, mach_port_t file, char* device,
                                       mach_msg_type_number_t* deviceCnt, char** runs,
                                       mach_msg_type_number_t* runsCnt) {
  if (control != control_) return POSIX_ERROR(EPERM);
  const OpenObject* object = handles_.find(file);
  if (object == nullptr || object->node() == nullptr) return POSIX_ERROR(EINVAL);
  const NodeRef node(object->node());
  const DiskPlace place = TRY_POSIX(node->pin());
  static_assert(sizeof(DiskPlace::Run) == 8);
  const size_t size = place.runs.size() * sizeof(DiskPlace::Run);
  auto buffer = ReplyBuffer::make(*runs, size);
  if (!buffer.ok() || place.device.size() > *deviceCnt) {
    (void)node->unpin();
    return POSIX_ERROR(ENOMEM);
  }
  pinned_.push_back(node);
  *deviceCnt = static_cast<mach_msg_type_number_t>(place.device.copy(device, place.device.size()));
  std::memcpy(buffer.value().bytes().data(), place.runs.data(), size);
  *runsCnt = static_cast<mach_msg_type_number_t>(size);
  *runs = buffer.value().release(size);
  handles_.release_argument(file);
  return KERN_SUCCESS;
}

kern_return_t FsControlService::fs_release(mach_port_t control, mach_port_t file) {
  if (control != control_) return POSIX_ERROR(EPERM);
  const OpenObject* object = handles_.find(file);
  const auto found = std::ranges::find_if(
      pinned_, [&](const NodeRef& node) { return object != nullptr && node.get() == object->node(); });
  if (found == pinned_.end()) return POSIX_ERROR(EINVAL);
  const NodeRef node = *found;
  pinned_.erase(found);
  const kern_return_t code = code_of(node->unpin());
  if (code == KERN_SUCCESS) handles_.release_argument(file);
  return code;
}

kern_return_t FsControlService::fs_sync_all(mach_port_t control, boolean_t shutdown) {
  if (control != control_) return POSIX_ERROR(EPERM);
  return code_of(tree_.sync(shutdown != 0 ? FileSystem::Shutdown::kYes
                                          : FileSystem::Shutdown::kNo));
}

std::string FsControlService::mounts_text() {
  std::string text = "root ";
  text += tree_.root_path();
  text += ' ';
  text += tree_.root_file_system().type();
  text += " rw 0 0\n";
  for (const Mount& mount : tree_.mounts()) {
    if (mount.file_system == nullptr) continue;
    text += mount.source + ' ' + mount.path + ' ';
    text += mount.file_system->type();
    text += " rw 0 0\n";
  }
  return text;
}

kern_return_t FsControlService::fs_mounts(mach_port_t control, char** data,
                                          mach_msg_type_number_t* dataCnt) {
  if (control != control_) return POSIX_ERROR(EPERM);
  const std::string text = mounts_text();
  auto buffer = TRY_POSIX(ReplyBuffer::make(*data, text.size()));
  std::memcpy(buffer.bytes().data(), text.data(), text.size());
  *dataCnt = static_cast<mach_msg_type_number_t>(text.size());
  *data = buffer.release(text.size());
  return KERN_SUCCESS;
}

}  // namespace server
