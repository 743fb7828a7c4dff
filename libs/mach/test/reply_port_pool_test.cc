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
kern_return_t mach_port_mod_refs(mach_port_t, mach_port_t name, mach_port_right_t,
                                 mach_port_delta_t) {
  destroyed.insert(name);
  return KERN_SUCCESS;
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
