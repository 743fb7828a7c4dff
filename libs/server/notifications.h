// Notifications: what the kernel tells about the ports of a server's handles.
#pragma once

#include <functional>
#include <utility>

#include "libs/server/handle_table.h"
#include "libs/server/notify_server.h"

namespace server {

class Notifications final : public NotifyInterface {
 public:
  Notifications(HandleTable& handles, PortSpace& ports) : handles_(handles), ports_(ports) {}

  kern_return_t mach_notify_no_senders(mach_port_t notify, mach_port_mscount_t mscount) override {
    handles_.no_senders(notify, mscount);
    return KERN_SUCCESS;
  }
  // A server that asked for dead-name notifications itself: takes the reference that comes along.
  void set_dead_name(std::function<void(mach_port_t)> f) { dead_name_ = std::move(f); }

  // The message carries a reference of the dead name.
  kern_return_t mach_notify_dead_name(mach_port_t, mach_port_t name) override {
    if (dead_name_) {
      dead_name_(name);
    } else {
      ports_.release(name);
    }
    return KERN_SUCCESS;
  }
  kern_return_t mach_notify_port_destroyed(mach_port_t, mach_port_t right) override {
    ports_.destroy(right);
    return KERN_SUCCESS;
  }
  kern_return_t mach_notify_port_deleted(mach_port_t, mach_port_t) override {
    return KERN_SUCCESS;
  }
  kern_return_t mach_notify_msg_accepted(mach_port_t, mach_port_t) override {
    return KERN_SUCCESS;
  }
  kern_return_t mach_notify_send_once(mach_port_t) override { return KERN_SUCCESS; }

 private:
  HandleTable& handles_;
  PortSpace& ports_;
  std::function<void(mach_port_t)> dead_name_;
};

}  // namespace server
