// The kernel's interfaces as the message system's tests see them.
#pragma once

#include <mach/message.h>

#include <cstdint>
#include <cstring>

namespace ipc::test {

// Requests that kernel objects have been sent.
extern uint32_t dispatch_count;
inline constexpr mach_msg_id_t kNoAnswer = 9999;

}  // namespace ipc::test
