// OpenObject: what stands behind one port of the io protocol.
#pragma once

#include <mach/message.h>
#include <servers/posix_types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "libs/base/ref.h"
#include "libs/base/result.h"
#include "libs/server/node.h"

namespace server {

struct View;

// Told when an object may be able to do what it could not do before.
class ReadyListener {
 public:
  virtual void object_ready(OpenObject& object) = 0;

 protected:
  ~ReadyListener() = default;
};

struct IoctlRequest {
  uint32_t request;
  uint32_t argument;
  std::span<const uint8_t> data;  // what the argument points to
};
struct IoctlResult {
  int value = 0;
  std::vector<uint8_t> data = {};  // to be stored where the argument points; at most 512 bytes
};

// One open file, pipe end, terminal ... Methods run under the server's tree lock and **never wait**:
// what cannot be done yet answers EAGAIN. IoService keeps the client's call (unless it asked not to
// wait), and tries it again whenever the object says ready(). Errors are errno values.
class OpenObject : public base::RefCounted<OpenObject> {
 public:
  // `flags`: Linux O_* of the open call.
  explicit OpenObject(int flags) : flags_(flags) {}
  virtual ~OpenObject() = default;

  [[nodiscard]] int flags() const { return flags_; }
  [[nodiscard]] virtual int kind() const = 0;  // IO_KIND_*
  // The file behind it, and for whom it was opened; null for objects outside any tree.
  [[nodiscard]] virtual Node* node() const { return nullptr; }
  [[nodiscard]] virtual const base::Ref<View>& view() const;

  virtual base::Result<io_stat_t> attributes() = 0;
  // Checks permission, unlike Node::change. EPERM.
  virtual base::Status change(const AttributeChange& change);

  // The most that a read of `amount` bytes can give now, so that no more room is made for it.
  [[nodiscard]] virtual size_t readable(size_t amount) const { return amount; }
  // `position` is IO_OFFSET_NONE for streams. 0 bytes: end of file.
  virtual base::Result<size_t> read(int64_t position, std::span<uint8_t> data);
  // Takes at least one byte or answers EAGAIN. `position` IO_OFFSET_NONE with `append`: at the end.
  // `end` receives the position behind what was written.
  virtual base::Result<size_t> write(int64_t position, bool append, std::span<const uint8_t> data,
                                     int64_t* end);
  virtual base::Status read_directory(int64_t position, DirectorySink& sink);
  virtual base::Status sync(Node::Sync what);
  // The name of a send right that stays the object's.
  virtual base::Result<mach_port_t> memory_object(int protection);
  // As of Node, after checking what the object was opened for. `readable` is the object's to set.
  virtual uint32_t slot() { return 0; }
  virtual base::Result<Window> map_window(const WindowRequest& request);
  virtual base::Status grow(const Growth& growth);
  virtual base::Status map_slots(mach_port_t task, uint32_t address);
  // EAGAIN waits here too (tcdrain).
  virtual base::Result<IoctlResult> ioctl(const IoctlRequest& request);
  // Which of `events` (POLLIN ...) are ready; POLLERR and POLLHUP always count. The default is
  // always ready.
  virtual int poll(int events);

  // The last client is gone: wakes the other side of a pipe and the like.
  virtual void closed() {}
  // Whether it does not matter now when closed() is called (HandleTable).
  [[nodiscard]] virtual bool may_close_late() const { return false; }

  // How many calls and selects wait for the object (WaitingCalls counts them).
  [[nodiscard]] bool has_waiters() const { return waiters_ != 0; }
  void count_waiters(int change) { waiters_ += change; }

  void set_listener(ReadyListener* listener) { listener_ = listener; }

 protected:
  // Waiting calls are tried again after the current call, with the tree lock held.
  void ready() {
    if (has_waiters() && listener_ != nullptr) listener_->object_ready(*this);
  }

 private:
  int flags_;
  int waiters_ = 0;
  ReadyListener* listener_ = nullptr;
};

}  // namespace server
