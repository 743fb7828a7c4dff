#include "default_pager/server.h"

#include <mach.h>
#include <mach/mach_host.h>

#include "default_pager/mach_swap_device.h"

extern "C" void mach_msg_destroy(mach_msg_header_t* message);

namespace default_pager {
namespace {

// Room below the stack pointer that is wired.
constexpr size_t kStackRoom = 48 * 1024;

// Small blocks in chunks of some pages, larger ones for themselves.
constexpr std::pmr::pool_options kPool{.max_blocks_per_chunk = 64,
                                       .largest_required_pool_block = 1024};

constexpr mach_msg_size_t kBufferSize = 8 * 1024;
static_assert(DefaultPagerInterface::kMaxReplySize <= kBufferSize);

// Static, so that they are wired with the program.
alignas(8) char buffers[2][kBufferSize];

}  // namespace

Server::Server(mach_port_t host_priv, mach_port_t device_master)
    : host_priv_(host_priv),
      device_master_(device_master),
      wired_(host_priv),
      pool_(kPool, &wired_),
      space_(pool_) {}

base::Status Server::add_partition(const char* name) {
  (void)TRY(space_.add(TRY(MachSwapDevice::open(device_master_, name, pool_))));
  return {};
}

kern_return_t Server::make_ports() {
  kern_return_t code = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_PORT_SET, &set_);
  if (code == KERN_SUCCESS) {
    code = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &self_);
  }
  if (code == KERN_SUCCESS) {
    code = mach_port_insert_right(mach_task_self(), self_, self_, MACH_MSG_TYPE_MAKE_SEND);
  }
  if (code == KERN_SUCCESS) code = mach_port_move_member(mach_task_self(), self_, set_);
  return code;
}

kern_return_t Server::start() {
  kern_return_t code = make_ports();
  if (code != KERN_SUCCESS) return code;
  pager_ = std::make_unique<Pager>(self_, set_, space_, pool_);
  loop_ = std::make_unique<server::MessageLoop>(set_, lock_);
  loop_->add<MemoryObjectInterface>(*pager_);
  loop_->add<MemoryObjectDefaultInterface>(*pager_);
  loop_->add<DefaultPagerInterface>(*pager_);
  loop_->add<BackingInterface>(*pager_);
  loop_->add_notifications<NotifyInterface>(*pager_);
  code = thread_wire(host_priv_, mach_thread_self(), TRUE);
  if (code == KERN_SUCCESS) code = wire_task(host_priv_, kStackRoom);
  if (code != KERN_SUCCESS) return code;
  mach_port_t manager = self_;
  return vm_set_default_memory_manager(host_priv_, &manager);
}

mach_msg_return_t Server::run() {
  auto* request = reinterpret_cast<mach_msg_header_t*>(buffers[0]);
  auto* reply = reinterpret_cast<mach_msg_header_t*>(buffers[1]);
  for (;;) {
    mach_msg_return_t result =
        mach_msg(request, MACH_RCV_MSG, 0, kBufferSize, set_, 0, MACH_PORT_NULL);
    if (result == MACH_RCV_INVALID_NAME || result == MACH_RCV_PORT_DIED) return result;
    if (result != MACH_MSG_SUCCESS || !loop_->handle(request, reply)) continue;
    // Nobody may make the pager wait.
    result = mach_msg(reply, MACH_SEND_MSG | MACH_SEND_TIMEOUT, reply->msgh_size, 0,
                      MACH_PORT_NULL, 0, MACH_PORT_NULL);
    if (result != MACH_MSG_SUCCESS) mach_msg_destroy(reply);
  }
}

}  // namespace default_pager
