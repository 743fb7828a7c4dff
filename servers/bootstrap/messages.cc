#include "servers/bootstrap/messages.h"

#include <cstring>

#include <mach.h>
#include <mach/exception.h>
#include <mach/mig_errors.h>
#include <mach/notify.h>
#include <mach/thread_status.h>

#include "servers/bootstrap/keeper.h"
#include "servers/bootstrap/supervisor.h"

extern "C" {
boolean_t exc_server(mach_msg_header_t* in, mach_msg_header_t* out);
boolean_t notify_server(mach_msg_header_t* in, mach_msg_header_t* out);
}

namespace bootstrap {
namespace {

Supervisor* target = nullptr;

constexpr mach_msg_size_t kMaxMessage = 1024;

// The classical request for the privileged ports (id 999999): a bare header. The reply is two
// ports without a return code.
constexpr mach_msg_id_t kPrivilegedPortsId = 999999;

struct PrivilegedPortsReply {
  mach_msg_header_t header;
  mach_msg_type_t host_type;
  mach_port_t host;
  mach_msg_type_t device_type;
  mach_port_t device_master;
};

constexpr mach_msg_type_t kCopySend = {
    .msgt_name = MACH_MSG_TYPE_COPY_SEND,
    .msgt_size = 32,
    .msgt_number = 1,
    .msgt_inline = TRUE,
    .msgt_longform = FALSE,
    .msgt_deallocate = FALSE,
    .msgt_unused = 0,
};

// The same as an ordinary interface (bootstrap.defs): the ports come after a return code.
constexpr mach_msg_id_t kPrivilegedPortsRpcId = 1000000;

struct PrivilegedPortsRpcReply {
  mig_reply_header_t head;
  mach_msg_type_t host_type;
  mach_port_t host;
  mach_msg_type_t device_type;
  mach_port_t device_master;
};

constexpr mach_msg_type_t kInteger = {
    .msgt_name = MACH_MSG_TYPE_INTEGER_32,
    .msgt_size = 32,
    .msgt_number = 1,
    .msgt_inline = TRUE,
    .msgt_longform = FALSE,
    .msgt_deallocate = FALSE,
    .msgt_unused = 0,
};

// Fills the reply's header; the body begins behind it.
void begin_reply(const mach_msg_header_t* in, mach_msg_header_t* out, mach_msg_size_t size) {
  out->msgh_bits =
      MACH_MSGH_BITS_COMPLEX | MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(in->msgh_bits), 0);
  out->msgh_size = size;
  out->msgh_remote_port = in->msgh_remote_port;
  out->msgh_local_port = MACH_PORT_NULL;
  out->msgh_id = in->msgh_id + 100;
}

boolean_t bootstrap_request(const mach_msg_header_t* in, mach_msg_header_t* out) {
  if (in->msgh_size != sizeof(mach_msg_header_t)) return FALSE;
  if (in->msgh_id == kPrivilegedPortsId) {
    auto* reply = reinterpret_cast<PrivilegedPortsReply*>(out);
    begin_reply(in, out, sizeof *reply);
    reply->host_type = reply->device_type = kCopySend;
    target->get_privileged_ports(&reply->host, &reply->device_master);
    return TRUE;
  }
  if (in->msgh_id == kPrivilegedPortsRpcId) {
    auto* reply = reinterpret_cast<PrivilegedPortsRpcReply*>(out);
    begin_reply(in, out, sizeof *reply);
    reply->head.RetCodeType = kInteger;
    reply->head.RetCode = KERN_SUCCESS;
    reply->host_type = reply->device_type = kCopySend;
    target->get_privileged_ports(&reply->host, &reply->device_master);
    return TRUE;
  }
  return FALSE;
}

bool is_keeper_request(const mach_msg_header_t* in) {
  const auto number = static_cast<uint32_t>(in->msgh_id) - Keeper::kFirstId;
  return number < Keeper::kIdCount;
}

boolean_t demux(mach_msg_header_t* in, mach_msg_header_t* out) {
  static Keeper keeper;
  if (is_keeper_request(in)) return keeper.dispatch(in, out, kMaxMessage);
  return notify_server(in, out) || exc_server(in, out) || bootstrap_request(in, out);
}

unsigned instruction_pointer(thread_t thread) {
  i386_thread_state state{};
  mach_msg_type_number_t count = i386_THREAD_STATE_COUNT;
  thread_get_state(thread, i386_THREAD_STATE, reinterpret_cast<thread_state_t>(&state), &count);
  return state.eip;
}

}  // namespace

void set_message_target(Supervisor* supervisor) { target = supervisor; }

kern_return_t serve_messages(mach_port_t set) {
  return mach_msg_server(demux, kMaxMessage, set);
}

}  // namespace bootstrap

// The routines that exc_server and notify_server call.
extern "C" {

kern_return_t catch_exception_raise(mach_port_t, mach_port_t thread, mach_port_t task,
                                    int exception, int code, int subcode) {
  const unsigned eip = bootstrap::instruction_pointer(thread);
  const kern_return_t kr =
      bootstrap::target->on_exception(task, exception, code, subcode, eip);
  mach_port_deallocate(mach_task_self(), thread);
  mach_port_deallocate(mach_task_self(), task);
  return kr;
}

kern_return_t do_mach_notify_dead_name(mach_port_t, mach_port_t name) {
  bootstrap::target->on_task_death(name);
  return KERN_SUCCESS;
}

kern_return_t do_mach_notify_port_destroyed(mach_port_t, mach_port_t right) {
  bootstrap::target->on_right_returned(right);
  return KERN_SUCCESS;
}

kern_return_t do_mach_notify_port_deleted(mach_port_t, mach_port_t) { return KERN_SUCCESS; }
kern_return_t do_mach_notify_msg_accepted(mach_port_t, mach_port_t) { return KERN_SUCCESS; }
kern_return_t do_mach_notify_no_senders(mach_port_t, mach_port_mscount_t) { return KERN_SUCCESS; }
kern_return_t do_mach_notify_send_once(mach_port_t) { return KERN_SUCCESS; }
}
