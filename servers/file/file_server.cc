#include "servers/file/file_server.h"

#include <mach.h>
#include <mach/mach_host.h>
#include <mach_error.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "libs/server/wall_clock.h"
#include "servers/file/ext2_file_system.h"
#include "servers/file/tmpfs.h"

namespace file {
namespace {

constexpr int kReadOnlyMount = 1;  // MS_RDONLY of mount(2)

Time wall_clock() {
  const timespec now = server::wall_clock_now();
  return {now.tv_sec, static_cast<uint32_t>(now.tv_nsec)};
}

base::Result<mach_port_t> make_set() {
  mach_port_t set = MACH_PORT_NULL;
  if (mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &set) != KERN_SUCCESS) {
    return base::Error(ENFILE);
  }
  return set;
}

}  // namespace

base::Result<std::unique_ptr<FileServer>> FileServer::create(mach_port_t device_master,
                                                              mach_port_t host) {
  const mach_port_t requests = TRY(make_set());
  const mach_port_t objects = TRY(make_set());
  auto server = std::unique_ptr<FileServer>(new FileServer(device_master, host, requests, objects));
  TRY(server->faults_.start(objects));
  return server;
}

base::Status FileServer::mount_root(const std::string& device) {
  root_ = TRY(open_ext2(device, false));
  return {};
}

base::Status FileServer::set_control(mach_port_t control) {
  if (mach_port_move_member(mach_task_self(), control, requests_) != KERN_SUCCESS) {
    return base::Error(ENFILE);
  }
  server_ = std::make_unique<server::FsServer>(
      requests_, control, ports_, lock_, *root_,
      [this](std::string_view type, std::string_view source, int flags) {
        return make(type, source, flags);
      });
  return {};
}

base::Status FileServer::mount_tmpfs(const std::string& path) {
  const server::LockGuard guard(lock_);
  return server_->control().mount("tmpfs", path, "tmpfs", 0);
}

base::Result<std::unique_ptr<server::FileSystem>> FileServer::open_ext2(const std::string& name,
                                                                        bool read_only) {
  auto device = TRY(MachBlockDevice::open(device_master_, name));
  auto volume = TRY(Volume::mount(*device, {.read_only = read_only, .clock = wall_clock}));
  if (volume->recovered()) {
    std::printf("file: %s was not unmounted; its journal has been replayed\n", name.c_str());
  }
  if (!volume->was_clean()) {
    std::printf("file: %s should be checked with e2fsck\n", name.c_str());
  }
  return std::unique_ptr<server::FileSystem>(
      new Ext2FileSystem(std::move(volume), pager_, lock_, next_device_number_++,
                         std::move(device)));
}

base::Result<std::unique_ptr<server::FileSystem>> FileServer::make(std::string_view type,
                                                                   std::string_view source,
                                                                   int flags) {
  const bool read_only = (flags & kReadOnlyMount) != 0;
  if (type == "tmpfs") {
    if (read_only) return base::Error(EINVAL);
    return std::unique_ptr<server::FileSystem>(new TmpFs(wall_clock, pager_, lock_));
  }
  if (type != "ext2") return base::Error(ENODEV);
  if (source.starts_with("/dev/")) source.remove_prefix(5);
  return open_ext2(std::string(source), read_only);
}

// The pager thread: see pager.h for what it may do. Memory becomes free by what it does, so it must not wait for some.
void FileServer::serve_kernel() {
  const kern_return_t wired = thread_wire(host_, mach_thread_self(), TRUE);
  if (wired != KERN_SUCCESS) std::printf("file: the pager thread is not wired: %s\n", mach_error_string(wired));
  server::MessageLoop loop(objects_, lock_);
  loop.add(pager_);
  loop.add(faults_);
  const mach_msg_return_t code = loop.run();
  // Without pages nothing goes on: a fresh server must take over.
  std::printf("file: receiving from the kernel: %s\n", mach_error_string(code));
  std::exit(EXIT_FAILURE);
}

void FileServer::sync_now_and_then() {
  for (;;) {
    std::this_thread::sleep_for(kSyncInterval);
    const server::LockGuard guard(lock_);
    const auto status = server_->tree().sync(server::FileSystem::Shutdown::kNo);
    if (!status.ok()) std::printf("file: sync: %s\n", std::strerror(status.code()));
  }
}

mach_msg_return_t FileServer::run() {
  std::thread([this] { serve_kernel(); }).detach();
  if (const auto made = pager_.make_slots(host_); !made.ok()) {
    std::printf("file: no slots: %s\n", std::strerror(made.code()));
  }
  std::thread([this] { sync_now_and_then(); }).detach();
  faults_.watch_this_thread();
  return server_->loop().run();
}

}  // namespace file
