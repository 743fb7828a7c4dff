// Replies that a C++ server sends after MIG_NO_REPLY, and the edges of dispatch().
#include <algorithm>

#include "gtest/gtest.h"
#include "libs/mig/testdata/sample_user.h"
#include "libs/mig/testing/sample_server.h"

namespace mig::test {
namespace {

class LateReplyTest : public testing::Test {
 protected:
  LateReplyTest() {
    transport = &wire_;
    logic = &logic_;
    wire_.server = [this](mach_msg_header_t* in, mach_msg_header_t* out) {
      return server_.dispatch(in, out, SampleInterface::kMaxReplySize);
    };
  }

  Transport wire_;
  SampleLogic logic_;
  SampleServer server_;
};

TEST_F(LateReplyTest, IsTheReplyDispatchWouldHaveMade) {
  mach_port_t node = 0;
  mach_msg_type_name_t type = 0;
  char rest[1024] = {};
  int flags = 0;
  ASSERT_EQ(lookup(1, "path", 2, &node, &type, rest, &flags), KERN_SUCCESS);
  const Packet direct = wire_.reply;
  logic_.result = MIG_NO_REPLY;
  wire_.server_dies = true;
  EXPECT_EQ(lookup(1, "path", 2, &node, &type, rest, &flags), MIG_SERVER_DIED);
  EXPECT_EQ(SampleInterface::reply_lookup(logic_.reply_port, KERN_SUCCESS, 99,
                                          MACH_MSG_TYPE_MAKE_SEND, "rest", 0x55),
            KERN_SUCCESS);
  ASSERT_EQ(wire_.late.size(), direct.size());
  EXPECT_EQ(wire_.late.header()->msgh_bits, 0x80000012u);
  EXPECT_EQ(wire_.late.header()->msgh_remote_port, 0x7700u);
  EXPECT_EQ(wire_.late.header()->msgh_id, 2109);
  Packet expected = direct;
  expected.word(32) = 0x10012014u;  // MAKE_SEND has not become a right yet
  EXPECT_TRUE(std::equal(wire_.late.words().begin() + 6, wire_.late.words().end(),
                         expected.words().begin() + 6));
}

TEST_F(LateReplyTest, Errors) {
  EXPECT_EQ(SampleInterface::reply_lookup(9, KERN_FAILURE, 0, 0, "", 0), KERN_SUCCESS);
  EXPECT_EQ(wire_.late.size(), 32u);
  EXPECT_EQ(wire_.late.word(28), uint32_t{KERN_FAILURE});
  EXPECT_EQ(wire_.late.header()->msgh_bits, 0x12u);
  EXPECT_EQ(
      SampleInterface::reply_lookup(9, KERN_SUCCESS, 0, 17, std::string(1024, 'x').c_str(), 0),
      MIG_ARRAY_TOO_LARGE);
  EXPECT_EQ(wire_.destroyed, 0);
  wire_.send_result = 0x10000003;
  EXPECT_EQ(SampleInterface::reply_ping(9, KERN_SUCCESS), 0x10000003);
  EXPECT_EQ(wire_.destroyed, 1);
}

TEST_F(LateReplyTest, UnboundedArraysOfBothSizes) {
  std::vector<int> values(600, 1);
  short extra[2] = {7, 8};
  EXPECT_EQ(SampleInterface::reply_list(9, KERN_SUCCESS, values.data(), 512, extra, 2, 3), 0);
  std::vector<WireItem> items;
  ASSERT_TRUE(read_items(wire_.late, items));
  EXPECT_TRUE(items[1].is_inline);
  EXPECT_EQ(items[1].number, 512u);
  EXPECT_EQ(SampleInterface::reply_list(9, KERN_SUCCESS, values.data(), 513, extra, 2, 3), 0);
  items.clear();
  ASSERT_TRUE(read_items(wire_.late, items));
  EXPECT_FALSE(items[1].is_inline);
  EXPECT_EQ(items[1].number, 513u);
  EXPECT_EQ(wire_.late.header()->msgh_bits, 0x80000012u);
}

TEST_F(LateReplyTest, DispatchNeedsRoomForTheReply) {
  wire_.server = [this](mach_msg_header_t* in, mach_msg_header_t* out) {
    return server_.dispatch(in, out, 32);
  };
  vm_address_t address = 0;
  EXPECT_EQ(vm_allocate(1, &address, 2, 3), MIG_ARRAY_TOO_LARGE);
  EXPECT_EQ(logic_.calls, 0);
  EXPECT_EQ(ping(1), KERN_SUCCESS);
}

}  // namespace
}  // namespace mig::test
