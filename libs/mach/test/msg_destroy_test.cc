// mach_msg_destroy against fakes of the calls it makes.
#include <cstring>
#include <string>
#include <vector>

#include <mach.h>
#include <mach/message_bits.h>

#include "gtest/gtest.h"
#include "libs/mach/src/msg_destroy.h"

namespace {
std::vector<std::string> calls;
}

extern "C" {
mach_port_t mach_task_self_ = 1;
kern_return_t mach_port_deallocate(mach_port_t, mach_port_t name) {
  calls.push_back("deallocate " + std::to_string(name));
  return KERN_SUCCESS;
}
kern_return_t mach_port_mod_refs(mach_port_t, mach_port_t name, mach_port_right_t right,
                                 mach_port_delta_t delta) {
  EXPECT_EQ(right, MACH_PORT_RIGHT_RECEIVE);
  EXPECT_EQ(delta, -1);
  calls.push_back("destroy " + std::to_string(name));
  return KERN_SUCCESS;
}
kern_return_t vm_deallocate(mach_port_t, vm_address_t, vm_size_t size) {
  calls.push_back("free " + std::to_string(size));
  return KERN_SUCCESS;
}
}

namespace {

class MsgDestroy : public testing::Test {
 protected:
  void SetUp() override { calls.clear(); }
  void add(unsigned word) {
    std::memcpy(buffer_ + header()->msgh_size, &word, 4);
    header()->msgh_size += 4;
  }
  void begin(mach_msg_bits_t bits, mach_port_t remote) {
    header()->msgh_bits = bits;
    header()->msgh_size = sizeof(mach_msg_header_t);
    header()->msgh_remote_port = remote;
  }
  mach_msg_header_t* header() { return reinterpret_cast<mach_msg_header_t*>(buffer_); }

  alignas(4) char buffer_[256] = {};
};

using Calls = std::vector<std::string>;
constexpr mach_msg_bits_t kComplex = MACH_MSGH_BITS_COMPLEX;

TEST_F(MsgDestroy, ReplyRight) {
  begin(MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND_ONCE, 0), 30);
  mach_msg_destroy(header());
  EXPECT_EQ(calls, Calls{"deallocate 30"});
}

TEST_F(MsgDestroy, NullAndDeadPortsAreNoRights) {
  begin(kComplex | MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND_ONCE, 0), MACH_PORT_NULL);
  add(mach::msg_type_port(MACH_MSG_TYPE_PORT_SEND));
  add(MACH_PORT_DEAD);
  mach_msg_destroy(header());
  EXPECT_TRUE(calls.empty());
}

TEST_F(MsgDestroy, RightsInTheBody) {
  begin(kComplex, MACH_PORT_NULL);
  add(mach::kMsgTypeInt32);
  add(77);
  add(mach::msg_type_inline(MACH_MSG_TYPE_PORT_SEND, 32, 2));
  add(31);
  add(32);
  add(mach::msg_type_port(MACH_MSG_TYPE_PORT_RECEIVE));
  add(33);
  mach_msg_destroy(header());
  EXPECT_EQ(calls, (Calls{"deallocate 31", "deallocate 32", "destroy 33"}));
}

TEST_F(MsgDestroy, SimpleMessagesHaveNothingToRelease) {
  begin(0, MACH_PORT_NULL);
  add(mach::msg_type_port(MACH_MSG_TYPE_PORT_SEND));
  add(31);
  mach_msg_destroy(header());
  EXPECT_TRUE(calls.empty());
}

TEST_F(MsgDestroy, OutOfLineRightsAndMemory) {
  static mach_port_t rights[2] = {41, 42};
  begin(kComplex, MACH_PORT_NULL);
  add(mach::msg_type_out_of_line(MACH_MSG_TYPE_PORT_SEND, 32, 2, mach::MsgMemory::keep));
  add(reinterpret_cast<unsigned>(rights));
  add(mach::msg_type_long_out_of_line(mach::MsgMemory::keep));
  add(MACH_MSG_TYPE_BYTE | 8 << 16);
  add(100000);
  add(0x5000);
  mach_msg_destroy(header());
  EXPECT_EQ(calls, (Calls{"deallocate 41", "deallocate 42", "free 8", "free 100000"}));
}

TEST_F(MsgDestroy, UnsentMemoryStaysUnlessItWasToGo) {
  begin(kComplex, MACH_PORT_NULL);
  add(mach::msg_type_out_of_line(MACH_MSG_TYPE_BYTE, 8, 10, mach::MsgMemory::keep));
  add(0x5000);
  add(mach::msg_type_out_of_line(MACH_MSG_TYPE_BYTE, 8, 20, mach::MsgMemory::deallocate));
  add(0x6000);
  mach_msg_release(header(), MESSAGE_UNSENT);
  EXPECT_EQ(calls, Calls{"free 20"});
}

TEST_F(MsgDestroy, TruncatedItemEndsTheWalk) {
  begin(kComplex, MACH_PORT_NULL);
  add(mach::msg_type_inline(MACH_MSG_TYPE_PORT_SEND, 32, 200));
  add(31);
  mach_msg_destroy(header());
  EXPECT_TRUE(calls.empty());
}

}  // namespace
