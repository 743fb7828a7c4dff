// The port interface: every documented return value (book chapter 3).
#include <mach/notify.h>

#include <vector>

#include "kernel/ipc/test_support.h"
#include "kernel/rpc/mach_port_server.h"

namespace rpc {
namespace {

using ipc::test::IpcTest;
using ipc::test::User;

class MachPortTest : public IpcTest {
 protected:
  SpaceRef task() { return SpaceRef(&u_.space()); }
  mach_port_t allocate(mach_port_right_t right) {
    mach_port_t name = 0;
    EXPECT_EQ(mach_port_allocate(task(), right, &name), KERN_SUCCESS);
    return name;
  }
  mach_port_type_t type(mach_port_t name) {
    mach_port_type_t t = 0;
    EXPECT_EQ(mach_port_type(task(), name, &t), KERN_SUCCESS);
    return t;
  }
  SendOnceRight notify(mach_port_t port) { return u_.space().make_notify_right(port); }
  // Calls mach_port_request_notification and lets go of the previous right silently.
  kern_return_t request(mach_port_t name, mach_msg_id_t variant, mach_port_mscount_t sync,
                        SendOnceRight right) {
    AnyRight previous;
    const kern_return_t r =
        mach_port_request_notification(task(), name, variant, sync, std::move(right), &previous);
    had_previous_ = bool(previous);
    ipc::drop_silently(previous.take_send_once());
    return r;
  }
  AnyRight make(mach_port_t name, mach_msg_type_name_t disposition) {
    return u_.space().copyin(name, disposition).take();
  }
  std::vector<uint32_t> words(MapCopyPtr copy, uint32_t count) {
    std::vector<uint32_t> w(count);
    if (count != 0) {
      EXPECT_TRUE(copy->read(0, w.data(), count * 4).ok());
    }
    return w;
  }

  User u_;
  bool had_previous_ = false;
};

TEST_F(MachPortTest, AllocateAndType) {
  EXPECT_EQ(type(allocate(MACH_PORT_RIGHT_RECEIVE)), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQ(type(allocate(MACH_PORT_RIGHT_PORT_SET)), MACH_PORT_TYPE_PORT_SET);
  EXPECT_EQ(type(allocate(MACH_PORT_RIGHT_DEAD_NAME)), MACH_PORT_TYPE_DEAD_NAME);
  mach_port_t name = 0;
  EXPECT_EQ(mach_port_allocate(task(), MACH_PORT_RIGHT_SEND_ONCE, &name), KERN_INVALID_VALUE);
  EXPECT_EQ(mach_port_allocate(nullptr, MACH_PORT_RIGHT_RECEIVE, &name), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_allocate_name(task(), MACH_PORT_RIGHT_RECEIVE, 99), KERN_SUCCESS);
  EXPECT_EQ(mach_port_allocate_name(task(), MACH_PORT_RIGHT_RECEIVE, 99), KERN_NAME_EXISTS);
  EXPECT_EQ(mach_port_allocate_name(task(), MACH_PORT_RIGHT_RECEIVE, 0), KERN_INVALID_VALUE);
  mach_port_type_t t;
  EXPECT_EQ(mach_port_type(task(), 98, &t), KERN_INVALID_NAME);
}

TEST_F(MachPortTest, EveryCallRefusesDeadTasks) {
  auto space = ipc::Space::create().take();
  space->terminate();
  mach_port_t name;
  mach_port_type_t t;
  mach_port_urefs_t refs;
  mach_port_status_t status;
  AnyRight right;
  MapCopyPtr a, b;
  mach_msg_type_number_t n, m;
  EXPECT_EQ(mach_port_names(space, &a, &n, &b, &m), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_type(space, 1, &t), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_rename(space, 1, 2), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_allocate_name(space, 1, 5), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_allocate(space, 1, &name), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_destroy(space, 1), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_deallocate(space, 1), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_get_refs(space, 1, 1, &refs), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_mod_refs(space, 1, 1, 1), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_set_qlimit(space, 1, 1), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_set_mscount(space, 1, 1), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_set_seqno(space, 1, 1), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_get_set_status(space, 1, &a, &n), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_move_member(space, 1, 1), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_insert_right(space, 1, AnyRight()), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_extract_right(space, 1, 16, &right), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_get_receive_status(space, 1, &status), KERN_INVALID_TASK);
  EXPECT_EQ(mach_port_request_notification(space, 1, 72, 0, SendOnceRight(), &right),
            KERN_INVALID_TASK);
}

TEST_F(MachPortTest, ReceiveStatus) {
  const mach_port_t r = allocate(MACH_PORT_RIGHT_RECEIVE);
  const mach_port_t set = allocate(MACH_PORT_RIGHT_PORT_SET);
  ASSERT_EQ(mach_port_move_member(task(), r, set), KERN_SUCCESS);
  ASSERT_EQ(mach_port_set_qlimit(task(), r, 16), KERN_SUCCESS);
  EXPECT_EQ(mach_port_set_qlimit(task(), r, 17), KERN_INVALID_VALUE);
  ASSERT_EQ(mach_port_set_mscount(task(), r, 7), KERN_SUCCESS);
  ASSERT_EQ(mach_port_set_seqno(task(), r, 9), KERN_SUCCESS);
  EXPECT_EQ(mach_port_set_seqno(task(), set, 9), KERN_INVALID_RIGHT);
  EXPECT_EQ(mach_port_set_seqno(task(), 55, 9), KERN_INVALID_NAME);
  const AnyRight once = make(r, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  const AnyRight send = make(r, MACH_MSG_TYPE_MAKE_SEND);
  ASSERT_EQ(request(r, MACH_NOTIFY_NO_SENDERS, 0, notify(r)), KERN_SUCCESS);
  mach_port_status_t s;
  ASSERT_EQ(mach_port_get_receive_status(task(), r, &s), KERN_SUCCESS);
  EXPECT_EQ(s.mps_pset, set);
  EXPECT_EQ(s.mps_seqno, 9u);
  EXPECT_EQ(s.mps_mscount, 8u);
  EXPECT_EQ(s.mps_qlimit, 16u);
  EXPECT_EQ(s.mps_msgcount, 0u);
  EXPECT_EQ(s.mps_sorights, 2u);
  EXPECT_TRUE(s.mps_srights);
  EXPECT_FALSE(s.mps_pdrequest);
  EXPECT_TRUE(s.mps_nsrequest);
  EXPECT_EQ(mach_port_get_receive_status(task(), set, &s), KERN_INVALID_RIGHT);
}

TEST_F(MachPortTest, NamesAndSetStatus) {
  const mach_port_t a = allocate(MACH_PORT_RIGHT_RECEIVE);
  const mach_port_t b = allocate(MACH_PORT_RIGHT_RECEIVE);
  const mach_port_t set = allocate(MACH_PORT_RIGHT_PORT_SET);
  ASSERT_EQ(mach_port_move_member(task(), a, set), KERN_SUCCESS);
  ASSERT_EQ(mach_port_move_member(task(), b, set), KERN_SUCCESS);
  MapCopyPtr members;
  mach_msg_type_number_t count;
  ASSERT_EQ(mach_port_get_set_status(task(), set, &members, &count), KERN_SUCCESS);
  EXPECT_EQ(words(std::move(members), count), (std::vector<uint32_t>{a, b}));
  EXPECT_EQ(mach_port_get_set_status(task(), a, &members, &count), KERN_INVALID_RIGHT);
  EXPECT_EQ(mach_port_get_set_status(task(), 77, &members, &count), KERN_INVALID_NAME);
  MapCopyPtr names, types;
  mach_msg_type_number_t type_count;
  ASSERT_EQ(mach_port_names(task(), &names, &count, &types, &type_count), KERN_SUCCESS);
  EXPECT_EQ(words(std::move(names), count), (std::vector<uint32_t>{a, b, set}));
  EXPECT_EQ(words(std::move(types), type_count),
            (std::vector<uint32_t>{MACH_PORT_TYPE_RECEIVE, MACH_PORT_TYPE_RECEIVE,
                                   MACH_PORT_TYPE_PORT_SET}));
}

TEST_F(MachPortTest, MoveMemberErrors) {
  const mach_port_t r = allocate(MACH_PORT_RIGHT_RECEIVE);
  EXPECT_EQ(mach_port_move_member(task(), r, MACH_PORT_NULL), KERN_NOT_IN_SET);
  EXPECT_EQ(mach_port_move_member(task(), 12, r), KERN_INVALID_NAME);
  EXPECT_EQ(mach_port_move_member(task(), r, 12), KERN_INVALID_NAME);
  EXPECT_EQ(mach_port_move_member(task(), r, r), KERN_INVALID_RIGHT);
}

TEST_F(MachPortTest, InsertAndExtract) {
  const mach_port_t r = allocate(MACH_PORT_RIGHT_RECEIVE);
  AnyRight right;
  EXPECT_EQ(mach_port_extract_right(task(), r, 15, &right), KERN_INVALID_VALUE);
  EXPECT_EQ(mach_port_extract_right(task(), r, MACH_MSG_TYPE_COPY_SEND, &right),
            KERN_INVALID_RIGHT);
  EXPECT_EQ(mach_port_extract_right(task(), 3, MACH_MSG_TYPE_COPY_SEND, &right),
            KERN_INVALID_NAME);
  ASSERT_EQ(mach_port_extract_right(task(), r, MACH_MSG_TYPE_MAKE_SEND, &right), KERN_SUCCESS);
  EXPECT_EQ(right.kind(), ipc::RightKind::kSend);
  EXPECT_EQ(mach_port_insert_right(task(), MACH_PORT_DEAD, std::move(right)), KERN_INVALID_VALUE);
  EXPECT_EQ(mach_port_insert_right(task(), 5, AnyRight()), KERN_INVALID_CAPABILITY);
  EXPECT_EQ(mach_port_insert_right(task(), 5, make(r, MACH_MSG_TYPE_MAKE_SEND)),
            KERN_RIGHT_EXISTS);
  EXPECT_EQ(mach_port_insert_right(task(), r, make(r, MACH_MSG_TYPE_MAKE_SEND)), KERN_SUCCESS);
  EXPECT_EQ(mach_port_insert_right(task(), r, make(r, MACH_MSG_TYPE_MAKE_SEND_ONCE)),
            KERN_NAME_EXISTS);
  EXPECT_EQ(mach_port_insert_right(task(), 6, make(r, MACH_MSG_TYPE_MAKE_SEND_ONCE)),
            KERN_SUCCESS);
  EXPECT_EQ(type(6), MACH_PORT_TYPE_SEND_ONCE);
}

TEST_F(MachPortTest, Refs) {
  const mach_port_t r = allocate(MACH_PORT_RIGHT_RECEIVE);
  mach_port_urefs_t n = 9;
  EXPECT_EQ(mach_port_get_refs(task(), r, MACH_PORT_RIGHT_SEND, &n), KERN_SUCCESS);
  EXPECT_EQ(n, 0u);
  EXPECT_EQ(mach_port_get_refs(task(), r, MACH_PORT_RIGHT_NUMBER, &n), KERN_INVALID_VALUE);
  EXPECT_EQ(mach_port_get_refs(task(), 7, MACH_PORT_RIGHT_SEND, &n), KERN_INVALID_NAME);
  EXPECT_EQ(mach_port_deallocate(task(), r), KERN_INVALID_RIGHT);
  EXPECT_EQ(mach_port_deallocate(task(), 7), KERN_INVALID_NAME);
  EXPECT_EQ(mach_port_mod_refs(task(), r, MACH_PORT_RIGHT_RECEIVE, -1), KERN_SUCCESS);
  EXPECT_EQ(mach_port_destroy(task(), r), KERN_INVALID_NAME);
}

TEST_F(MachPortTest, RequestNotification) {
  const mach_port_t r = allocate(MACH_PORT_RIGHT_RECEIVE);
  const mach_port_t n = allocate(MACH_PORT_RIGHT_RECEIVE);
  const mach_port_t set = allocate(MACH_PORT_RIGHT_PORT_SET);
  const mach_port_t dead = allocate(MACH_PORT_RIGHT_DEAD_NAME);
  EXPECT_EQ(request(r, 71, 0, notify(n)), KERN_INVALID_VALUE);
  EXPECT_EQ(request(r, MACH_NOTIFY_DEAD_NAME, 0, SendOnceRight::adopt(ipc::dead_port())),
            KERN_INVALID_CAPABILITY);
  EXPECT_EQ(request(r, MACH_NOTIFY_PORT_DESTROYED, 1, notify(n)), KERN_INVALID_VALUE);
  EXPECT_EQ(request(set, MACH_NOTIFY_PORT_DESTROYED, 0, notify(n)), KERN_INVALID_RIGHT);
  EXPECT_EQ(request(set, MACH_NOTIFY_DEAD_NAME, 0, notify(n)), KERN_INVALID_RIGHT);
  EXPECT_EQ(request(4242, MACH_NOTIFY_NO_SENDERS, 0, notify(n)), KERN_INVALID_NAME);
  EXPECT_EQ(request(dead, MACH_NOTIFY_DEAD_NAME, 0, notify(n)), KERN_INVALID_ARGUMENT);
  const uint32_t dropped = u_.port(n).message_count();
  EXPECT_EQ(dropped, 6u) << "each refused right became a send-once notification";

  EXPECT_EQ(request(r, MACH_NOTIFY_PORT_DESTROYED, 0, notify(n)), KERN_SUCCESS);
  EXPECT_FALSE(had_previous_);
  EXPECT_EQ(request(r, MACH_NOTIFY_PORT_DESTROYED, 0, SendOnceRight()), KERN_SUCCESS);
  EXPECT_TRUE(had_previous_);
  EXPECT_EQ(request(r, MACH_NOTIFY_NO_SENDERS, 1, notify(n)), KERN_SUCCESS) << "waits";
  EXPECT_EQ(u_.port(n).message_count(), dropped);
  EXPECT_EQ(request(r, MACH_NOTIFY_NO_SENDERS, 0, notify(n)), KERN_SUCCESS) << "is due";
  EXPECT_TRUE(had_previous_);
  EXPECT_EQ(u_.port(n).message_count(), dropped + 1);
  EXPECT_FALSE(u_.port(r).has_no_senders_request());
}

}  // namespace
}  // namespace rpc
