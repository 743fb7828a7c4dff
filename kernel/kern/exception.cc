#include "kernel/kern/exception.h"

#include <mach/exception.h>
#include <mach/kern_return.h>
#include <mach/message.h>

#include "kernel/ipc/send.h"
#include "kernel/kern/print.h"
#include "kernel/kern/task.h"

namespace kern {
namespace {

constexpr mach_msg_id_t kExceptionRaise = 2400, kExceptionReply = kExceptionRaise + 100;

struct WordItem {
  mach_msg_type_t type;
  uint32_t value;
};

// exception_raise as it is on the wire (after the header).
struct RequestBody {
  WordItem thread, task, exception, code, subcode;
};
static_assert(sizeof(mach_msg_header_t) + sizeof(RequestBody) == 64);

constexpr mach_msg_type_t item_type(unsigned name) {
  return {.msgt_name = name,
          .msgt_size = 32,
          .msgt_number = 1,
          .msgt_inline = TRUE,
          .msgt_longform = FALSE,
          .msgt_deallocate = FALSE,
          .msgt_unused = 0};
}

WordItem port_item(ipc::SendRight right) {
  return {item_type(MACH_MSG_TYPE_PORT_SEND), ipc::Message::port_to_word(right.leak())};
}

WordItem word_item(uint32_t value) { return {item_type(MACH_MSG_TYPE_INTEGER_32), value}; }

enum class Outcome { kHandled, kRefused, kInterrupted, kNobody };

Outcome read_reply(ipc::Message& reply) {
  struct Reply {
    mach_msg_header_t header;
    WordItem result;
  };
  if (reply.header().msgh_id != kExceptionReply || reply.size() < sizeof(Reply)) {
    return Outcome::kNobody;  // nonsense, or the notification that the reply right is lost
  }
  const auto* body = reinterpret_cast<const WordItem*>(reply.body());
  return body->value == KERN_SUCCESS ? Outcome::kHandled : Outcome::kRefused;
}

// Steps: (1) ask the port, (2) wait for the answer, (3) a zero return code continues the thread.
Outcome ask(const ipc::SendRight& handler, int exception, int code, uint32_t subcode) {
  ipc::SendRight destination = ipc::copy_send(handler);
  if (!destination) return Outcome::kNobody;
  ipc::MessagePtr request =
      ipc::Message::create(sizeof(mach_msg_header_t) + sizeof(RequestBody), kExceptionRaise);
  if (!request) return Outcome::kNobody;
  Thread& self = current_thread();
  auto* body = reinterpret_cast<RequestBody*>(request->body());
  body->thread = port_item(ipc::copy_send(self.self_port));
  body->task = port_item(ipc::copy_send(self.task().self_port));
  body->exception = word_item(static_cast<uint32_t>(exception));
  body->code = word_item(static_cast<uint32_t>(code));
  body->subcode = word_item(subcode);
  request->header().msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  request->set_destination(std::move(destination));
  auto reply = ipc::kernel_rpc(std::move(request));
  if (reply.ok()) return read_reply(**reply);
  const bool interrupted =
      reply.code() == MACH_SEND_INTERRUPTED || reply.code() == MACH_RCV_INTERRUPTED;
  return interrupted ? Outcome::kInterrupted : Outcome::kNobody;
}

}  // namespace

void raise_exception(int exception, int code, uint32_t subcode) {
  Thread& self = current_thread();
  if (self.is_kernel_thread()) return;
  Outcome last = Outcome::kNobody;
  // An abort means that somebody has taken charge of the thread.
  for (const ipc::SendRight* port : {&self.exception_port, &self.task().exception_port}) {
    last = ask(*port, exception, code, subcode);
    if (last == Outcome::kHandled || last == Outcome::kInterrupted) return;
  }
  if (last == Outcome::kRefused) return self.terminate();
  if (!self.task().active()) return;
  print("task %p terminated: exception %d, code %d, subcode %x\n",
        static_cast<void*>(&self.task()), exception, code, subcode);
  if (!self.task().terminate().ok()) self.terminate();
}

}  // namespace kern
