// Notifications and dead names (book chapter 3).
#include "kernel/ipc/test_support.h"

namespace ipc::test {
namespace {

struct Notification {
  mach_msg_header_t header = {};
  mach_msg_type_t type = {};
  uint32_t word = 0;
};

class NotificationTest : public IpcTest {
 protected:
  NotificationTest() : notify_(u_.receive_right()) {}

  SendOnceRight notify_right() { return u_.space().make_notify_right(notify_); }

  // The next notification, or one with id 0 when there is none.
  Notification next() {
    Notification n;
    u_.run([&] {
      if (receive(u_.buffer(), n, notify_, MACH_RCV_TIMEOUT) != MACH_MSG_SUCCESS) n = {};
    });
    return n;
  }

  User owner_;
  User u_;
  mach_port_t notify_;
};

TEST_F(NotificationTest, DeadName) {
  const mach_port_t r = owner_.receive_right();
  const mach_port_t s = u_.send_right_from(owner_, r);
  ASSERT_FALSE(u_.space().request_dead_name(s, 0, notify_right()).take());
  EXPECT_EQ(u_.type(s), MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_DNREQUEST);
  ASSERT_TRUE(owner_.space().destroy(r).ok());
  const Notification n = next();
  EXPECT_EQ(n.header.msgh_id, MACH_NOTIFY_DEAD_NAME);
  EXPECT_EQ(n.header.msgh_size, sizeof n);
  EXPECT_EQ(n.header.msgh_bits, MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE));
  EXPECT_EQ(n.type.msgt_name, unsigned{MACH_MSG_TYPE_PORT_NAME});
  EXPECT_EQ(n.word, s);
  EXPECT_EQ(u_.refs(s, MACH_PORT_RIGHT_DEAD_NAME), 2u) << "one more than there were";
}

TEST_F(NotificationTest, PortDeletedInsteadOfDeadName) {
  const mach_port_t r = owner_.receive_right();
  const mach_port_t s = u_.send_right_from(owner_, r);
  ASSERT_TRUE(u_.space().request_dead_name(s, 0, notify_right()).ok());
  ASSERT_TRUE(u_.space().deallocate(s).ok());
  const Notification n = next();
  EXPECT_EQ(n.header.msgh_id, MACH_NOTIFY_PORT_DELETED);
  EXPECT_EQ(n.word, s);
  EXPECT_EQ(next().header.msgh_id, 0);
}

TEST_F(NotificationTest, RequestsAreSwappedAndCancelled) {
  const mach_port_t r = owner_.receive_right();
  const mach_port_t s = u_.send_right_from(owner_, r);
  ASSERT_TRUE(u_.space().request_dead_name(s, 0, notify_right()).ok());
  SendOnceRight first = u_.space().request_dead_name(s, 0, notify_right()).take();
  EXPECT_TRUE(bool(first));
  SendOnceRight second = u_.space().request_dead_name(s, 0, SendOnceRight()).take();
  EXPECT_TRUE(bool(second));
  EXPECT_EQ(u_.type(s), MACH_PORT_TYPE_SEND);
  drop_silently(std::move(first));
  drop_silently(std::move(second));
  ASSERT_TRUE(owner_.space().destroy(r).ok());
  EXPECT_EQ(next().header.msgh_id, 0);
}

TEST_F(NotificationTest, DeadNameOfADeadName) {
  const mach_port_t d = u_.space().allocate_right(MACH_PORT_RIGHT_DEAD_NAME).take();
  EXPECT_EQ(u_.space().request_dead_name(d, 1, SendOnceRight()).code(), KERN_INVALID_ARGUMENT);
  ASSERT_TRUE(u_.space().request_dead_name(d, 1, notify_right()).ok());
  EXPECT_EQ(next().word, d);
  EXPECT_EQ(u_.refs(d, MACH_PORT_RIGHT_DEAD_NAME), 2u);
  ASSERT_TRUE(u_.space().modify_refs(d, MACH_PORT_RIGHT_DEAD_NAME, 65533).ok());
  EXPECT_EQ(u_.space().request_dead_name(d, 1, notify_right()).code(), KERN_UREFS_OVERFLOW);
  EXPECT_EQ(next().header.msgh_id, MACH_NOTIFY_SEND_ONCE) << "the unused right";
}

TEST_F(NotificationTest, NoSenders) {
  const mach_port_t r = owner_.receive_right();
  Port& port = owner_.port(r);
  const mach_port_t s = u_.send_right_from(owner_, r);
  SendOnceRight right = notify_right();
  (void)port.swap_no_senders(NotifyRequest::create(right).take());
  EXPECT_TRUE(port.has_no_senders_request());
  ASSERT_TRUE(u_.space().deallocate(s).ok());
  const Notification n = next();
  EXPECT_EQ(n.header.msgh_id, MACH_NOTIFY_NO_SENDERS);
  EXPECT_EQ(n.type.msgt_name, unsigned{MACH_MSG_TYPE_INTEGER_32});
  EXPECT_EQ(n.word, 1u) << "make-send count";
  EXPECT_FALSE(port.has_no_senders_request());
}

TEST_F(NotificationTest, PortDestroyedSavesTheRight) {
  const mach_port_t r = owner_.receive_right();
  const mach_port_t s = u_.send_right_from(owner_, r);
  SendOnceRight right = notify_right();
  (void)owner_.port(r).swap_port_destroyed(NotifyRequest::create(right).take());
  ASSERT_TRUE(owner_.space().destroy(r).ok());
  EXPECT_EQ(owner_.type(r), 0u);
  const Notification n = next();
  EXPECT_EQ(n.header.msgh_id, MACH_NOTIFY_PORT_DESTROYED);
  EXPECT_EQ(n.type.msgt_name, unsigned{MACH_MSG_TYPE_PORT_RECEIVE});
  EXPECT_EQ(n.word, s) << "the right joined the send right";
  EXPECT_EQ(u_.type(s), MACH_PORT_TYPE_SEND_RECEIVE);
}

TEST_F(NotificationTest, PortDestroyedSentToThePortItselfIsCollected) {
  const mach_port_t r = u_.receive_right();
  SendOnceRight right = u_.space().make_notify_right(r);
  (void)u_.port(r).swap_port_destroyed(NotifyRequest::create(right).take());
  ASSERT_TRUE(u_.space().destroy(r).ok());  // the test's end checks that the port is gone
}

TEST_F(NotificationTest, UnusedRequestsOfADyingPortBecomeSendOnce) {
  const mach_port_t r = owner_.receive_right();
  SendOnceRight right = notify_right();
  (void)owner_.port(r).swap_no_senders(NotifyRequest::create(right).take());
  ASSERT_TRUE(owner_.space().destroy(r).ok());
  EXPECT_EQ(next().header.msgh_id, MACH_NOTIFY_SEND_ONCE);
}

TEST_F(NotificationTest, DestroyedMessagesAnswerTheirReplyPort) {
  const mach_port_t r = owner_.receive_right();
  const mach_port_t s = u_.send_right_from(owner_, r);
  u_.run([&] {
    WordMessage m =
        word_message(s, MACH_MSG_TYPE_COPY_SEND, 0, notify_, MACH_MSG_TYPE_MAKE_SEND_ONCE);
    ASSERT_EQ(send(u_.buffer(), m), MACH_MSG_SUCCESS);
  });
  ASSERT_TRUE(owner_.space().destroy(r).ok());
  EXPECT_EQ(next().header.msgh_id, MACH_NOTIFY_SEND_ONCE);
}

TEST_F(NotificationTest, ReceiveNotifyRequestsForTheReplyRight) {
  const mach_port_t service = u_.receive_right();
  const mach_port_t s = owner_.send_right_from(u_, service);
  const mach_port_t reply = owner_.receive_right();
  owner_.run([&] {
    WordMessage m =
        word_message(s, MACH_MSG_TYPE_COPY_SEND, 0, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
    for (int i = 0; i < 3; ++i) {
      WordMessage copy = m;
      ASSERT_EQ(send(owner_.buffer(), copy), MACH_MSG_SUCCESS);
    }
  });
  u_.run([&] {
    WordMessage m;
    ASSERT_EQ(receive(u_.buffer(), m, service, MACH_RCV_NOTIFY, {.notify = service + 99}),
              MACH_RCV_INVALID_NOTIFY);
    ASSERT_EQ(receive(u_.buffer(), m, service, MACH_RCV_NOTIFY, {.notify = notify_}),
              MACH_MSG_SUCCESS);
    const mach_port_t first = m.header.msgh_remote_port;
    EXPECT_EQ(u_.type(first), MACH_PORT_TYPE_SEND_ONCE | MACH_PORT_TYPE_DNREQUEST);
    // SEND_CANCEL answers without a port-deleted notification.
    WordMessage answer = word_message(first, MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);
    ASSERT_EQ(send(u_.buffer(), answer, MACH_SEND_CANCEL, {.notify = notify_}), MACH_MSG_SUCCESS);
    ASSERT_EQ(receive(u_.buffer(), m, service, MACH_RCV_NOTIFY, {.notify = notify_}),
              MACH_MSG_SUCCESS);
  });
  EXPECT_EQ(next().header.msgh_id, 0);
  ASSERT_TRUE(owner_.space().destroy(reply).ok());
  EXPECT_EQ(next().header.msgh_id, MACH_NOTIFY_DEAD_NAME);
}

}  // namespace
}  // namespace ipc::test
