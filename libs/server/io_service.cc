#include "libs/server/io_service.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "libs/server/dirent_writer.h"
#include "libs/server/io_ready.h"
#include "libs/server/posix_result.h"
#include "libs/server/reply_buffer.h"

namespace server {
namespace {

constexpr kern_return_t kBadPort = POSIX_ERROR(EBADF);
constexpr uint32_t kAllAttributes = FS_SET_MODE | FS_SET_UID | FS_SET_GID | FS_SET_SIZE |
                                    FS_SET_ATIME | FS_SET_MTIME | FS_SET_ATIME_NOW |
                                    FS_SET_MTIME_NOW;
constexpr uint32_t kNanosecondsPerSecond = 1'000'000'000;

kern_return_t code_of(const base::Status& status) {
  return status.ok() ? KERN_SUCCESS : POSIX_ERROR(status.code());
}

}  // namespace

IoService::IoService(PortSpace& ports, CurrentCall& call)
    : call_(call), ports_(ports), handles_(ports, this), waiting_(ports, locks_) {
  handles_.set_close_listener(this);
}

// A call that will wait only later in this request has seen what made the object ready.
void IoService::object_ready(OpenObject& object) {
  if (object.has_waiters()) ready_.emplace_back(&object);
}

void IoService::object_closed(OpenObject& object) {
  waiting_.drop(object);
  Node* node = object.node();
  if (node != nullptr && locks_.clear_through(*node, object)) waiting_.retry_locks(*node);
}

void IoService::run_ready() {
  while (!ready_.empty()) {
    auto ready = std::exchange(ready_, std::move(spare_));
    for (const auto& object : ready) waiting_.retry(*object);
    ready.clear();
    spare_ = std::move(ready);
  }
}

kern_return_t IoService::wait(WaitingCall call) {
  call.reply = call_.take_reply_port();
  // Nobody would learn the outcome.
  if (call.reply == MACH_PORT_NULL) return POSIX_ERROR(EAGAIN);
  waiting_.add(std::move(call));
  return MIG_NO_REPLY;
}

kern_return_t IoService::io_read(mach_port_t io, const long long& offset, int amount, int flags,
                                 int cookie, char** data, mach_msg_type_number_t* dataCnt) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  if (amount < 0) return POSIX_ERROR(EINVAL);
  const auto size = static_cast<size_t>(std::min(amount, kMaxTransfer));
  auto buffer = ReplyBuffer::make(*data, object->readable(size));
  if (!buffer.ok()) return POSIX_ERROR(buffer.code());
  const auto got = object->read(offset, buffer->bytes());
  if (got.code() == EAGAIN && (flags & IO_NONBLOCK) == 0) {
    return wait({.kind = WaitingCall::Kind::kRead,
                 .object = base::Ref(object),
                 .reply = MACH_PORT_NULL,
                 .cookie = cookie,
                 .position = offset,
                 .amount = size});
  }
  if (!got.ok()) return POSIX_ERROR(got.code());
  *dataCnt = static_cast<mach_msg_type_number_t>(got.value());
  *data = buffer->release(got.value());
  return KERN_SUCCESS;
}

kern_return_t IoService::io_write(mach_port_t io, const long long& offset, int flags, int cookie,
                                  const char* data, mach_msg_type_number_t dataCnt, int* amount,
                                  long long* new_offset) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  const bool append = (flags & IO_APPEND) != 0;
  const bool may_wait = (flags & IO_NONBLOCK) == 0;
  const std::span<const uint8_t> all(reinterpret_cast<const uint8_t*>(data), dataCnt);
  int64_t end = offset;
  size_t done = 0;
  if (all.empty()) {
    *new_offset = offset;
    return KERN_SUCCESS;
  }
  while (done < all.size()) {
    const auto taken = object->write(end, append, all.subspan(done), &end);
    if (taken.ok()) {
      done += taken.value();
      if (may_wait) continue;
      break;
    }
    if (taken.code() == EAGAIN && may_wait) {
      return wait({.kind = WaitingCall::Kind::kWrite,
                   .object = base::Ref(object),
                   .reply = MACH_PORT_NULL,
                   .cookie = cookie,
                   .position = end,
                   .append = append,
                   .data = {all.begin(), all.end()},
                   .done = done});
    }
    if (done == 0) return POSIX_ERROR(taken.code());
    break;
  }
  *amount = static_cast<int>(done);
  *new_offset = end;
  return KERN_SUCCESS;
}

kern_return_t IoService::io_stat(mach_port_t io, io_stat_t* attr) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  *attr = TRY_POSIX(object->attributes());
  return KERN_SUCCESS;
}

kern_return_t IoService::io_setattr(mach_port_t io, int which, int mode, int uid, int gid,
                                    const long long& size, const posix_timespec_t& atime,
                                    const posix_timespec_t& mtime) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  const AttributeChange change{.which = static_cast<uint32_t>(which),
                               .mode = static_cast<uint32_t>(mode) & 07777,
                               .uid = static_cast<uint32_t>(uid),
                               .gid = static_cast<uint32_t>(gid),
                               .size = static_cast<uint64_t>(size),
                               .atime = atime,
                               .mtime = mtime};
  const bool bad_time =
      ((change.which & FS_SET_ATIME) != 0 && atime.nsec >= kNanosecondsPerSecond) ||
      ((change.which & FS_SET_MTIME) != 0 && mtime.nsec >= kNanosecondsPerSecond);
  const bool bad_size = (change.which & FS_SET_SIZE) != 0 && size < 0;
  if ((change.which & ~kAllAttributes) != 0 || bad_time || bad_size) return POSIX_ERROR(EINVAL);
  return code_of(object->change(change));
}

kern_return_t IoService::io_readdir(mach_port_t io, const long long& offset, int amount,
                                    char** data, mach_msg_type_number_t* dataCnt) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  if (amount <= 0) return POSIX_ERROR(EINVAL);
  auto buffer =
      ReplyBuffer::make(*data, static_cast<size_t>(std::min(amount, DirentWriter::kMaxBytes)));
  if (!buffer.ok()) return POSIX_ERROR(buffer.code());
  DirentWriter writer(buffer->bytes());
  if (const auto status = object->read_directory(offset, writer); !status.ok()) {
    return POSIX_ERROR(status.code());
  }
  if (writer.used() == 0 && writer.overflowed()) return POSIX_ERROR(EINVAL);
  *dataCnt = static_cast<mach_msg_type_number_t>(writer.used());
  *data = buffer->release(writer.used());
  return KERN_SUCCESS;
}

kern_return_t IoService::io_sync(mach_port_t io, boolean_t data_only) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  return code_of(object->sync(data_only != 0 ? Node::Sync::kDataOnly : Node::Sync::kAll));
}

kern_return_t IoService::io_map(mach_port_t io, int prot, mach_port_t* object_port) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  *object_port = TRY_POSIX(object->memory_object(prot));
  return KERN_SUCCESS;
}

// A right that is no task's could keep the server waiting for an answer.
kern_return_t IoService::io_window(mach_port_t io, mach_port_t task, unsigned address,
                                   const long long& offset, unsigned size, boolean_t write,
                                   boolean_t* writable, unsigned* epoch, long long* room_end) {
  constexpr unsigned kPage = 4096;
  constexpr long long kMaxOffset = 0xffffffff;
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  if (offset < 0 || offset > kMaxOffset || offset % kPage != 0 || size == 0 || size % kPage != 0 ||
      address % kPage != 0 || !ports_.is_task(task)) {
    return POSIX_ERROR(EINVAL);
  }
  const Window window = TRY_POSIX(object->map_window({.task = task,
                                                      .address = address,
                                                      .offset = static_cast<uint64_t>(offset),
                                                      .size = size,
                                                      .write = write != 0}));
  *writable = window.writable ? 1 : 0;
  *epoch = window.epoch;
  *room_end = static_cast<long long>(window.room_end);
  ports_.release(task);
  return KERN_SUCCESS;
}

kern_return_t IoService::io_grown(mach_port_t io, const long long& position, const long long& end,
                                  unsigned epoch) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  if (position < 0 || end <= position) return POSIX_ERROR(EINVAL);
  const auto grown = object->grow({.position = static_cast<uint64_t>(position),
                                   .end = static_cast<uint64_t>(end),
                                   .epoch = epoch});
  return grown.ok() ? KERN_SUCCESS : POSIX_ERROR(grown.code());
}

kern_return_t IoService::io_release_room(mach_port_t io) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  if (Node* node = object->node()) node->release_room();
  return KERN_SUCCESS;
}

kern_return_t IoService::io_slots(mach_port_t io, mach_port_t task, unsigned address) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  if (address % 4096 != 0 || !ports_.is_task(task)) return POSIX_ERROR(EINVAL);
  const auto mapped = object->map_slots(task, address);
  if (!mapped.ok()) return POSIX_ERROR(mapped.code());
  ports_.release(task);
  return KERN_SUCCESS;
}

kern_return_t IoService::io_ioctl(mach_port_t io, int request, int argument, int cookie,
                                  const char* data, mach_msg_type_number_t dataCnt, int* result,
                                  char* result_data, mach_msg_type_number_t* result_dataCnt) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(data), dataCnt);
  auto done = object->ioctl(
      {static_cast<uint32_t>(request), static_cast<uint32_t>(argument), bytes});
  if (done.code() == EAGAIN) {
    return wait({.kind = WaitingCall::Kind::kIoctl,
                 .object = base::Ref(object),
                 .reply = MACH_PORT_NULL,
                 .cookie = cookie,
                 .data = {bytes.begin(), bytes.end()},
                 .request = static_cast<uint32_t>(request),
                 .argument = static_cast<uint32_t>(argument)});
  }
  if (!done.ok()) return POSIX_ERROR(done.code());
  *result = done->value;
  const size_t size = std::min<size_t>(done->data.size(), *result_dataCnt);
  std::memcpy(result_data, done->data.data(), size);
  *result_dataCnt = static_cast<mach_msg_type_number_t>(size);
  return KERN_SUCCESS;
}

kern_return_t IoService::io_poll(mach_port_t io, int events, int* ready) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  *ready = object->poll(events);
  return KERN_SUCCESS;
}

kern_return_t IoService::io_select(mach_port_t io, mach_port_t reply, int events, int id) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  if (const int ready = object->poll(events); ready != 0) {
    send_io_ready(reply, ready, id);
  } else {
    waiting_.add_select({base::Ref(object), reply, events, id});
  }
  return KERN_SUCCESS;
}

kern_return_t IoService::io_interrupt(mach_port_t io, int cookie) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  waiting_.interrupt(*object, cookie);
  return KERN_SUCCESS;
}

kern_return_t IoService::io_kind(mach_port_t io, int* kind, int* flags) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  *kind = object->kind();
  *flags = object->flags();
  return KERN_SUCCESS;
}

kern_return_t IoService::io_lock(mach_port_t io, int command, int owner, int cookie, int* type,
                                 long long* start, long long* length, int* holder) {
  OpenObject* object = handles_.find(io);
  if (object == nullptr) return kBadPort;
  Node* node = object->node();
  const bool known = *type == F_RDLCK || *type == F_WRLCK || *type == F_UNLCK;
  if (node == nullptr || !known || *start < 0 || *length < 0) return POSIX_ERROR(EINVAL);
  RecordLock lock{.type = *type, .owner = owner, .start = *start, .end = 0, .through = object};
  if (*length == 0 || __builtin_add_overflow(*start, *length, &lock.end)) lock.end = INT64_MAX;
  if (command != F_GETLK) {
    // Locks end when the object is closed. Whoever gave its last right away with this call has none.
    handles_.settle(*object);
    if (handles_.find(io) == nullptr) return kBadPort;
  }
  const auto obstacle = locks_.conflict(*node, lock);
  switch (command) {
    case F_GETLK:
      *type = obstacle ? obstacle->type : F_UNLCK;
      if (obstacle) {
        *start = obstacle->start;
        *length = obstacle->end == INT64_MAX ? 0 : obstacle->end - obstacle->start;
        *holder = obstacle->owner;
      }
      return KERN_SUCCESS;
    case F_SETLKW:
      if (obstacle) {
        return wait({.kind = WaitingCall::Kind::kLock,
                     .object = base::Ref(object),
                     .reply = MACH_PORT_NULL,
                     .cookie = cookie,
                     .lock = lock});
      }
      break;
    case F_SETLK:
      if (obstacle) return POSIX_ERROR(EAGAIN);
      break;
    default:
      return POSIX_ERROR(EINVAL);
  }
  locks_.set(*node, lock);
  // Giving up a lock, or exclusiveness, may let others in.
  if (lock.type != F_WRLCK) waiting_.retry_locks(*node);
  return KERN_SUCCESS;
}

}  // namespace server
