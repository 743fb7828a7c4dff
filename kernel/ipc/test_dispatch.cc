// In the message system's tests kernel objects echo: the answer is the request with id + 100, and a
// request of id kNoAnswer has none.
#include <new>

#include "kernel/ipc/test_dispatch.h"
#include "kernel/rpc/dispatch.h"

namespace ipc::test {
uint32_t dispatch_count = 0;
}

namespace rpc {

ipc::MessagePtr dispatch(ipc::MessagePtr request) {
  ++ipc::test::dispatch_count;
  if (request->header().msgh_id == ipc::test::kNoAnswer || request->local_type() == 0) {
    return nullptr;
  }
  ipc::MessagePtr answer =
      ipc::Message::create(request->size(), request->header().msgh_id + 100);
  memcpy(answer->body(), request->body(), request->size() - sizeof(mach_msg_header_t));
  // Rights and memory go back with the answer.
  answer->header().msgh_bits |= request->header().msgh_bits & MACH_MSGH_BITS_COMPLEX;
  request->header().msgh_bits &= ~MACH_MSGH_BITS_COMPLEX;
  answer->set_destination(request->take_reply());
  return answer;
}

bool supply_straight(kern::Task&, const ipc::Message&) { return false; }

}  // namespace rpc
