// memory_object_data_supply straight from the sender's message.
#include <mach/message_bits.h>

#include "kernel/ipc/space.h"
#include "kernel/kern/task.h"
#include "kernel/rpc/dispatch.h"
#include "kernel/vm/page_move.h"

namespace rpc {
namespace {

// The message as its stub makes it when the manager gives its memory up and wants no answer.
struct Supply {
  mach_msg_header_t header;
  uint32_t offset_type, offset;
  uint32_t data_type, data_element, data_size, data;
  uint32_t lock_type, lock;
  uint32_t precious_type, precious;
  uint32_t reply_type, reply;
};
static_assert(sizeof(Supply) == 72);

constexpr mach_msg_bits_t kSupplyBits =
    MACH_MSGH_BITS_COMPLEX | MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0);
constexpr uint32_t kByteElement = MACH_MSG_TYPE_BYTE | 8u << 16;

bool is_usual(const Supply& s) {
  return s.header.msgh_bits == kSupplyBits && s.header.msgh_local_port == MACH_PORT_NULL &&
         s.offset_type == mach::kMsgTypeInt32 &&
         s.data_type == mach::msg_type_long_out_of_line(mach::MsgMemory::deallocate) &&
         s.data_element == kByteElement && s.lock_type == mach::kMsgTypeInt32 &&
         s.precious_type == mach::kMsgTypeBoolean && s.reply == MACH_PORT_NULL;
}

}  // namespace

bool supply_straight(kern::Task& task, const ipc::Message& names) {
  if (names.size() != sizeof(Supply)) return false;
  const Supply& s = reinterpret_cast<const Supply&>(names.header());
  if (!is_usual(s)) return false;
  ipc::Port* const control = task.space().send_port(s.header.msgh_remote_port);
  const base::Ref<vm::Pager> pager = vm::pager_of_control_port(control);
  if (!pager) return false;
  return vm::move_pages(*pager, task.map(),
                        {.offset = s.offset,
                         .from = s.data,
                         .size = s.data_size,
                         .lock = static_cast<vm_prot_t>(s.lock),
                         .precious = s.precious != 0});
}

}  // namespace rpc
