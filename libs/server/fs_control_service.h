// FsControlService: the privileged side of a server of the fs protocol.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "libs/mach/fs_control_server.h"
#include "libs/server/handle_table.h"
#include "libs/server/tree.h"

namespace server {

// Serves one control port; requests that arrive on any other port are refused.
class FsControlService final : public FsControlInterface {
 public:
  // Makes a file system for fs_mount. ENODEV: unknown type; what mounting it answers otherwise.
  using FileSystemMaker = std::function<base::Result<std::unique_ptr<FileSystem>>(
      std::string_view type, std::string_view source, int flags)>;

  FsControlService(mach_port_t control, Tree& tree, HandleTable& handles, FileSystemMaker maker)
      : control_(control), tree_(tree), handles_(handles), maker_(std::move(maker)) {}

  // Mounts a file system of this server; also for start-up.
  base::Status mount(std::string_view source, std::string_view path, std::string_view type,
                     int flags);

  kern_return_t fs_get_root(mach_port_t control, const posix_creds_t& creds,
                            mach_port_t* root) override;
  kern_return_t fs_set_mount(mach_port_t control, const char* path, mach_msg_type_number_t pathCnt,
                             int mount) override;
  kern_return_t fs_mount(mach_port_t control, const char* source, mach_msg_type_number_t sourceCnt,
                         const char* path, mach_msg_type_number_t pathCnt, const char* type,
                         mach_msg_type_number_t typeCnt, int flags) override;
  kern_return_t fs_unmount(mach_port_t control, const char* path, mach_msg_type_number_t pathCnt,
                           int flags) override;
  kern_return_t fs_set_root_path(mach_port_t control, const char* path,
                                 mach_msg_type_number_t pathCnt) override;
  kern_return_t fs_sync_all(mach_port_t control, boolean_t shutdown) override;
  kern_return_t fs_pin(mach_port_t control, mach_port_t file, char* device,
                       mach_msg_type_number_t* deviceCnt, char** runs,
                       mach_msg_type_number_t* runsCnt) override;
  kern_return_t fs_release(mach_port_t control, mach_port_t file) override;
  kern_return_t fs_mounts(mach_port_t control, char** data,
                          mach_msg_type_number_t* dataCnt) override;

 private:
  base::Result<NodeRef> directory(std::string_view path, bool cross_last);
  [[nodiscard]] std::string mounts_text();

  mach_port_t control_;
  Tree& tree_;
  HandleTable& handles_;
  std::vector<NodeRef> pinned_;  // so that they stay when their last name goes
  FileSystemMaker maker_;
};

}  // namespace server
