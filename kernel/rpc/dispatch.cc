#include "kernel/rpc/dispatch.h"

#include <mach/message_bits.h>
#include <mach/mig_errors.h>

#include <array>

#include "kernel/rpc/device_server.h"
#include "kernel/rpc/mach4_server.h"
#include "kernel/rpc/mach_debug_server.h"
#include "kernel/rpc/mach_host_server.h"
#include "kernel/rpc/mach_i386_server.h"
#include "kernel/rpc/mach_port_server.h"
#include "kernel/rpc/mach_server.h"

namespace rpc {
namespace {

using ipc::Message;
using ipc::MessagePtr;

constexpr const mig::KernelSubsystem* kSubsystems[] = {
    &kMachSubsystem,     &kMachHostSubsystem, &kDeviceSubsystem, &kMachDebugSubsystem,
    &kMachPortSubsystem, &kMachI386Subsystem, &kMach4Subsystem,
};

constexpr uint32_t kFirstId = 2000;
constexpr uint32_t kIdCount = 2100;

// One lookup for all interfaces: the ids of the kernel lie close together.
constexpr auto kRoutines = [] {
  std::array<const mig::KernelRoutine*, kIdCount> all{};
  for (const mig::KernelSubsystem* s : kSubsystems) {
    for (uint32_t i = 0; i < s->count; ++i) {
      if (s->routines[i].handler != nullptr) all[s->first_id - kFirstId + i] = &s->routines[i];
    }
  }
  return all;
}();

const mig::KernelRoutine* find_routine(mach_msg_id_t id) {
  const uint32_t index = static_cast<uint32_t>(id) - kFirstId;
  return index < kIdCount ? kRoutines[index] : nullptr;
}

// Makes the request the answer: its reply right becomes the destination.
void turn_around(Message& m) {
  mach_msg_header_t& h = m.header();
  const ipc::AnyRight was_sent_to(
      ipc::kind_of_type(m.remote_type()),
      m.remote_type() != 0 ? m.remote() : nullptr);
  h.msgh_bits = (h.msgh_bits & MACH_MSGH_BITS_COMPLEX) | MACH_MSGH_BITS(m.local_type(), 0);
  h.msgh_remote_port = h.msgh_local_port;
  h.msgh_local_port = MACH_PORT_NULL;
}

void set_result(Message& answer, mach_msg_id_t request_id, kern_return_t result) {
  auto& reply = *reinterpret_cast<mig_reply_header_t*>(answer.bytes());
  reply.Head.msgh_id = request_id + static_cast<int>(mig::kReplyIdOffset);
  mig::word(answer.bytes(), offsetof(mig_reply_header_t, RetCodeType)) = mig::kRetCodeType;
  reply.RetCode = result;
  if (result == KERN_SUCCESS) return;
  reply.Head.msgh_size = sizeof reply;
}

// Answers with a code alone. The request's block always has room for that.
MessagePtr answer_error(MessagePtr request, kern_return_t result) {
  if (request->local_type() == 0 || request->capacity() < sizeof(mig_reply_header_t)) return nullptr;
  request->release_body();
  const mach_msg_id_t id = request->header().msgh_id;
  turn_around(*request);
  set_result(*request, id, result);
  return request;
}

MessagePtr run_in_place(const mig::KernelRoutine& routine, MessagePtr request) {
  const mach_msg_id_t id = request->header().msgh_id;
  const kern_return_t result = routine.handler(request->bytes(), request->bytes());
  if (result != KERN_SUCCESS) {
    return result == MIG_NO_REPLY ? nullptr : answer_error(std::move(request), result);
  }
  if (request->local_type() == 0) return nullptr;
  turn_around(*request);
  set_result(*request, id, KERN_SUCCESS);
  return request;
}

MessagePtr run_apart(const mig::KernelRoutine& routine, MessagePtr request) {
  const mach_msg_id_t id = request->header().msgh_id;
  MessagePtr answer = Message::create(routine.reply_size, id);
  if (answer == nullptr) return answer_error(std::move(request), KERN_RESOURCE_SHORTAGE);
  const kern_return_t result = routine.handler(request->bytes(), answer->bytes());
  if (result != KERN_SUCCESS) {
    return result == MIG_NO_REPLY ? nullptr : answer_error(std::move(request), result);
  }
  if (request->local_type() == 0) return nullptr;
  answer->set_destination(request->take_reply());
  set_result(*answer, id, KERN_SUCCESS);
  return answer;
}

}  // namespace

MessagePtr dispatch(MessagePtr request) {
  const mig::KernelRoutine* routine = find_routine(request->header().msgh_id);
  if (routine == nullptr) return answer_error(std::move(request), MIG_BAD_ID);
  if (routine->simple) {
    (void)routine->handler(request->bytes(), request->bytes());
    return nullptr;
  }
  if (routine->in_place && routine->reply_size <= request->capacity()) {
    return run_in_place(*routine, std::move(request));
  }
  return run_apart(*routine, std::move(request));
}

}  // namespace rpc
