// Reply ports of libmach_sa.a.
#include <set>

#include <mach.h>
#include <mach/mig_support.h>

#include "gtest/gtest.h"

namespace {
mach_port_t next_port = 100;
std::set<mach_port_t> destroyed;
}  // namespace

extern "C" {
mach_port_t mach_task_self_ = 1;
mach_port_t mach_reply_port() { return next_port++; }
// The only message: mach_port_destroy, without a reply port that could be spoiled in turn.
mach_msg_return_t mach_msg(mach_msg_header_t* message, mach_msg_option_t option,
                           mach_msg_size_t send_size, mach_msg_size_t, mach_port_t,
                           mach_msg_timeout_t, mach_port_t) {
  EXPECT_EQ(option, MACH_SEND_MSG);
  EXPECT_EQ(message->msgh_id, 3205);
  EXPECT_EQ(message->msgh_local_port, MACH_PORT_NULL);
  EXPECT_EQ(send_size, 32u);
  destroyed.insert(reinterpret_cast<const mach_port_t*>(message)[7]);
  return MACH_MSG_SUCCESS;
}
}

namespace {

class ReplyPortPool : public testing::Test {
 protected:
  void SetUp() override {
    mig_init(nullptr);
    destroyed.clear();
  }
};

TEST_F(ReplyPortPool, UsedAgainAfterReturn) {
  const mach_port_t port = mig_get_reply_port();
  mig_put_reply_port(port);
  EXPECT_EQ(mig_get_reply_port(), port);
}

TEST_F(ReplyPortPool, NestedCallsGetDifferentPorts) {
  const mach_port_t outer = mig_get_reply_port();
  EXPECT_NE(mig_get_reply_port(), outer);
}

TEST_F(ReplyPortPool, SpoiledPortIsDestroyed) {
  const mach_port_t port = mig_get_reply_port();
  mig_dealloc_reply_port(port);
  EXPECT_TRUE(destroyed.contains(port));
  EXPECT_NE(mig_get_reply_port(), port);
}

TEST_F(ReplyPortPool, MorePortsThanSlotsAreDestroyed) {
  std::set<mach_port_t> ports;
  for (int i = 0; i < 20; ++i) ports.insert(mig_get_reply_port());
  EXPECT_EQ(ports.size(), 20u);
  for (const mach_port_t port : ports) mig_put_reply_port(port);
  EXPECT_EQ(destroyed.size(), 12u);
}

TEST_F(ReplyPortPool, ChildForgetsItsParentsPorts) {
  const mach_port_t port = mig_get_reply_port();
  mig_put_reply_port(port);
  mig_init(nullptr);
  EXPECT_NE(mig_get_reply_port(), port);
}

TEST(MigStrncpy, StopsAtTheEndAndAtZero) {
  char to[4];
  EXPECT_EQ(mig_strncpy(to, "ab", sizeof(to)), 3u);
  EXPECT_STREQ(to, "ab");
  EXPECT_EQ(mig_strncpy(to, "abcdef", sizeof(to)), 4u);
  EXPECT_STREQ(to, "abc");
}

}  // namespace
