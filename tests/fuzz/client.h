// What the generated calls of <mach/mach_interface.h> and <mach/mach_port.h> need from a C library,
// for the threads of an Actor.
#pragma once

#include <mach/message.h>

#include <cstdint>

#include "tests/fuzz/actor.h"

namespace fuzz {

struct Client {
  static constexpr uint32_t kBuffer = 0x40000;
  static constexpr uint32_t kBufferBytes = 2 * arch::kPageSize;

  // Maps the buffer.
  static void prepare(Actor& actor);

  mach_port_t reply_port = MACH_PORT_NULL;
};

// Whose thread runs now; set before each call.
extern Client* current_client;

// The trap, with the message in the buffer of the task.
mach_msg_return_t call_mach_msg(mach_msg_header_t* message, mach_msg_option_t option,
                                mach_msg_size_t send_size, mach_msg_size_t receive_size,
                                mach_port_t receive_name, uint32_t buffer = Client::kBuffer);

}  // namespace fuzz
