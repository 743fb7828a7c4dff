#include "libs/server/node.h"

#include <cerrno>

namespace server {

base::Status Node::change(const AttributeChange&) { return base::Error(EPERM); }
base::Result<NodeRef> Node::lookup(std::string_view) {
  return base::Error(is_directory() ? ENOENT : ENOTDIR);
}
base::Result<NodeRef> Node::parent() { return base::Error(ENOTDIR); }
base::Result<NodeRef> Node::create(std::string_view, const NewNode&) {
  return base::Error(is_directory() ? EPERM : ENOTDIR);
}
base::Status Node::link(std::string_view, Node&) { return base::Error(EPERM); }
base::Status Node::unlink(std::string_view) { return base::Error(EPERM); }
base::Status Node::remove_directory(std::string_view) { return base::Error(EPERM); }
base::Status Node::rename(std::string_view, Node&, std::string_view, Rename) {
  return base::Error(EPERM);
}
base::Status Node::read_directory(int64_t, DirectorySink&) { return base::Error(ENOTDIR); }
base::Result<std::string> Node::read_link() { return base::Error(EINVAL); }

base::Result<size_t> Node::read(uint64_t, std::span<uint8_t>) {
  return base::Error(is_directory() ? EISDIR : EINVAL);
}
base::Result<size_t> Node::write(uint64_t, std::span<const uint8_t>, uint64_t*) {
  return base::Error(is_directory() ? EISDIR : EINVAL);
}
base::Status Node::sync(Sync) { return {}; }
base::Result<DiskPlace> Node::pin() { return base::Error(EINVAL); }
base::Status Node::unpin() { return base::Error(EINVAL); }
base::Result<mach_port_t> Node::memory_object(int) { return base::Error(ENODEV); }
base::Result<Window> Node::map_window(const WindowRequest&) { return base::Error(ENODEV); }
base::Status Node::grow(const Growth&) { return base::Error(EAGAIN); }
base::Status Node::map_slots(mach_port_t, uint32_t) { return base::Error(ENODEV); }

}  // namespace server
