#include "libs/server/fs_service.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "libs/server/posix_result.h"

namespace server {
namespace {

constexpr int kAtEffectiveIds = 0x200;  // AT_EACCESS
constexpr int kAtRemoveDirectory = 0x200;
// Not among the flags of open(2), so it can travel with them.
constexpr int kLookupExecute = FS_LOOKUP_EXEC;

// Fills the three retry results of a routine.
void put_retry(const Retry& from, int* retry, int* mount, char* path,
               mach_msg_type_number_t* path_count) {
  *retry = from.kind;
  *mount = from.mount;
  *path_count = static_cast<mach_msg_type_number_t>(
      std::min<size_t>(from.path.size(), POSIX_PATH_MAX));
  std::memcpy(path, from.path.data(), *path_count);
}

}  // namespace

base::Result<At> FsService::at(mach_port_t dir) const {
  OpenObject* object = handles_.find(dir);
  if (object == nullptr) return base::Error(EBADF);
  if (object->node() == nullptr || !object->view()) return base::Error(ENOTDIR);
  return At{object->view(), NodeRef(object->node())};
}

base::Result<At> FsService::other_at(mach_port_t dir) const {
  if (handles_.find(dir) == nullptr) return base::Error(EXDEV);
  return at(dir);
}

kern_return_t FsService::fs_lookup(mach_port_t dir, const char* path,
                                   mach_msg_type_number_t pathCnt, int flags, int mode,
                                   mach_port_t* file, int* kind, io_stat_t* attr, int* retry,
                                   int* retry_mount, char* retry_path,
                                   mach_msg_type_number_t* retry_pathCnt) {
  const At start = TRY_POSIX(at(dir));
  const bool with_slot = (flags & FS_LOOKUP_SLOT) != 0;
  const auto use = (flags & kLookupExecute) != 0 ? Names::For::kExecute : Names::For::kUse;
  const Names::Opened opened = TRY_POSIX(names_.open(
      start, {path, pathCnt}, flags & ~(kLookupExecute | FS_LOOKUP_SLOT), static_cast<uint32_t>(mode), use));
  put_retry(opened.retry, retry, retry_mount, retry_path, retry_pathCnt);
  *file = MACH_PORT_NULL;
  if (opened.retry) return KERN_SUCCESS;
  *file = TRY_POSIX(handles_.open(opened.object));
  *kind = opened.object->kind();
  if (const uint32_t slot = with_slot ? opened.object->slot() : 0; slot != 0) {
    *kind |= static_cast<int>(slot << 8);
    opened.object->node()->show(opened.attributes);
  }
  *attr = opened.attributes;
  return KERN_SUCCESS;
}

kern_return_t FsService::fs_stat(mach_port_t dir, const char* path,
                                 mach_msg_type_number_t pathCnt, int flags, io_stat_t* attr,
                                 int* retry, int* retry_mount, char* retry_path,
                                 mach_msg_type_number_t* retry_pathCnt) {
  const At start = TRY_POSIX(at(dir));
  const Names::Stat found = TRY_POSIX(names_.stat(start, {path, pathCnt}, flags));
  put_retry(found.retry, retry, retry_mount, retry_path, retry_pathCnt);
  *attr = found.attributes;
  return KERN_SUCCESS;
}

kern_return_t FsService::fs_access(mach_port_t dir, const char* path,
                                   mach_msg_type_number_t pathCnt, int mode, int uid, int gid,
                                   int flags, int* retry, int* retry_mount, char* retry_path,
                                   mach_msg_type_number_t* retry_pathCnt) {
  const At start = TRY_POSIX(at(dir));
  const Retry answer = TRY_POSIX(names_.access(
      start, {path, pathCnt}, static_cast<uint32_t>(mode), static_cast<uint32_t>(uid),
      static_cast<uint32_t>(gid), flags & ~kAtEffectiveIds));
  put_retry(answer, retry, retry_mount, retry_path, retry_pathCnt);
  return KERN_SUCCESS;
}

kern_return_t FsService::fs_readlink(mach_port_t dir, const char* path,
                                     mach_msg_type_number_t pathCnt, char* target,
                                     mach_msg_type_number_t* targetCnt, int* retry,
                                     int* retry_mount, char* retry_path,
                                     mach_msg_type_number_t* retry_pathCnt) {
  const At start = TRY_POSIX(at(dir));
  const Names::Target found = TRY_POSIX(names_.read_link(start, {path, pathCnt}));
  put_retry(found.retry, retry, retry_mount, retry_path, retry_pathCnt);
  *targetCnt = static_cast<mach_msg_type_number_t>(
      std::min<size_t>(found.target.size(), POSIX_PATH_MAX));
  std::memcpy(target, found.target.data(), *targetCnt);
  return KERN_SUCCESS;
}

kern_return_t FsService::fs_mknod(mach_port_t dir, const char* path,
                                  mach_msg_type_number_t pathCnt, int mode, int rdev, int* retry,
                                  int* retry_mount, char* retry_path,
                                  mach_msg_type_number_t* retry_pathCnt) {
  const At start = TRY_POSIX(at(dir));
  const auto type_and_mode = static_cast<uint32_t>(mode) & (S_IFMT | 07777);
  if (S_ISLNK(type_and_mode)) return POSIX_ERROR(EINVAL);
  const Retry answer = TRY_POSIX(
      names_.make(start, {path, pathCnt}, type_and_mode, static_cast<uint32_t>(rdev)));
  put_retry(answer, retry, retry_mount, retry_path, retry_pathCnt);
  return KERN_SUCCESS;
}

kern_return_t FsService::fs_symlink(mach_port_t dir, const char* path,
                                    mach_msg_type_number_t pathCnt, const char* target,
                                    mach_msg_type_number_t targetCnt, int* retry,
                                    int* retry_mount, char* retry_path,
                                    mach_msg_type_number_t* retry_pathCnt) {
  const At start = TRY_POSIX(at(dir));
  const Retry answer = TRY_POSIX(
      names_.make(start, {path, pathCnt}, S_IFLNK | 0777, 0, {target, targetCnt}));
  put_retry(answer, retry, retry_mount, retry_path, retry_pathCnt);
  return KERN_SUCCESS;
}

kern_return_t FsService::fs_unlink(mach_port_t dir, const char* path,
                                   mach_msg_type_number_t pathCnt, int flags, int* retry,
                                   int* retry_mount, char* retry_path,
                                   mach_msg_type_number_t* retry_pathCnt) {
  const At start = TRY_POSIX(at(dir));
  if ((flags & ~kAtRemoveDirectory) != 0) return POSIX_ERROR(EINVAL);
  const auto what =
      (flags & kAtRemoveDirectory) != 0 ? Names::Remove::kDirectory : Names::Remove::kFile;
  const Retry answer = TRY_POSIX(names_.remove(start, {path, pathCnt}, what));
  handles_.settle_removed();
  put_retry(answer, retry, retry_mount, retry_path, retry_pathCnt);
  return KERN_SUCCESS;
}

// On success the send right that came with a request is this server's to give back; on an error
// the dispatcher does that.
kern_return_t FsService::fs_rename(mach_port_t dir, const char* from_name,
                                   mach_msg_type_number_t from_nameCnt, mach_port_t to_dir,
                                   const char* to_name, mach_msg_type_number_t to_nameCnt,
                                   int flags) {
  const kern_return_t code =
      rename(dir, {from_name, from_nameCnt}, to_dir, {to_name, to_nameCnt}, flags);
  if (code == KERN_SUCCESS) ports_.release(to_dir);
  return code;
}

kern_return_t FsService::rename(mach_port_t dir, std::string_view from_name, mach_port_t to_dir,
                                std::string_view to_name, int flags) {
  const At from = TRY_POSIX(at(dir));
  const At to = TRY_POSIX(other_at(to_dir));
  const auto status = names_.rename(from, from_name, to, to_name, flags);
  handles_.settle_removed();
  return status.ok() ? KERN_SUCCESS : POSIX_ERROR(status.code());
}

kern_return_t FsService::fs_link(mach_port_t dir, const char* name,
                                 mach_msg_type_number_t nameCnt, mach_port_t file) {
  const kern_return_t code = link(dir, {name, nameCnt}, file);
  if (code == KERN_SUCCESS) ports_.release(file);
  return code;
}

kern_return_t FsService::link(mach_port_t dir, std::string_view name, mach_port_t file) {
  const At directory = TRY_POSIX(at(dir));
  OpenObject* object = handles_.find(file);
  if (object == nullptr || object->node() == nullptr) return POSIX_ERROR(EXDEV);
  const auto status = names_.link(directory, name, *object->node());
  return status.ok() ? KERN_SUCCESS : POSIX_ERROR(status.code());
}

kern_return_t FsService::fs_getcwd(mach_port_t dir, char* path, mach_msg_type_number_t* pathCnt) {
  const At directory = TRY_POSIX(at(dir));
  if (!directory.directory->is_directory()) return POSIX_ERROR(ENOTDIR);
  const std::string found = TRY_POSIX(names_.path_of(directory));
  *pathCnt = static_cast<mach_msg_type_number_t>(std::min<size_t>(found.size(), POSIX_PATH_MAX));
  std::memcpy(path, found.data(), *pathCnt);
  return KERN_SUCCESS;
}

kern_return_t FsService::fs_statfs(mach_port_t file, fs_statfs_t* info) {
  OpenObject* object = handles_.find(file);
  if (object == nullptr) return POSIX_ERROR(EBADF);
  if (object->node() == nullptr) return POSIX_ERROR(ENOSYS);
  *info = TRY_POSIX(object->node()->file_system().statistics());
  return KERN_SUCCESS;
}

kern_return_t FsService::fs_reroot(mach_port_t dir, mach_port_t new_root, mach_port_t* new_dir) {
  const kern_return_t code = reroot(dir, new_root, new_dir);
  if (code == KERN_SUCCESS) ports_.release(new_root);
  return code;
}

kern_return_t FsService::reroot(mach_port_t dir, mach_port_t new_root, mach_port_t* new_dir) {
  const At directory = TRY_POSIX(at(dir));
  const At root = TRY_POSIX(other_at(new_root));
  if (!root.directory->is_directory()) return POSIX_ERROR(ENOTDIR);
  if (!directory.view->credentials.is_root()) return POSIX_ERROR(EPERM);
  const ViewRef view =
      base::adopt_ref(new View(directory.view->credentials, root.directory));
  const auto object = TRY_POSIX(directory.directory->open(view, O_RDONLY));
  *new_dir = TRY_POSIX(handles_.open(object));
  return KERN_SUCCESS;
}

}  // namespace server
