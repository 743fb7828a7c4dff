#include "servers/process/stat_request.h"

#include <cerrno>
#include <cstring>

#include <mach.h>

namespace process {
namespace {

constexpr mach_msg_id_t kIoStat = 700002;  // io.defs
constexpr mach_msg_timeout_t kPatience = 500;  // milliseconds

struct StatReply {
  mach_msg_header_t header;
  mach_msg_type_t code_type;
  kern_return_t code;
  mach_msg_type_t attributes_type;
  io_stat_t attributes;
  char trailer[64];
};

}  // namespace

base::Result<io_stat_t> request_attributes(mach_port_t file) {
  StatReply message{};
  const mach_port_t reply = mach_reply_port();
  message.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  message.header.msgh_remote_port = file;
  message.header.msgh_local_port = reply;
  message.header.msgh_id = kIoStat;
  const mach_msg_return_t result =
      mach_msg(&message.header, MACH_SEND_MSG | MACH_RCV_MSG | MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT,
               sizeof(mach_msg_header_t), sizeof message, reply, kPatience, MACH_PORT_NULL);
  mach_port_mod_refs(mach_task_self(), reply, MACH_PORT_RIGHT_RECEIVE, -1);
  if (result != MACH_MSG_SUCCESS) return base::Error(EIO);
  const bool good = message.header.msgh_id == kIoStat + 100 &&
                    message.header.msgh_size == offsetof(StatReply, trailer) &&
                    (message.header.msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0;
  if (!good) {
    mach_msg_destroy(&message.header);
    return base::Error(EIO);
  }
  if (message.code != KERN_SUCCESS) return base::Error(EIO);
  return message.attributes;
}

}  // namespace process
