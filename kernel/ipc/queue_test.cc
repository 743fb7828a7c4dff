// Queue limits, blocked senders, forced messages, port sets.
#include <vector>

#include "kernel/ipc/test_support.h"

namespace ipc::test {
namespace {

class QueueTest : public IpcTest {};

TEST_F(QueueTest, SendersBlockAtTheLimitAndAreServedInOrder) {
  User u;
  const mach_port_t r = u.receive_right();
  (void)u.send_right_from(u, r);
  std::vector<uint32_t> sent;
  for (uint32_t i = 0; i < 9; ++i) {
    u.start([&, i] {
      WordMessage m = word_message(r, MACH_MSG_TYPE_COPY_SEND, i);
      EXPECT_EQ(send(u.buffer() + 64 * i, m), MACH_MSG_SUCCESS);
      sent.push_back(i);
    });
    host::run();
  }
  EXPECT_EQ(sent.size(), MACH_PORT_QLIMIT_DEFAULT);
  EXPECT_EQ(u.port(r).message_count(), MACH_PORT_QLIMIT_DEFAULT);
  u.run([&] {
    for (uint32_t i = 0; i < 9; ++i) {
      WordMessage m;
      ASSERT_EQ(receive(u.buffer() + 8192, m, r), MACH_MSG_SUCCESS);
      EXPECT_EQ(m.word, i);
      EXPECT_EQ(m.header.msgh_seqno, i);
    }
  });
  EXPECT_EQ(sent.size(), 9u);
}

TEST_F(QueueTest, RaisingTheLimitLetsSendersIn) {
  User u;
  const mach_port_t r = u.receive_right();
  u.port(r).set_queue_limit(1);
  int sent = 0;
  for (uint32_t i = 0; i < 4; ++i) {
    u.start([&, i] {
      WordMessage m = word_message(r, MACH_MSG_TYPE_MAKE_SEND, i);
      EXPECT_EQ(send(u.buffer() + 64 * i, m), MACH_MSG_SUCCESS);
      ++sent;
    });
  }
  host::run();
  EXPECT_EQ(sent, 1);
  u.port(r).set_queue_limit(3);
  host::run();
  EXPECT_EQ(sent, 3);
  EXPECT_TRUE(u.space().destroy(r).ok());
  host::run();
  EXPECT_EQ(sent, 4) << "a message to a port that dies counts as sent";
}

TEST_F(QueueTest, ALimitOfZeroIsARendezvous) {
  User u;
  const mach_port_t r = u.receive_right();
  u.port(r).set_queue_limit(0);
  bool sent = false;
  u.start([&] {
    WordMessage m = word_message(r, MACH_MSG_TYPE_MAKE_SEND, 4);
    EXPECT_EQ(send(u.buffer(), m), MACH_MSG_SUCCESS);
    sent = true;
  });
  host::run();
  EXPECT_FALSE(sent);
  u.run([&] {
    WordMessage m;
    ASSERT_EQ(receive(u.buffer() + 1024, m, r), MACH_MSG_SUCCESS);
    EXPECT_EQ(m.word, 4u);
  });
  EXPECT_TRUE(sent);
}

TEST_F(QueueTest, SendOnceRightsIgnoreTheLimit) {
  User u;
  const mach_port_t r = u.receive_right();
  u.port(r).set_queue_limit(0);
  u.run([&] {
    for (int i = 0; i < 20; ++i) {
      WordMessage m = word_message(r, MACH_MSG_TYPE_MAKE_SEND_ONCE, 4);
      EXPECT_EQ(send(u.buffer(), m), MACH_MSG_SUCCESS);
    }
  });
  EXPECT_EQ(u.port(r).message_count(), 20u);
}

// The message comes back: rights return as moved rights, ready to be sent again.
TEST_F(QueueTest, TimedOutSendsReturnTheMessage) {
  User owner;
  User u;
  const mach_port_t r = owner.receive_right();
  owner.port(r).set_queue_limit(0);
  const mach_port_t s = u.send_right_from(owner, r);
  const mach_port_t carried = u.receive_right();
  mach_msg_return_t result = -1;
  WordMessage m;
  u.start([&] {
    m = right_message(s, MACH_MSG_TYPE_MOVE_SEND, carried, MACH_MSG_TYPE_MOVE_RECEIVE);
    result = send(u.buffer(), m, MACH_SEND_TIMEOUT, {.timeout = 20});
  });
  host::run();
  EXPECT_EQ(u.type(s), 0u);
  EXPECT_EQ(u.type(carried), 0u);
  host::advance_ms(40);
  EXPECT_EQ(result, MACH_SEND_TIMED_OUT);
  EXPECT_EQ(MACH_MSGH_BITS_REMOTE(m.header.msgh_bits), MACH_MSG_TYPE_MOVE_SEND);
  EXPECT_EQ(u.type(m.header.msgh_remote_port), MACH_PORT_TYPE_SEND);
  EXPECT_EQ(u.type(m.word), MACH_PORT_TYPE_RECEIVE);
  u.run([&] {
    EXPECT_EQ(send(u.buffer(), m, MACH_SEND_TIMEOUT), MACH_SEND_TIMED_OUT) << "zero polls";
  });
  EXPECT_EQ(owner.port(r).message_count(), 0u);
}

TEST_F(QueueTest, ForcedMessagesAreAnnouncedWhenAccepted) {
  User owner;
  User u;
  const mach_port_t r = owner.receive_right();
  owner.port(r).set_queue_limit(0);
  const mach_port_t s = u.send_right_from(owner, r);
  const mach_port_t notify = u.receive_right();
  u.run([&] {
    const Options o{.notify = notify};
    WordMessage m = word_message(s, MACH_MSG_TYPE_COPY_SEND, 1);
    EXPECT_EQ(send(u.buffer(), m, MACH_SEND_NOTIFY, {.notify = s}), MACH_SEND_INVALID_NOTIFY);
    m = word_message(s, MACH_MSG_TYPE_COPY_SEND, 1);
    EXPECT_EQ(send(u.buffer(), m, MACH_SEND_NOTIFY, o), MACH_SEND_WILL_NOTIFY);
    EXPECT_EQ(u.type(s), MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_MAREQUEST);
    m = word_message(s, MACH_MSG_TYPE_COPY_SEND, 2);
    EXPECT_EQ(send(u.buffer(), m, MACH_SEND_NOTIFY, o), MACH_SEND_NOTIFY_IN_PROGRESS);
    EXPECT_EQ(u.port(notify).message_count(), 0u);
  });
  owner.run([&] {
    WordMessage m;
    ASSERT_EQ(receive(owner.buffer(), m, r), MACH_MSG_SUCCESS);
    EXPECT_EQ(m.word, 1u);
  });
  EXPECT_EQ(u.type(s), MACH_PORT_TYPE_SEND);
  u.run([&] {
    mach_msg_accepted_notification_t n = {};
    ASSERT_EQ(receive(u.buffer(), n, notify), MACH_MSG_SUCCESS);
    EXPECT_EQ(n.not_header.msgh_id, MACH_NOTIFY_MSG_ACCEPTED);
    EXPECT_EQ(n.not_port, s);
  });
}

TEST_F(QueueTest, ForcedMessageNotificationsSurviveTheRightAndThePort) {
  User owner;
  User u;
  const mach_port_t r = owner.receive_right();
  owner.port(r).set_queue_limit(0);
  const mach_port_t s = u.send_right_from(owner, r);
  const mach_port_t notify = u.receive_right();
  const auto force = [&](mach_port_t to) {
    WordMessage m = word_message(to, MACH_MSG_TYPE_COPY_SEND, 1);
    EXPECT_EQ(send(u.buffer(), m, MACH_SEND_NOTIFY, {.notify = notify}), MACH_SEND_WILL_NOTIFY);
  };
  u.run([&] {
    force(s);
    EXPECT_TRUE(u.space().deallocate(s).ok());
  });
  owner.run([&] {
    WordMessage m;
    ASSERT_EQ(receive(owner.buffer(), m, r), MACH_MSG_SUCCESS);
  });
  const mach_port_t again = u.send_right_from(owner, r);
  u.run([&] { force(again); });
  EXPECT_TRUE(owner.space().destroy(r).ok());
  u.run([&] {
    mach_msg_accepted_notification_t n = {};
    ASSERT_EQ(receive(u.buffer(), n, notify), MACH_MSG_SUCCESS);
    EXPECT_EQ(n.not_header.msgh_id, MACH_NOTIFY_MSG_ACCEPTED);
    EXPECT_EQ(n.not_port, MACH_PORT_NULL);
    ASSERT_EQ(receive(u.buffer(), n, notify), MACH_MSG_SUCCESS);
    EXPECT_EQ(n.not_header.msgh_id, MACH_NOTIFY_SEND_ONCE);
  });
}

TEST_F(QueueTest, SetMembersTakeTurns) {
  User u;
  const mach_port_t a = u.receive_right();
  const mach_port_t b = u.receive_right();
  const mach_port_t set = u.space().allocate_right(MACH_PORT_RIGHT_PORT_SET).take();
  ASSERT_TRUE(u.space().move_member(a, set).ok());
  u.run([&] {
    for (mach_port_t to : {a, a, a, b}) {
      WordMessage m = word_message(to, MACH_MSG_TYPE_MAKE_SEND, to);
      ASSERT_EQ(send(u.buffer(), m), MACH_MSG_SUCCESS);
    }
    ASSERT_TRUE(u.space().move_member(b, set).ok());
    std::vector<mach_port_t> order;
    for (int i = 0; i < 4; ++i) {
      WordMessage m;
      ASSERT_EQ(receive(u.buffer(), m, set), MACH_MSG_SUCCESS);
      EXPECT_EQ(m.header.msgh_local_port, m.word);
      order.push_back(m.word);
    }
    EXPECT_EQ(order, (std::vector<mach_port_t>{a, b, a, a}));
    WordMessage m;
    EXPECT_EQ(receive(u.buffer(), m, set, MACH_RCV_TIMEOUT), MACH_RCV_TIMED_OUT);
  });
}

TEST_F(QueueTest, MessagesReachThreadsThatWaitOnTheSetTheyJoin) {
  User u;
  const mach_port_t a = u.receive_right();
  const mach_port_t set = u.space().allocate_right(MACH_PORT_RIGHT_PORT_SET).take();
  u.run([&] {
    for (uint32_t i = 0; i < 3; ++i) {
      WordMessage m = word_message(a, MACH_MSG_TYPE_MAKE_SEND, i);
      ASSERT_EQ(send(u.buffer(), m), MACH_MSG_SUCCESS);
    }
  });
  std::vector<uint32_t> got;
  for (uint32_t i = 0; i < 2; ++i) {
    u.start([&, i] {
      WordMessage m;
      ASSERT_EQ(receive(u.buffer() + 64 * i, m, set), MACH_MSG_SUCCESS);
      got.push_back(m.word);
    });
  }
  host::run();
  ASSERT_TRUE(u.space().move_member(a, set).ok());
  host::run();
  EXPECT_EQ(got, (std::vector<uint32_t>{0, 1}));
  EXPECT_EQ(u.port(a).message_count(), 1u);
}

TEST_F(QueueTest, TerminatingATaskEndsItsWaits) {
  User owner;
  const mach_port_t r = owner.receive_right();
  owner.port(r).set_queue_limit(0);
  {
    User u;
    const mach_port_t s = u.send_right_from(owner, r);
    const mach_port_t own = u.receive_right();
    u.start([&, s] {
      WordMessage m = word_message(s, MACH_MSG_TYPE_COPY_SEND, 1);
      (void)send(u.buffer(), m);
      ADD_FAILURE() << "a terminated thread returned to user mode";
    });
    u.start([&, own] {
      WordMessage m;
      (void)receive(u.buffer() + 512, m, own);
      ADD_FAILURE() << "a terminated thread returned to user mode";
    });
    host::run();
  }
  EXPECT_EQ(owner.port(r).send_rights(), 0u);
}

}  // namespace
}  // namespace ipc::test
