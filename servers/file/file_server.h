// FileServer: disks, file systems, pager and services of the file server, put together.
#pragma once

#include <mach/port.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/server/fs_server.h"
#include "libs/server/mach_port_space.h"
#include "servers/file/fault_handler.h"
#include "servers/file/mach_block_device.h"
#include "servers/file/pager.h"

namespace file {

class FileServer {
 public:
  // How long changes stay in memory at most.
  static constexpr std::chrono::seconds kSyncInterval{5};
  // The root device's st_dev; further disks count up from it.
  static constexpr uint64_t kRootDeviceNumber = 0x301;

  // Makes the two port sets. `host`: the privileged host port. ENFILE.
  static base::Result<std::unique_ptr<FileServer>> create(mach_port_t device_master,
                                                          mach_port_t host);

  // Mounts the ext2 file system of a disk as the root. ENXIO, EIO, EINVAL, EOPNOTSUPP.
  base::Status mount_root(const std::string& device);
  // After mount_root: serves `control`, a receive right, as the control port. ENFILE.
  base::Status set_control(mach_port_t control);
  // After set_control: mounts a memory file system.
  base::Status mount_tmpfs(const std::string& path);

  // Starts the pager thread and the one that syncs now and then, and serves requests until receiving
  // fails; returns why.
  mach_msg_return_t run();

 private:
  FileServer(mach_port_t device_master, mach_port_t host, mach_port_t requests,
             mach_port_t objects)
      : device_master_(device_master),
        host_(host),
        requests_(requests),
        objects_(objects),
        pager_(objects, lock_),
        ports_(requests) {}
  base::Result<std::unique_ptr<server::FileSystem>> open_ext2(const std::string& name,
                                                              bool read_only);
  base::Result<std::unique_ptr<server::FileSystem>> make(std::string_view type,
                                                         std::string_view source, int flags);
  void serve_kernel();
  [[noreturn]] void sync_now_and_then();

  server::Mutex lock_;  // the tree lock
  mach_port_t device_master_;
  mach_port_t host_;
  mach_port_t requests_;
  mach_port_t objects_;
  Pager pager_;
  FaultHandler faults_;
  server::MachPortSpace ports_;
  uint64_t next_device_number_ = kRootDeviceNumber;
  std::unique_ptr<server::FileSystem> root_;
  std::unique_ptr<server::FsServer> server_;
};

}  // namespace file
