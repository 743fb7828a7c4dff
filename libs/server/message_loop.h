// MessageLoop: receives requests, dispatches them to interfaces, sends the replies.
#pragma once

#include <mach/message.h>
#include <mach/port.h>

#include <functional>
#include <vector>

#include "libs/server/current_call.h"
#include "libs/server/mutex.h"

namespace server {

class MessageLoop {
 public:
  // Requests and replies up to this size; larger requests are thrown away by the kernel.
  static constexpr mach_msg_size_t kBufferSize = 16 * 1024;

  // `receive`: a port or port set. Interfaces are called with `lock` held.
  MessageLoop(mach_port_t receive, Mutex& lock) : receive_(receive), lock_(lock) {}

  // Serves the ids of a generated C++ interface, which must outlive the loop.
  template <typename Interface>
  void add(Interface& interface) {
    routes_.push_back({Interface::kFirstId, Interface::kIdCount, Sender::kAnybody, &interface,
                       [](void* object, mach_msg_header_t* in, mach_msg_header_t* out) {
                         return static_cast<Interface*>(object)->dispatch(in, out, kBufferSize);
                       }});
  }
  // As add(), for messages of the kernel that come by send-once rights: others are not believed.
  template <typename Interface>
  void add_notifications(Interface& interface) {
    add(interface);
    routes_.back().sender = Sender::kSendOnce;
  }

  // Called before and after each request with the lock held.
  void set_before_request(std::function<void()> f) { before_request_ = std::move(f); }
  void set_after_request(std::function<void()> f) { after_request_ = std::move(f); }
  // Called, with the lock held, when the reply to the request handled last could not be sent.
  void set_reply_failed(std::function<void()> f) { reply_failed_ = std::move(f); }

  [[nodiscard]] CurrentCall& current_call() { return call_; }

  // Serves until receiving fails for good; returns why.
  mach_msg_return_t run();

  // Handles one request without sending anything: false when there is no reply to send.
  bool handle(mach_msg_header_t* request, mach_msg_header_t* reply);

 private:
  enum class Sender { kAnybody, kSendOnce };
  struct Route {
    uint32_t first_id;
    uint32_t id_count;
    Sender sender;
    void* object;
    boolean_t (*dispatch)(void* object, mach_msg_header_t* in, mach_msg_header_t* out);
  };

  void dispatch(mach_msg_header_t* request, mach_msg_header_t* reply);

  mach_port_t receive_;
  Mutex& lock_;
  CurrentCall call_;
  std::vector<Route> routes_;
  std::function<void()> before_request_;
  std::function<void()> after_request_;
  std::function<void()> reply_failed_;
};

}  // namespace server
