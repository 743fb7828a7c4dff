#include "kernel/kern/exception.h"

#include <mach/exception.h>
#include <mach/kern_return.h>
#include <mach/message.h>
#include <mach/message_bits.h>

#include <array>

#include "kernel/ipc/send.h"
#include "kernel/kern/print.h"
#include "kernel/kern/task.h"

namespace kern {
namespace {

constexpr mach_msg_id_t kExceptionRaise = 2400, kExceptionReply = kExceptionRaise + 100;

// exception_raise as it is on the wire, after the header: five descriptors, each with its word.
using Body = std::array<uint32_t, 10>;
constexpr size_t kThread = 1, kTask = 3;  // where the rights are

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
Body request_body(int exception, int code, uint32_t subcode) {
  constexpr uint32_t kRight = mach::msg_type_port(MACH_MSG_TYPE_PORT_SEND);
  constexpr uint32_t kWord = mach::kMsgTypeInt32;
  return {kRight, 0,     kRight, 0,
          kWord,  static_cast<uint32_t>(exception),
          kWord,  static_cast<uint32_t>(code),
          kWord,  subcode};
}

// Steps: (1) ask the port, (2) wait for the answer, (3) a zero return code continues the thread.
Outcome ask_slowly(ipc::SendRight destination, const Body& words) {
  ipc::MessagePtr request =
      ipc::Message::create(sizeof(mach_msg_header_t) + sizeof(Body), kExceptionRaise);
  if (!request) return Outcome::kNobody;
  Thread& self = current_thread();
  auto& body = *reinterpret_cast<Body*>(request->body());
  body = words;
  body[kThread] = ipc::Message::port_to_word(ipc::copy_send(self.self_port).leak());
  body[kTask] = ipc::Message::port_to_word(ipc::copy_send(self.task().self_port).leak());
  request->header().msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  request->set_destination(std::move(destination));
  auto reply = ipc::kernel_rpc(std::move(request));
  if (!reply.ok()) return outcome_of(base::Error(reply.code()));
  return outcome_of(ipc::read_answer(*reply.value()));
}

Outcome ask(const ipc::SendRight& handler, int exception, int code, uint32_t subcode) {
  Thread& self = current_thread();
  const Body body = request_body(exception, code, subcode);
  const ipc::RightWord rights[] = {{kThread, &self.self_port}, {kTask, &self.task().self_port}};
  if (auto answer = ipc::straight_rpc(handler, {kExceptionRaise, body, rights})) {
    return outcome_of(*answer);
  }
  ipc::SendRight destination = ipc::copy_send(handler);
  return destination ? ask_slowly(std::move(destination), body) : Outcome::kNobody;
}

// An abort means that somebody has taken charge of the thread.
bool is_settled(Outcome o) { return o == Outcome::kHandled || o == Outcome::kInterrupted; }

}  // namespace

void raise_exception(int exception, int code, uint32_t subcode) {
  Thread& self = current_thread();
  if (self.is_kernel_thread()) return;
  if (is_settled(ask(self.exception_port, exception, code, subcode))) return;
  const Outcome last = ask(self.task().exception_port, exception, code, subcode);
  if (is_settled(last)) return;
  if (last == Outcome::kRefused) return self.terminate();
  if (!self.task().active()) return;
  print("task %p terminated: exception %d, code %d, subcode %x\n",
        static_cast<void*>(&self.task()), exception, code, subcode);
  if (!self.task().terminate().ok()) self.terminate();
}

}  // namespace kern
