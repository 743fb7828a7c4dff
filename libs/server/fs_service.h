// FsService: the fs protocol for the tree of a server.
#pragma once

#include "libs/mach/fs_server.h"
#include "libs/server/handle_table.h"
#include "libs/server/names.h"
#include "libs/server/port_space.h"

namespace server {

// Decodes calls on directory ports, which are handles of the table, and hands them to Names.
class FsService final : public FsInterface {
 public:
  FsService(Tree& tree, HandleTable& handles, PortSpace& ports)
      : names_(tree), handles_(handles), ports_(ports) {}

  kern_return_t fs_lookup(mach_port_t dir, const char* path, mach_msg_type_number_t pathCnt,
                          int flags, int mode, mach_port_t* file, int* kind, io_stat_t* attr,
                          int* retry, int* retry_mount, char* retry_path,
                          mach_msg_type_number_t* retry_pathCnt) override;
  kern_return_t fs_stat(mach_port_t dir, const char* path, mach_msg_type_number_t pathCnt,
                        int flags, io_stat_t* attr, int* retry, int* retry_mount, char* retry_path,
                        mach_msg_type_number_t* retry_pathCnt) override;
  kern_return_t fs_access(mach_port_t dir, const char* path, mach_msg_type_number_t pathCnt,
                          int mode, int uid, int gid, int flags, int* retry, int* retry_mount,
                          char* retry_path, mach_msg_type_number_t* retry_pathCnt) override;
  kern_return_t fs_readlink(mach_port_t dir, const char* path, mach_msg_type_number_t pathCnt,
                            char* target, mach_msg_type_number_t* targetCnt, int* retry,
                            int* retry_mount, char* retry_path,
                            mach_msg_type_number_t* retry_pathCnt) override;
  kern_return_t fs_mknod(mach_port_t dir, const char* path, mach_msg_type_number_t pathCnt,
                         int mode, int rdev, int* retry, int* retry_mount, char* retry_path,
                         mach_msg_type_number_t* retry_pathCnt) override;
  kern_return_t fs_symlink(mach_port_t dir, const char* path, mach_msg_type_number_t pathCnt,
                           const char* target, mach_msg_type_number_t targetCnt, int* retry,
                           int* retry_mount, char* retry_path,
                           mach_msg_type_number_t* retry_pathCnt) override;
  kern_return_t fs_unlink(mach_port_t dir, const char* path, mach_msg_type_number_t pathCnt,
                          int flags, int* retry, int* retry_mount, char* retry_path,
                          mach_msg_type_number_t* retry_pathCnt) override;
  kern_return_t fs_rename(mach_port_t dir, const char* from_name,
                          mach_msg_type_number_t from_nameCnt, mach_port_t to_dir,
                          const char* to_name, mach_msg_type_number_t to_nameCnt,
                          int flags) override;
  kern_return_t fs_link(mach_port_t dir, const char* name, mach_msg_type_number_t nameCnt,
                        mach_port_t file) override;
  kern_return_t fs_getcwd(mach_port_t dir, char* path, mach_msg_type_number_t* pathCnt) override;
  kern_return_t fs_statfs(mach_port_t file, fs_statfs_t* info) override;
  kern_return_t fs_reroot(mach_port_t dir, mach_port_t new_root, mach_port_t* new_dir) override;

 private:
  // The directory behind a port: EBADF when it is none of ours, ENOTDIR.
  base::Result<At> at(mach_port_t dir) const;
  // For ports in requests: as at(), EXDEV when the port is another server's.
  base::Result<At> other_at(mach_port_t dir) const;
  kern_return_t rename(mach_port_t dir, std::string_view from_name, mach_port_t to_dir,
                       std::string_view to_name, int flags);
  kern_return_t link(mach_port_t dir, std::string_view name, mach_port_t file);
  kern_return_t reroot(mach_port_t dir, mach_port_t new_root, mach_port_t* new_dir);

  Names names_;
  HandleTable& handles_;
  PortSpace& ports_;
};

}  // namespace server
