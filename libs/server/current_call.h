// CurrentCall: the request being handled, for routines that answer later.
#pragma once

#include <mach/message.h>

namespace server {

// Set by the message loop around each request. A routine that returns MIG_NO_REPLY takes the reply
// right and answers with one of the interface's reply_...() functions.
class CurrentCall {
 public:
  void begin(const mach_msg_header_t& request) {
    request_ = &request;
    taken_ = false;
  }
  // Whether the request's reply right was taken.
  bool end() {
    request_ = nullptr;
    return taken_;
  }

  // The send-once right for the reply; MACH_PORT_NULL when the client wants none. Afterwards it
  // belongs to the caller.
  [[nodiscard]] mach_port_t take_reply_port() {
    taken_ = true;
    return request_ != nullptr ? request_->msgh_remote_port : MACH_PORT_NULL;
  }

 private:
  const mach_msg_header_t* request_ = nullptr;
  bool taken_ = false;
};

}  // namespace server
