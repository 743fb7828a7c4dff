#include "tests/fuzz/client.h"

#include <mach/mig_errors.h>

#include <algorithm>

#include "kernel/ipc/mach_msg.h"
#include "kernel/kern/user_ptr.h"
#include "libs/mig/runtime/mig_stub.h"
#include "tests/fuzz/check.h"

namespace fuzz {

Client* current_client = nullptr;

void Client::prepare(Actor& actor) {
  FUZZ_CHECK(actor.map().allocate(kBuffer, kBufferBytes, vm::Placement::kFixed).ok());
}

mach_msg_return_t call_mach_msg(mach_msg_header_t* message, mach_msg_option_t option,
                                mach_msg_size_t send_size, mach_msg_size_t receive_size,
                                mach_port_t receive_name, uint32_t buffer) {
  FUZZ_CHECK(kern::copy_out_bytes(buffer, message, send_size).ok());
  const mach_msg_return_t r = host::trap([&] {
    return ipc::mach_msg_trap({buffer, option, send_size, receive_size, receive_name, 0, 0});
  });
  // Also after a failure: the message may have come back.
  const uint32_t bytes = std::max(send_size, r == MACH_MSG_SUCCESS ? receive_size : 0);
  FUZZ_CHECK(kern::copy_in_bytes(message, buffer, bytes).ok());
  return r;
}

}  // namespace fuzz

extern "C" {

mach_msg_return_t mach_msg(mach_msg_header_t* message, mach_msg_option_t option,
                           mach_msg_size_t send_size, mach_msg_size_t receive_size,
                           mach_port_t receive_name, mach_msg_timeout_t, mach_port_t) {
  return fuzz::call_mach_msg(message, option, send_size, receive_size, receive_name);
}

mach_port_t mig_get_reply_port(void) {
  mach_port_t& port = fuzz::current_client->reply_port;
  if (port == MACH_PORT_NULL) port = ipc::mach_reply_port();
  FUZZ_CHECK(port != MACH_PORT_NULL);
  return port;
}

void mig_dealloc_reply_port(mach_port_t) {
  const mach_port_t port = std::exchange(fuzz::current_client->reply_port, MACH_PORT_NULL);
  FUZZ_CHECK(kern::current_task().space().destroy(port).ok());
}

void mig_put_reply_port(mach_port_t) {}

void mig_allocate(vm_offset_t*, vm_size_t) { std::abort(); }
void mig_deallocate(vm_offset_t, vm_size_t) {}
void mach_msg_destroy(mach_msg_header_t* message) {
  FUZZ_CHECK(message->msgh_id == 0, "a reply that nobody understands: %d", message->msgh_id);
}

}  // extern "C"
