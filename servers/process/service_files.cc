// Directories of a process, pipes, special files, terminals, mounts.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <mach.h>

#include "libs/mach/fs_control_user.h"
#include "libs/server/node_file.h"
#include "libs/server/posix_result.h"
#include "servers/process/process_server.h"
#include "servers/process/stat_request.h"

namespace process {

using base::Error;
using base::Result;

namespace {

posix_creds_t creds_of(const Identity& id) {
  posix_creds_t creds{};
  creds.uid = id.euid;
  creds.gid = id.egid;
  creds.group_count = static_cast<unsigned>(std::min<size_t>(id.groups.size(), POSIX_NGROUPS));
  std::copy_n(id.groups.begin(), creds.group_count, creds.groups);
  return creds;
}

server::ViewRef view_of(const Identity& id) {
  return base::adopt_ref(
      new server::View({.uid = id.euid, .gid = id.egid, .groups = id.groups}, {}));
}

}  // namespace

// A file server that was started again does not know them; the root that its predecessor gave is a
// dead name then. The new one is asked first: should it end meanwhile, the next call notices.
void ProcessServer::mount_trees() {
  mach_port_type_t type = MACH_PORT_TYPE_NONE;
  if (file_root_ != MACH_PORT_NULL) {
    (void)mach_port_type(mach_task_self(), file_root_, &type);
    if ((type & MACH_PORT_TYPE_SEND) != 0) return;
    mach_port_deallocate(mach_task_self(), file_root_);
  }
  if (fs_get_root(ports_.file_control, posix_creds_t{}, &file_root_) != KERN_SUCCESS) {
    file_root_ = MACH_PORT_NULL;
    return;
  }
  for (const auto& [path, number] : {std::pair("/dev", kDevMount), std::pair("/proc", kProcMount)}) {
    const kern_return_t kr = fs_set_mount(ports_.file_control, const_cast<char*>(path),
                                          std::strlen(path), number);
    if (kr != KERN_SUCCESS) std::printf("process: cannot mount %s (0x%x)\n", path, kr);
  }
}

kern_return_t ProcessServer::proc_get_root(mach_port_t port, int mount, mach_port_t* root) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (mount == kRootMount) {
    mount_trees();
    return fs_get_root(ports_.file_control, creds_of(process->identity), root);
  }
  const bool dev = mount == kDevMount;
  if (!dev && mount != kProcMount) return POSIX_ERROR(ENOENT);
  server::FsServer& server = dev ? dev_ : proc_;
  const server::NodeRef node =
      dev ? dev_tree_.file_system().root() : proc_tree_.root_for(process->pid);
  const auto object = TRY_POSIX(node->open(view_of(process->identity), O_RDONLY));
  const mach_port_t handle = TRY_POSIX(server.io().handles().open(object));
  // The reply moves a send right: ports of handles are receive rights here.
  if (mach_port_insert_right(mach_task_self(), handle, handle, MACH_MSG_TYPE_MAKE_SEND) !=
      KERN_SUCCESS) {
    server.io().handles().cancel(handle);
    return POSIX_ERROR(ENFILE);
  }
  *root = handle;
  return KERN_SUCCESS;
}

void ProcessServer::show_pipes() {
  const auto page = pages_.allocate();
  if (page.ok()) pipe_slots_.use(reinterpret_cast<pipe_slots*>(page.value()));
}

kern_return_t ProcessServer::proc_pipe(mach_port_t port, mach_port_t* read_end,
                                       mach_port_t* write_end, int* read_slot,
                                       int* write_slot) {
  if (caller(port) == nullptr) return POSIX_ERROR(ESRCH);
  const auto pipe = base::adopt_ref(new Pipe(&pipe_slots_));
  server::HandleTable& handles = dev_.io().handles();
  const base::Ref<PipeEnd> read = Pipe::open(pipe, O_RDONLY);
  const base::Ref<PipeEnd> write = Pipe::open(pipe, O_WRONLY);
  const mach_port_t reader = TRY_POSIX(handles.open(read));
  const auto writer = handles.open(write);
  if (!writer.ok()) {
    handles.cancel(reader);
    return POSIX_ERROR(writer.code());
  }
  *read_end = reader;
  *write_end = writer.value();
  *read_slot = static_cast<int>(read->pipe_slot());
  *write_slot = static_cast<int>(write->pipe_slot());
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_pipe_slots(mach_port_t port) {
  const Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (pipe_slots_.page() == nullptr) return POSIX_ERROR(ENODEV);
  const auto mapped = pages_.map_into(process->task, pipe_slots_.page(), PIPE_SLOTS_ADDRESS,
                                      VM_PROT_READ);
  return mapped.ok() ? KERN_SUCCESS : POSIX_ERROR(mapped.code());
}

// Objects of our own are asked directly: a message to ourselves would never be answered.
Result<io_stat_t> ProcessServer::attributes_of(mach_port_t file) {
  for (server::FsServer* server : {&dev_, &proc_}) {
    if (server::OpenObject* object = server->io().handles().find(file)) {
      return object->attributes();
    }
  }
  return request_attributes(file);
}

kern_return_t ProcessServer::open_object(base::Ref<server::OpenObject> object, mach_port_t* io,
                                         int* kind) {
  *kind = object->kind();
  *io = TRY_POSIX(dev_.io().handles().open(std::move(object)));
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_open_special(mach_port_t port, mach_port_t file, int flags,
                                               int cookie, mach_port_t* io, int* kind) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  const io_stat_t attributes = TRY_POSIX(attributes_of(file));
  if (S_ISFIFO(attributes.st_mode)) {
    const kern_return_t kr = open_fifo(port, attributes, flags, cookie, io, kind);
    if (kr == KERN_SUCCESS || kr == MIG_NO_REPLY) main_space_.release(file);
    return kr;
  }
  if (!S_ISCHR(attributes.st_mode)) return POSIX_ERROR(ENXIO);
  const auto device = static_cast<uint32_t>(attributes.st_rdev);
  if (device == kTtyDevice && process->terminal == nullptr) return POSIX_ERROR(ENXIO);
  const auto object =
      device == kTtyDevice
          ? Result<base::Ref<server::OpenObject>>(process->terminal->open(flags))
          : dev_tree_.open(device, flags);
  if (!object.ok()) return POSIX_ERROR(object.code());
  const kern_return_t kr = open_object(base::Ref<server::OpenObject>(object.value()), io, kind);
  if (kr == KERN_SUCCESS) main_space_.release(file);
  return kr;
}

// fifo(7): a reader waits for a writer and a writer for a reader; without waiting a reader opens at
// once and a writer gets ENXIO.
kern_return_t ProcessServer::open_fifo(mach_port_t process, const io_stat_t& attributes, int flags,
                                       int cookie, mach_port_t* io, int* kind) {
  std::erase_if(fifos_, [](const auto& item) {
    const Pipe& pipe = *item.second.pipe;
    return pipe.ref_count() == 1;  // nobody has it open
  });
  Fifo& fifo = fifos_[{attributes.st_dev, attributes.st_ino}];
  if (!fifo.pipe) fifo.pipe = base::adopt_ref(new Pipe);
  const int access = flags & O_ACCMODE;
  if (access == O_WRONLY && (flags & O_NONBLOCK) != 0 && !fifo.pipe->has_readers()) {
    return POSIX_ERROR(ENXIO);
  }
  base::Ref<PipeEnd> end = Pipe::open(fifo.pipe, flags);
  answer_fifo_opens();
  const bool waits = (flags & O_NONBLOCK) == 0 &&
                     ((access == O_RDONLY && !fifo.pipe->has_writers()) ||
                      (access == O_WRONLY && !fifo.pipe->has_readers()));
  if (!waits) return open_object(end, io, kind);
  pending_opens_.push_back({dev_.loop().current_call().take_reply_port(), process, cookie, flags,
                            fifo.pipe, std::move(end)});
  return MIG_NO_REPLY;
}

void ProcessServer::answer_fifo_opens() {
  for (auto it = pending_opens_.begin(); it != pending_opens_.end();) {
    const bool reads = (it->flags & O_ACCMODE) == O_RDONLY;
    if (reads ? !it->pipe->has_writers() : !it->pipe->has_readers()) {
      ++it;
      continue;
    }
    mach_port_t io = MACH_PORT_NULL;
    int kind = 0;
    const kern_return_t kr = open_object(it->end, &io, &kind);
    if (reply_proc_open_special(it->reply, kr, io, kind) != MACH_MSG_SUCCESS &&
        kr == KERN_SUCCESS) {
      dev_.io().handles().cancel(io);
    }
    it = pending_opens_.erase(it);
  }
}

kern_return_t ProcessServer::proc_terminal(mach_port_t port, mach_port_t io, int operation) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (operation == PROC_TTY_DROP) {
    if (process->terminal == nullptr) return POSIX_ERROR(ENOTTY);
    if (process->sid == process->pid) {
      process->terminal->set_session(0);
      process->terminal->set_foreground(0);
    }
    process->terminal = nullptr;
    publish(*process);
    main_space_.release(io);
    return KERN_SUCCESS;
  }
  server::OpenObject* object = dev_.io().handles().find(io);
  if (object == nullptr || object->kind() != IO_KIND_TERMINAL) return POSIX_ERROR(ENOTTY);
  TRY_POSIX(set_terminal(*process, static_cast<TerminalFile*>(object)->terminal()));
  main_space_.release(io);
  return KERN_SUCCESS;
}

kern_return_t ProcessServer::proc_mount(mach_port_t port, const char* source,
                                        mach_msg_type_number_t sourceCnt, const char* target,
                                        mach_msg_type_number_t targetCnt, const char* type,
                                        mach_msg_type_number_t typeCnt, int flags) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (process->identity.euid != 0) return POSIX_ERROR(EPERM);
  return fs_mount(ports_.file_control, const_cast<char*>(source), sourceCnt,
                  const_cast<char*>(target), targetCnt, const_cast<char*>(type), typeCnt, flags);
}

kern_return_t ProcessServer::proc_umount(mach_port_t port, const char* target,
                                         mach_msg_type_number_t targetCnt, int flags) {
  Process* process = caller(port);
  if (process == nullptr) return POSIX_ERROR(ESRCH);
  if (process->identity.euid != 0) return POSIX_ERROR(EPERM);
  return fs_unmount(ports_.file_control, const_cast<char*>(target), targetCnt, flags);
}

kern_return_t ProcessServer::proc_sync(mach_port_t port) {
  if (caller(port) == nullptr) return POSIX_ERROR(ESRCH);
  return fs_sync_all(ports_.file_control, FALSE);
}

}  // namespace process
