#include "kernel/kern/exception.h"

#include <mach/exception.h>
#include <mach/kern_return.h>
#include <mach/message.h>

#include <array>
#include <bit>

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

WordItem word_item(uint32_t value) { return {item_type(MACH_MSG_TYPE_INTEGER_32), value}; }

enum class Outcome { kHandled, kRefused, kInterrupted, kNobody };

Outcome outcome_of(const base::Result<ipc::KernelAnswer>& answer) {
  if (!answer.ok()) {
    const auto code = answer.code();
    const bool interrupted = code == MACH_SEND_INTERRUPTED || code == MACH_RCV_INTERRUPTED;
    return interrupted ? Outcome::kInterrupted : Outcome::kNobody;
  }
  // Nonsense, or the notification that the reply right is lost.
  if (answer.value().id != kExceptionReply) return Outcome::kNobody;
  return answer.value().code == KERN_SUCCESS ? Outcome::kHandled : Outcome::kRefused;
}

// The thread, the task and three words; the rights are filled in by whoever sends it.
RequestBody request_body(int exception, int code, uint32_t subcode) {
  return {.thread = {item_type(MACH_MSG_TYPE_PORT_SEND), 0},
          .task = {item_type(MACH_MSG_TYPE_PORT_SEND), 0},
          .exception = word_item(static_cast<uint32_t>(exception)),
          .code = word_item(static_cast<uint32_t>(code)),
          .subcode = word_item(subcode)};
}

// Steps: (1) ask the port, (2) wait for the answer, (3) a zero return code continues the thread.
Outcome ask_slowly(ipc::SendRight destination, const RequestBody& words) {
  ipc::MessagePtr request =
      ipc::Message::create(sizeof(mach_msg_header_t) + sizeof(RequestBody), kExceptionRaise);
  if (!request) return Outcome::kNobody;
  Thread& self = current_thread();
  auto* body = reinterpret_cast<RequestBody*>(request->body());
  *body = words;
  body->thread.value = ipc::Message::port_to_word(ipc::copy_send(self.self_port).leak());
  body->task.value = ipc::Message::port_to_word(ipc::copy_send(self.task().self_port).leak());
  request->header().msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  request->set_destination(std::move(destination));
  auto reply = ipc::kernel_rpc(std::move(request));
  if (!reply.ok()) return outcome_of(base::Error(reply.code()));
  return outcome_of(ipc::read_answer(*reply.value()));
}

Outcome ask(const ipc::SendRight& handler, int exception, int code, uint32_t subcode) {
  Thread& self = current_thread();
  const RequestBody body = request_body(exception, code, subcode);
  const ipc::RightWord rights[] = {{1, &self.self_port}, {3, &self.task().self_port}};
  const auto words = std::bit_cast<std::array<uint32_t, sizeof body / sizeof(uint32_t)>>(body);
  if (auto answer = ipc::straight_rpc(handler, kExceptionRaise, words, rights)) {
    return outcome_of(*answer);
  }
  ipc::SendRight destination = ipc::copy_send(handler);
  return destination ? ask_slowly(std::move(destination), body) : Outcome::kNobody;
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
