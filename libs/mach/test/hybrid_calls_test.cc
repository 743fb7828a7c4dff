// Calls that are tried as traps first, and the messages they fall back to.
#include <cstring>
#include <vector>

#include <mach.h>
#include <mach/message_bits.h>

#include "gtest/gtest.h"

namespace {

kern_return_t trap_result;
std::vector<mach_msg_header_t> sent;

struct Reply {
  mach_msg_header_t head;
  unsigned result_type;
  kern_return_t result;
  unsigned address_type;
  vm_address_t address;
};

}  // namespace

extern "C" {
kern_return_t syscall_vm_allocate(mach_port_t, vm_address_t* address, vm_size_t, boolean_t) {
  if (trap_result == KERN_SUCCESS) *address = 0x1000;
  return trap_result;
}

mach_port_t mach_reply_port() { return 50; }

// A kernel that answers vm_allocate.
mach_msg_return_t mach_msg(mach_msg_header_t* msg, mach_msg_option_t option,
                           mach_msg_size_t send_size, mach_msg_size_t rcv_size,
                           mach_port_t rcv_name, mach_msg_timeout_t, mach_port_t) {
  EXPECT_EQ(option & (MACH_SEND_MSG | MACH_RCV_MSG), MACH_SEND_MSG | MACH_RCV_MSG);
  EXPECT_EQ(send_size, msg->msgh_size);
  EXPECT_GE(rcv_size, sizeof(Reply));
  EXPECT_EQ(rcv_name, 50u);
  sent.push_back(*msg);
  Reply reply = {};
  reply.head.msgh_bits = MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE);
  reply.head.msgh_size = sizeof(reply);
  reply.head.msgh_local_port = rcv_name;
  reply.head.msgh_id = msg->msgh_id + 100;
  reply.result_type = reply.address_type = mach::kMsgTypeInt32;
  reply.address = 0x2000;
  std::memcpy(msg, &reply, sizeof(reply));
  return MACH_MSG_SUCCESS;
}
}

namespace {

kern_return_t allocate(vm_address_t* address) {
  sent.clear();
  return vm_allocate(7, address, 4096, TRUE);
}

TEST(HybridCalls, TrapThatHelpsSendsNothing) {
  vm_address_t address = 0;
  trap_result = KERN_SUCCESS;
  EXPECT_EQ(allocate(&address), KERN_SUCCESS);
  EXPECT_EQ(address, 0x1000u);
  EXPECT_TRUE(sent.empty());
}

TEST(HybridCalls, TrapErrorsAreFinal) {
  vm_address_t address = 0;
  trap_result = KERN_NO_SPACE;
  EXPECT_EQ(allocate(&address), KERN_NO_SPACE);
  EXPECT_TRUE(sent.empty());
}

TEST(HybridCalls, OtherPortsGetAMessage) {
  vm_address_t address = 0;
  trap_result = MACH_SEND_INTERRUPTED;
  EXPECT_EQ(allocate(&address), KERN_SUCCESS);
  EXPECT_EQ(address, 0x2000u);
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].msgh_id, 2021);
  EXPECT_EQ(sent[0].msgh_size, 24u + 3 * 8);
  EXPECT_EQ(sent[0].msgh_remote_port, 7u);
  EXPECT_EQ(sent[0].msgh_bits,
            MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE));
}

}  // namespace
