#include "libs/server/open_object.h"

#include <poll.h>

#include <cerrno>

#include "libs/server/tree.h"

namespace server {

const ViewRef& OpenObject::view() const {
  static const ViewRef kNone;
  return kNone;
}
base::Status OpenObject::change(const AttributeChange&) { return base::Error(EPERM); }
base::Result<size_t> OpenObject::read(int64_t, std::span<uint8_t>) { return base::Error(EINVAL); }
base::Result<size_t> OpenObject::write(int64_t, bool, std::span<const uint8_t>, int64_t*) {
  return base::Error(EINVAL);
}
base::Status OpenObject::read_directory(int64_t, DirectorySink&) { return base::Error(ENOTDIR); }
base::Status OpenObject::sync(Node::Sync) { return base::Error(EINVAL); }
base::Result<mach_port_t> OpenObject::memory_object(int) { return base::Error(ENODEV); }
base::Result<Window> OpenObject::map_window(const WindowRequest&) { return base::Error(ENODEV); }
base::Status OpenObject::grow(const Growth&) { return base::Error(EBADF); }
base::Status OpenObject::map_slots(mach_port_t, uint32_t) { return base::Error(ENODEV); }
base::Result<IoctlResult> OpenObject::ioctl(const IoctlRequest&) { return base::Error(ENOTTY); }
int OpenObject::poll(int events) { return events & (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM); }

}  // namespace server
