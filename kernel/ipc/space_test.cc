#include "kernel/ipc/space.h"

#include <set>

#include "kernel/ipc/test_support.h"

namespace ipc::test {
namespace {

class SpaceTest : public IpcTest {};

TEST_F(SpaceTest, AllocatesEachKindOfRight) {
  User u;
  const mach_port_t r = u.space().allocate_right(MACH_PORT_RIGHT_RECEIVE).take();
  const mach_port_t s = u.space().allocate_right(MACH_PORT_RIGHT_PORT_SET).take();
  const mach_port_t d = u.space().allocate_right(MACH_PORT_RIGHT_DEAD_NAME).take();
  EXPECT_EQ(u.type(r), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQ(u.type(s), MACH_PORT_TYPE_PORT_SET);
  EXPECT_EQ(u.type(d), MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_EQ(u.refs(d, MACH_PORT_RIGHT_DEAD_NAME), 1u);
  EXPECT_EQ(u.space().allocate_right(MACH_PORT_RIGHT_SEND).code(), KERN_INVALID_VALUE);
}

TEST_F(SpaceTest, FreshPortHasTheBooksAttributes) {
  User u;
  Port& p = u.port(u.receive_right());
  EXPECT_EQ(p.queue_limit(), MACH_PORT_QLIMIT_DEFAULT);
  EXPECT_EQ(p.make_send_count(), 0u);
  EXPECT_EQ(p.seqno(), 0u);
  EXPECT_EQ(p.send_rights(), 0u);
  EXPECT_EQ(p.set(), nullptr);
}

TEST_F(SpaceTest, StaleNamesAreNoticed) {
  User u;
  const mach_port_t first = u.receive_right();
  EXPECT_TRUE(u.space().destroy(first).ok());
  const mach_port_t second = u.receive_right();
  EXPECT_NE(first, second);
  EXPECT_EQ(first >> 8, second >> 8);
  EXPECT_EQ(u.space().lookup(first), nullptr);
  EXPECT_EQ(u.space().type(first).code(), KERN_INVALID_NAME);
}

TEST_F(SpaceTest, NullAndDeadAreNeverNames) {
  User u;
  (void)u.receive_right();
  EXPECT_EQ(u.space().lookup(MACH_PORT_NULL), nullptr);
  EXPECT_EQ(u.space().lookup(MACH_PORT_DEAD), nullptr);
  EXPECT_EQ(u.space().allocate_right_at(MACH_PORT_RIGHT_RECEIVE, 0).code(), KERN_INVALID_VALUE);
  EXPECT_EQ(u.space().allocate_right_at(MACH_PORT_RIGHT_RECEIVE, MACH_PORT_DEAD).code(),
            KERN_INVALID_VALUE);
}

TEST_F(SpaceTest, ChosenNames) {
  User u;
  for (mach_port_t name : {1u, 2u, 3u, 255u, 0x100u, 0x1234u, 0xfffffffeu, 0x80000000u}) {
    EXPECT_TRUE(u.space().allocate_right_at(MACH_PORT_RIGHT_RECEIVE, name).ok()) << name;
    EXPECT_EQ(u.type(name), MACH_PORT_TYPE_RECEIVE) << name;
    EXPECT_EQ(u.space().allocate_right_at(MACH_PORT_RIGHT_PORT_SET, name).code(),
              KERN_NAME_EXISTS);
  }
  EXPECT_EQ(u.space().names().used(), 8u);
}

// The kernel must not hand out a name that a task chose for something else.
TEST_F(SpaceTest, KernelNamesAvoidChosenOnes) {
  User u;
  const mach_port_t first = u.receive_right();
  for (uint32_t g = 0; g < 256; ++g) {
    const mach_port_t name = (first & ~0xffu) | g;
    if (name == first) continue;
    EXPECT_TRUE(u.space().allocate_right_at(MACH_PORT_RIGHT_DEAD_NAME, name).ok());
  }
  EXPECT_TRUE(u.space().destroy(first).ok());
  std::set<mach_port_t> names;
  for (int i = 0; i < 300; ++i) {
    const mach_port_t name = u.receive_right();
    EXPECT_TRUE(names.insert(name).second);
    EXPECT_EQ(u.type(name), MACH_PORT_TYPE_RECEIVE);
  }
}

TEST_F(SpaceTest, ManyNamesGrowTheTable) {
  User u;
  std::vector<mach_port_t> names;
  for (int i = 0; i < 5000; ++i) names.push_back(u.receive_right());
  for (mach_port_t n : names) EXPECT_EQ(u.type(n), MACH_PORT_TYPE_RECEIVE);
  for (mach_port_t n : names) EXPECT_TRUE(u.space().destroy(n).ok());
  EXPECT_EQ(u.space().names().used(), 0u);
}

TEST_F(SpaceTest, SendRightsShareTheNameOfTheReceiveRight) {
  User u;
  const mach_port_t r = u.receive_right();
  EXPECT_EQ(u.send_right_from(u, r), r);
  EXPECT_EQ(u.type(r), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_EQ(u.send_right_from(u, r), r);
  EXPECT_EQ(u.refs(r, MACH_PORT_RIGHT_SEND), 2u);
  EXPECT_EQ(u.refs(r, MACH_PORT_RIGHT_RECEIVE), 1u);
  EXPECT_EQ(u.port(r).make_send_count(), 2u);
  EXPECT_EQ(u.port(r).send_rights(), 1u);
}

TEST_F(SpaceTest, SendRightsOfOnePortShareOneName) {
  User owner;
  User u;
  const mach_port_t r = owner.receive_right();
  const mach_port_t s = u.send_right_from(owner, r);
  EXPECT_EQ(u.send_right_from(owner, r), s);
  EXPECT_EQ(u.refs(s, MACH_PORT_RIGHT_SEND), 2u);
  EXPECT_EQ(owner.port(r).send_rights(), 1u);
  EXPECT_TRUE(u.space().deallocate(s).ok());
  EXPECT_EQ(u.type(s), MACH_PORT_TYPE_SEND);
  EXPECT_TRUE(u.space().deallocate(s).ok());
  EXPECT_EQ(u.type(s), 0u);
  EXPECT_EQ(owner.port(r).send_rights(), 0u);
}

TEST_F(SpaceTest, SendOnceRightsHaveNamesOfTheirOwn) {
  User owner;
  User u;
  const mach_port_t r = owner.receive_right();
  const mach_port_t a =
      u.space().copyout(owner.space().copyin(r, MACH_MSG_TYPE_MAKE_SEND_ONCE).take()).take();
  const mach_port_t b =
      u.space().copyout(owner.space().copyin(r, MACH_MSG_TYPE_MAKE_SEND_ONCE).take()).take();
  EXPECT_NE(a, b);
  EXPECT_EQ(owner.port(r).send_once_rights(), 2u);
  EXPECT_EQ(u.type(a), MACH_PORT_TYPE_SEND_ONCE);
  EXPECT_TRUE(u.space().deallocate(a).ok());
  EXPECT_EQ(owner.port(r).message_count(), 1u) << "a send-once notification";
}

TEST_F(SpaceTest, ModRefs) {
  User owner;
  User u;
  const mach_port_t r = owner.receive_right();
  const mach_port_t s = u.send_right_from(owner, r);
  Space& sp = u.space();
  EXPECT_TRUE(sp.modify_refs(s, MACH_PORT_RIGHT_SEND, 9).ok());
  EXPECT_EQ(u.refs(s, MACH_PORT_RIGHT_SEND), 10u);
  EXPECT_EQ(sp.modify_refs(s, MACH_PORT_RIGHT_SEND, -11).code(), KERN_INVALID_VALUE);
  EXPECT_EQ(sp.modify_refs(s, MACH_PORT_RIGHT_SEND, 65526).code(), KERN_UREFS_OVERFLOW);
  EXPECT_EQ(sp.modify_refs(s, MACH_PORT_RIGHT_SEND, INT32_MAX).code(), KERN_UREFS_OVERFLOW);
  EXPECT_EQ(sp.modify_refs(s, MACH_PORT_RIGHT_SEND, INT32_MIN).code(), KERN_INVALID_VALUE);
  EXPECT_TRUE(sp.modify_refs(s, MACH_PORT_RIGHT_SEND, 65525).ok());
  EXPECT_EQ(u.refs(s, MACH_PORT_RIGHT_SEND), 65535u);
  EXPECT_EQ(u.send_right_from(owner, r), s) << "a full count stays full";
  EXPECT_EQ(u.refs(s, MACH_PORT_RIGHT_SEND), 65535u);
  EXPECT_EQ(sp.modify_refs(s, MACH_PORT_RIGHT_RECEIVE, -1).code(), KERN_INVALID_RIGHT);
  EXPECT_EQ(sp.modify_refs(s, MACH_PORT_RIGHT_NUMBER, -1).code(), KERN_INVALID_VALUE);
  EXPECT_EQ(sp.modify_refs(s + 0x100, MACH_PORT_RIGHT_SEND, -1).code(), KERN_INVALID_NAME);
  EXPECT_TRUE(sp.modify_refs(s, MACH_PORT_RIGHT_SEND, -65535).ok());
  EXPECT_EQ(u.type(s), 0u);
  EXPECT_EQ(owner.space().modify_refs(r, MACH_PORT_RIGHT_RECEIVE, 1).code(), KERN_INVALID_VALUE);
  EXPECT_TRUE(owner.space().modify_refs(r, MACH_PORT_RIGHT_RECEIVE, -1).ok());
  EXPECT_EQ(owner.type(r), 0u);
}

TEST_F(SpaceTest, DyingPortsLeaveDeadNames) {
  User owner;
  User u;
  const mach_port_t r = owner.receive_right();
  const mach_port_t s = u.send_right_from(owner, r);
  (void)u.send_right_from(owner, r);
  const mach_port_t o =
      u.space().copyout(owner.space().copyin(r, MACH_MSG_TYPE_MAKE_SEND_ONCE).take()).take();
  EXPECT_TRUE(owner.space().destroy(r).ok());
  EXPECT_EQ(u.type(s), MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_EQ(u.refs(s, MACH_PORT_RIGHT_DEAD_NAME), 2u);
  EXPECT_EQ(u.type(o), MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_EQ(u.refs(o, MACH_PORT_RIGHT_DEAD_NAME), 1u);
  EXPECT_TRUE(u.space().deallocate(s).ok());
  EXPECT_EQ(u.refs(s, MACH_PORT_RIGHT_DEAD_NAME), 1u);
}

TEST_F(SpaceTest, RenameKeepsTheRight) {
  User owner;
  User u;
  const mach_port_t r = owner.receive_right();
  const mach_port_t s = u.send_right_from(owner, r);
  EXPECT_TRUE(u.space().rename(s, 77).ok());
  EXPECT_EQ(u.type(s), 0u);
  EXPECT_EQ(u.type(77), MACH_PORT_TYPE_SEND);
  EXPECT_EQ(u.send_right_from(owner, r), 77u);
  EXPECT_TRUE(owner.space().rename(r, 0x4242).ok());
  EXPECT_EQ(owner.port(0x4242).receiver_name(), 0x4242u);
  EXPECT_EQ(u.space().rename(77, 77).code(), KERN_NAME_EXISTS);
  EXPECT_EQ(u.space().rename(77, 0).code(), KERN_INVALID_VALUE);
  EXPECT_EQ(u.space().rename(78, 79).code(), KERN_INVALID_NAME);
}

TEST_F(SpaceTest, InsertRightChecksNames) {
  User owner;
  User u;
  const mach_port_t r = owner.receive_right();
  const auto make = [&](mach_msg_type_name_t t) { return owner.space().copyin(r, t).take(); };
  EXPECT_TRUE(u.space().copyout_at(make(MACH_MSG_TYPE_MAKE_SEND), 500).ok());
  EXPECT_EQ(u.space().copyout_at(make(MACH_MSG_TYPE_MAKE_SEND), 501).code(), KERN_RIGHT_EXISTS);
  EXPECT_TRUE(u.space().copyout_at(make(MACH_MSG_TYPE_MAKE_SEND), 500).ok());
  EXPECT_EQ(u.refs(500, MACH_PORT_RIGHT_SEND), 2u);
  EXPECT_EQ(u.space().copyout_at(make(MACH_MSG_TYPE_MAKE_SEND_ONCE), 500).code(),
            KERN_NAME_EXISTS);
  EXPECT_TRUE(u.space().modify_refs(500, MACH_PORT_RIGHT_SEND, 65533).ok());
  EXPECT_EQ(u.space().copyout_at(make(MACH_MSG_TYPE_MAKE_SEND), 500).code(), KERN_UREFS_OVERFLOW);
  EXPECT_TRUE(u.space().copyout_at(make(MACH_MSG_TYPE_MOVE_RECEIVE), 500).ok());
  EXPECT_EQ(u.type(500), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_EQ(owner.type(r), 0u);
}

TEST_F(SpaceTest, MovingAReceiveRightResetsItsCounts) {
  User owner;
  User u;
  const mach_port_t r = owner.receive_right();
  const mach_port_t s = u.send_right_from(owner, r);
  owner.port(r).set_seqno(12);
  AnyRight right = owner.space().copyin(r, MACH_MSG_TYPE_MOVE_RECEIVE).take();
  EXPECT_EQ(u.space().copyout(std::move(right)).take(), s);
  EXPECT_EQ(u.type(s), MACH_PORT_TYPE_SEND_RECEIVE);
  EXPECT_EQ(u.port(s).seqno(), 0u);
  EXPECT_EQ(u.port(s).make_send_count(), 0u);
}

TEST_F(SpaceTest, SetMembership) {
  User u;
  const mach_port_t s = u.space().allocate_right(MACH_PORT_RIGHT_PORT_SET).take();
  const mach_port_t t = u.space().allocate_right(MACH_PORT_RIGHT_PORT_SET).take();
  const mach_port_t r = u.receive_right();
  EXPECT_EQ(u.space().move_member(r, MACH_PORT_NULL).code(), KERN_NOT_IN_SET);
  EXPECT_TRUE(u.space().move_member(r, s).ok());
  EXPECT_EQ(u.port(r).set()->name(), s);
  EXPECT_TRUE(u.space().move_member(r, t).ok());
  EXPECT_EQ(u.port(r).set()->name(), t);
  EXPECT_EQ(u.space().move_member(r, r).code(), KERN_INVALID_RIGHT);
  EXPECT_EQ(u.space().move_member(s, t).code(), KERN_INVALID_RIGHT);
  EXPECT_TRUE(u.space().destroy(t).ok());
  EXPECT_EQ(u.port(r).set(), nullptr);
  EXPECT_TRUE(u.space().move_member(r, s).ok());
  EXPECT_TRUE(u.space().destroy(r).ok());
}

TEST_F(SpaceTest, TerminatedSpacesRefuse) {
  auto space = Space::create().take();
  (void)space->allocate_port();
  space->terminate();
  EXPECT_EQ(space->allocate_port().code(), KERN_INVALID_TASK);
  EXPECT_EQ(space->destroy(0x100).code(), KERN_INVALID_TASK);
  EXPECT_EQ(space->names().used(), 0u);
}

}  // namespace
}  // namespace ipc::test
