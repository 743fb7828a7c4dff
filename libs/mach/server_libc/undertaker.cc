#include "libs/mach/server_libc/undertaker.h"

#include <mach/message_bits.h>
#include <mach/thread_switch.h>

#include "libs/mach/server_libc/futex.h"
#include "libs/mach/server_libc/raw_rpc.h"
#include "libs/mach/server_libc/self.h"
#include "libs/mach/server_libc/threads.h"

namespace server_libc {
namespace {

constexpr vm_size_t kStackSize = 4 * PAGE_SIZE;
constexpr mach_msg_id_t kBurialId = 1;

mach_port_t burials;  // receive right the dying send to; null while there is no undertaker

struct Burial {
  mach_msg_header_t head;
  unsigned type;
  Remains remains;
};

void bury(mach_port_t reply_port, const Remains& remains) {
  (void)raw_thread_terminate(reply_port, remains.thread);
  (void)mach_port_deallocate(self_task(), remains.thread);
  const mach_port_t ports[] = {remains.reply_port, remains.wait_port};
  for (const mach_port_t port : ports) {
    if (MACH_PORT_VALID(port)) (void)raw_destroy_receive(reply_port, port);
  }
  if (remains.map_size != 0) (void)vm_deallocate(self_task(), remains.map, remains.map_size);
  if (remains.clear_word == nullptr) return;
  __atomic_store_n(remains.clear_word, 0, __ATOMIC_SEQ_CST);
  (void)futex_wake(remains.clear_word, 1);
}

// Has no thread-local storage.
void undertaker(void*) {
  const mach_port_t reply_port = mach_reply_port();
  while (true) {
    Burial burial;
    const mach_msg_return_t result =
        mach_msg(&burial.head, MACH_RCV_MSG, 0, sizeof(burial), burials, MACH_MSG_TIMEOUT_NONE,
                 MACH_PORT_NULL);
    if (result == MACH_MSG_SUCCESS) bury(reply_port, burial.remains);
  }
}

}  // namespace

bool start_undertaker() {
  // libc creates threads one at a time.
  if (burials != MACH_PORT_NULL) return true;
  const mach_port_t port = mach_reply_port();
  if (port == MACH_PORT_NULL) return false;
  burials = port;
  if (mach_thread_start(undertaker, nullptr, kStackSize, nullptr) == KERN_SUCCESS) return true;
  burials = MACH_PORT_NULL;
  (void)mach_port_mod_refs(self_task(), port, MACH_PORT_RIGHT_RECEIVE, -1);
  return false;
}

bool undertaker_exists() { return burials != MACH_PORT_NULL; }

void await_burial(const Remains& remains) {
  Burial burial;
  burial.head = {};
  burial.head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND_ONCE, 0);
  burial.head.msgh_size = sizeof(burial);
  burial.head.msgh_remote_port = burials;
  burial.head.msgh_id = kBurialId;
  burial.type = mach::msg_type_inline(MACH_MSG_TYPE_INTEGER_32, 32, sizeof(Remains) / 4);
  burial.remains = remains;
  if (mach_msg(&burial.head, MACH_SEND_MSG, sizeof(burial), 0, MACH_PORT_NULL,
               MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL) != MACH_MSG_SUCCESS) {
    end_task();
  }
  while (true) (void)thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, 1'000'000);
}

}  // namespace server_libc
