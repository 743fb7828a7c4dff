// The mach_msg trap from user mode, on the general and on the straight path.
#include "kernel/ipc/mach_msg.h"

#include "kernel/ipc/kernel_port.h"
#include "kernel/ipc/mach_msg_call.h"
#include "kernel/ipc/test_dispatch.h"
#include "kernel/ipc/test_support.h"

namespace ipc::test {
namespace {

// Every test runs twice: with the straight path and without.
class MachMsgTest : public IpcTest, public ::testing::WithParamInterface<bool> {
 protected:
  MachMsgTest() { enable_fast_rpc(GetParam()); }
  ~MachMsgTest() override { enable_fast_rpc(true); }
};

INSTANTIATE_TEST_SUITE_P(Paths, MachMsgTest, ::testing::Bool(),
                         [](const auto& p) { return p.param ? "Fast" : "General"; });

TEST_P(MachMsgTest, NeitherSendNorReceiveDoesNothing) {
  User u;
  u.run([&] {
    WordMessage m;
    EXPECT_EQ(mach_msg(u.buffer(), m, 0, {}), MACH_MSG_SUCCESS);
  });
}

TEST_P(MachMsgTest, SendThenReceive) {
  User u;
  const mach_port_t r = u.receive_right();
  u.run([&] {
    WordMessage m = word_message(r, MACH_MSG_TYPE_MAKE_SEND, 42);
    m.header.msgh_seqno = 77;
    ASSERT_EQ(send(u.buffer(), m), MACH_MSG_SUCCESS);
    for (uint32_t expected : {0u, 1u}) {
      if (expected == 1) {
        m = word_message(r, MACH_MSG_TYPE_MAKE_SEND_ONCE, 42);
        ASSERT_EQ(send(u.buffer(), m), MACH_MSG_SUCCESS);
      }
      WordMessage in;
      ASSERT_EQ(receive(u.buffer(), in, r), MACH_MSG_SUCCESS);
      EXPECT_EQ(in.word, 42u);
      EXPECT_EQ(in.header.msgh_size, sizeof in);
      EXPECT_EQ(in.header.msgh_id, 1000);
      EXPECT_EQ(in.header.msgh_seqno, expected);
      EXPECT_EQ(in.header.msgh_local_port, r);
      EXPECT_EQ(in.header.msgh_remote_port, MACH_PORT_NULL);
      EXPECT_EQ(in.header.msgh_bits,
                MACH_MSGH_BITS(0, expected == 0 ? MACH_MSG_TYPE_PORT_SEND
                                                : MACH_MSG_TYPE_PORT_SEND_ONCE));
    }
  });
  EXPECT_EQ(u.type(r), MACH_PORT_TYPE_RECEIVE);
  EXPECT_EQ(u.port(r).send_rights(), 0u);
  EXPECT_EQ(u.port(r).make_send_count(), 1u);
}

// A server in a loop: whatever it receives it answers with twice the word.
void serve(User& server, mach_port_t name, int rounds) {
  WordMessage m;
  ASSERT_EQ(receive(server.buffer(), m, name), MACH_MSG_SUCCESS);
  for (; rounds > 0; --rounds) {
    EXPECT_EQ(MACH_MSGH_BITS_LOCAL(m.header.msgh_bits), MACH_MSG_TYPE_PORT_SEND);
    EXPECT_EQ(MACH_MSGH_BITS_REMOTE(m.header.msgh_bits), MACH_MSG_TYPE_PORT_SEND_ONCE);
    m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);
    m.header.msgh_local_port = MACH_PORT_NULL;
    m.header.msgh_id += 100;
    m.word *= 2;
    Options o{.send_size = sizeof m, .rcv_size = sizeof m, .rcv_name = name};
    const bool last = rounds == 1;
    ASSERT_EQ(mach_msg(server.buffer(), m, MACH_SEND_MSG | (last ? 0 : MACH_RCV_MSG), o),
              MACH_MSG_SUCCESS);
  }
}

TEST_P(MachMsgTest, RpcBetweenTasks) {
  User server;
  User client;
  constexpr int kRounds = 5;
  const mach_port_t service = server.receive_right();
  const mach_port_t s = client.send_right_from(server, service);
  const mach_port_t reply = client.receive_right();
  server.start([&] { serve(server, service, kRounds); });
  host::run();
  int done = 0;
  client.run([&] {
    for (uint32_t i = 0; i < kRounds; ++i) {
      WordMessage m = word_message(s, MACH_MSG_TYPE_COPY_SEND, i, reply,
                                   MACH_MSG_TYPE_MAKE_SEND_ONCE);
      Options o{.send_size = sizeof m, .rcv_size = sizeof m, .rcv_name = reply};
      ASSERT_EQ(mach_msg(client.buffer(), m, MACH_SEND_MSG | MACH_RCV_MSG, o), MACH_MSG_SUCCESS);
      EXPECT_EQ(m.word, 2 * i);
      EXPECT_EQ(m.header.msgh_id, 1100);
      EXPECT_EQ(m.header.msgh_seqno, i);
      EXPECT_EQ(m.header.msgh_local_port, reply);
      EXPECT_EQ(m.header.msgh_remote_port, MACH_PORT_NULL);
      EXPECT_EQ(m.header.msgh_bits, MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE));
      ++done;
    }
  });
  EXPECT_EQ(done, kRounds);
  EXPECT_EQ(server.port(service).seqno(), static_cast<uint32_t>(kRounds));
  EXPECT_EQ(client.port(reply).send_once_rights(), 0u);
  EXPECT_EQ(server.space().names().used(), 1u);
}

struct BigMessage {
  mach_msg_header_t header = {};
  uint32_t body[1500] = {};
};

// Messages of every size class, and of the sizes between them.
TEST_P(MachMsgTest, RpcOfAllSizes) {
  User server;
  User client;
  const mach_port_t service = server.receive_right();
  const mach_port_t s = client.send_right_from(server, service);
  const mach_port_t reply = client.receive_right();
  const uint32_t sizes[] = {24, 252, 256, 260, 1048, 4076, 4080, 6000, 24, 1048};
  server.start([&] {
    BigMessage m;
    ASSERT_EQ(receive(server.buffer(), m, service), MACH_MSG_SUCCESS);
    for (size_t i = 0;; ++i) {
      EXPECT_EQ(m.header.msgh_size, sizes[i]);
      m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE, 0);
      m.header.msgh_local_port = MACH_PORT_NULL;
      Options o{.send_size = m.header.msgh_size, .rcv_size = sizeof m, .rcv_name = service};
      (void)mach_msg(server.buffer(), m, MACH_SEND_MSG | MACH_RCV_MSG, o);
    }
  });
  host::run();
  int done = 0;
  client.run([&] {
    for (const uint32_t size : sizes) {
      BigMessage m;
      m.header = word_message(s, MACH_MSG_TYPE_COPY_SEND, 0, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE)
                     .header;
      const uint32_t last = (size - sizeof m.header) / 4;
      if (last != 0) m.body[last - 1] = size;
      Options o{.send_size = size, .rcv_size = sizeof m, .rcv_name = reply};
      ASSERT_EQ(mach_msg(client.buffer(), m, MACH_SEND_MSG | MACH_RCV_MSG, o), MACH_MSG_SUCCESS);
      EXPECT_EQ(m.header.msgh_size, size);
      if (last != 0) {
        EXPECT_EQ(m.body[last - 1], size);
      }
      ++done;
    }
  });
  EXPECT_EQ(done, 10);
}

TEST_P(MachMsgTest, RpcToAServerThatWaitsOnASet) {
  User server;
  User client;
  const mach_port_t service = server.receive_right();
  const mach_port_t set = server.space().allocate_right(MACH_PORT_RIGHT_PORT_SET).take();
  ASSERT_TRUE(server.space().move_member(service, set).ok());
  const mach_port_t s = client.send_right_from(server, service);
  const mach_port_t reply = client.receive_right();
  server.start([&] { serve(server, set, 3); });
  host::run();
  int done = 0;
  client.run([&] {
    for (uint32_t i = 0; i < 3; ++i) {
      WordMessage m = word_message(s, MACH_MSG_TYPE_COPY_SEND, i, reply,
                                   MACH_MSG_TYPE_MAKE_SEND_ONCE);
      Options o{.send_size = sizeof m, .rcv_size = sizeof m, .rcv_name = reply};
      ASSERT_EQ(mach_msg(client.buffer(), m, MACH_SEND_MSG | MACH_RCV_MSG, o), MACH_MSG_SUCCESS);
      EXPECT_EQ(m.word, 2 * i);
      ++done;
    }
  });
  EXPECT_EQ(done, 3);
}

TEST_P(MachMsgTest, RpcToAKernelObject) {
  User u;
  int object = 0;
  KernelPort port = KernelPort::create(KObjectType::kHost, &object).take();
  const mach_port_t s = u.space().copyout(port.make_send()).take();
  const mach_port_t reply = u.receive_right();
  const uint32_t before = dispatch_count;
  u.run([&] {
    WordMessage m =
        word_message(s, MACH_MSG_TYPE_COPY_SEND, 5, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
    Options o{.send_size = sizeof m, .rcv_size = sizeof m, .rcv_name = reply};
    ASSERT_EQ(mach_msg(u.buffer(), m, MACH_SEND_MSG | MACH_RCV_MSG, o), MACH_MSG_SUCCESS);
    EXPECT_EQ(m.header.msgh_id, 1100);
    EXPECT_EQ(m.word, 5u);
    EXPECT_EQ(m.header.msgh_local_port, reply);
    EXPECT_EQ(m.header.msgh_bits, MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE));

    m = right_message(s, MACH_MSG_TYPE_COPY_SEND, reply, MACH_MSG_TYPE_MAKE_SEND);
    m.header.msgh_bits |= MACH_MSGH_BITS(0, MACH_MSG_TYPE_MAKE_SEND_ONCE);
    m.header.msgh_local_port = reply;
    ASSERT_EQ(mach_msg(u.buffer(), m, MACH_SEND_MSG | MACH_RCV_MSG, o), MACH_MSG_SUCCESS);
    EXPECT_EQ(m.word, reply);
    EXPECT_EQ(m.header.msgh_seqno, 1u);

    m = word_message(s, MACH_MSG_TYPE_COPY_SEND, 5, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
    m.header.msgh_id = kNoAnswer;
    EXPECT_EQ(mach_msg(u.buffer(), m, MACH_SEND_MSG | MACH_RCV_MSG, o), MACH_MSG_SUCCESS);
    EXPECT_EQ(m.header.msgh_id, MACH_NOTIFY_SEND_ONCE) << "the reply right was dropped";
  });
  EXPECT_EQ(dispatch_count, before + 3);
  EXPECT_EQ(u.refs(reply, MACH_PORT_RIGHT_SEND), 1u);
  EXPECT_EQ(u.port(reply).send_once_rights(), 0u);
  port.destroy();
  EXPECT_EQ(u.type(s), MACH_PORT_TYPE_DEAD_NAME);
}

TEST_P(MachMsgTest, HeaderErrorsDoNothing) {
  User u;
  const mach_port_t r = u.receive_right();
  const mach_port_t dead = u.space().allocate_right(MACH_PORT_RIGHT_DEAD_NAME).take();
  u.run([&] {
    const auto try_send = [&](mach_port_t to, mach_msg_type_name_t to_type, mach_port_t reply,
                              mach_msg_type_name_t reply_type) {
      WordMessage m = word_message(to, to_type, 0, reply, reply_type);
      return send(u.buffer(), m);
    };
    EXPECT_EQ(try_send(r, 0, 0, 0), MACH_SEND_INVALID_HEADER);
    EXPECT_EQ(try_send(r, MACH_MSG_TYPE_MOVE_RECEIVE, 0, 0), MACH_SEND_INVALID_HEADER);
    EXPECT_EQ(try_send(r, MACH_MSG_TYPE_MAKE_SEND, r, 0), MACH_SEND_INVALID_HEADER);
    EXPECT_EQ(try_send(r, MACH_MSG_TYPE_MAKE_SEND, r, 16), MACH_SEND_INVALID_HEADER);
    EXPECT_EQ(try_send(r, MACH_MSG_TYPE_COPY_SEND, 0, 0), MACH_SEND_INVALID_DEST);
    EXPECT_EQ(try_send(0, MACH_MSG_TYPE_COPY_SEND, 0, 0), MACH_SEND_INVALID_DEST);
    EXPECT_EQ(try_send(MACH_PORT_DEAD, MACH_MSG_TYPE_COPY_SEND, 0, 0), MACH_SEND_INVALID_DEST);
    EXPECT_EQ(try_send(dead, MACH_MSG_TYPE_COPY_SEND, 0, 0), MACH_SEND_INVALID_DEST);
    EXPECT_EQ(try_send(r + 256, MACH_MSG_TYPE_MAKE_SEND, 0, 0), MACH_SEND_INVALID_DEST);
    EXPECT_EQ(try_send(r, MACH_MSG_TYPE_MAKE_SEND, 12345, MACH_MSG_TYPE_COPY_SEND),
              MACH_SEND_INVALID_REPLY);
    EXPECT_EQ(try_send(r, MACH_MSG_TYPE_MAKE_SEND, r, MACH_MSG_TYPE_MOVE_SEND_ONCE),
              MACH_SEND_INVALID_REPLY);
    WordMessage m = word_message(r, MACH_MSG_TYPE_MAKE_SEND, 0);
    m.header.msgh_bits |= 0x00010000u;
    EXPECT_EQ(send(u.buffer(), m), MACH_SEND_INVALID_HEADER);
    m = word_message(r, MACH_MSG_TYPE_MAKE_SEND, 0);
    EXPECT_EQ(send(u.buffer(), m, 0, {.send_size = 20}), MACH_SEND_MSG_TOO_SMALL);
    EXPECT_EQ(send(u.buffer(), m, 0, {.send_size = 30}), MACH_SEND_MSG_TOO_SMALL);
    EXPECT_EQ(mach_msg_trap({0x10, MACH_SEND_MSG, 32, 0, 0, 0, 0}), MACH_SEND_INVALID_DATA);
    EXPECT_EQ(mach_msg_trap({0xfffffff0u, MACH_SEND_MSG, 32, 0, 0, 0, 0}), MACH_SEND_INVALID_DATA);
    EXPECT_EQ(mach_msg_trap({u.buffer(), MACH_SEND_MSG, 0xfffffffcu, 0, 0, 0, 0}),
              MACH_SEND_NO_BUFFER);
    EXPECT_EQ(send(u.buffer(), m, MACH_SEND_CANCEL), MACH_SEND_INVALID_NOTIFY);
  });
  EXPECT_EQ(u.refs(dead, MACH_PORT_RIGHT_DEAD_NAME), 1u);
  EXPECT_EQ(u.port(r).make_send_count(), 0u);
  EXPECT_EQ(u.port(r).message_count(), 0u);
}

// The book's atomicity example: one send right with one reference for both header fields.
TEST_P(MachMsgTest, HeaderIsTakenAtomically) {
  User server;
  User u;
  const mach_port_t service = server.receive_right();
  const mach_port_t s = u.send_right_from(server, service);
  u.run([&] {
    WordMessage m = word_message(s, MACH_MSG_TYPE_MOVE_SEND, 1, s, MACH_MSG_TYPE_MOVE_SEND);
    EXPECT_EQ(send(u.buffer(), m), MACH_SEND_INVALID_REPLY);
    EXPECT_EQ(u.refs(s, MACH_PORT_RIGHT_SEND), 1u);
    m = word_message(s, MACH_MSG_TYPE_MOVE_SEND, 1, s, MACH_MSG_TYPE_COPY_SEND);
    EXPECT_EQ(send(u.buffer(), m), MACH_MSG_SUCCESS);
  });
  EXPECT_EQ(u.type(s), 0u);
  server.run([&] {
    WordMessage m;
    ASSERT_EQ(receive(server.buffer(), m, service), MACH_MSG_SUCCESS);
    EXPECT_EQ(m.header.msgh_remote_port, service);
    EXPECT_EQ(m.header.msgh_local_port, service);
  });
  EXPECT_EQ(server.type(service), MACH_PORT_TYPE_SEND_RECEIVE);
}

TEST_P(MachMsgTest, NullAndDeadReplyPortsAreCarried) {
  User u;
  const mach_port_t r = u.receive_right();
  u.run([&] {
    for (mach_port_t reply : {MACH_PORT_NULL, MACH_PORT_DEAD}) {
      WordMessage m = word_message(r, MACH_MSG_TYPE_MAKE_SEND, 0, reply, MACH_MSG_TYPE_COPY_SEND);
      ASSERT_EQ(send(u.buffer(), m), MACH_MSG_SUCCESS);
      ASSERT_EQ(receive(u.buffer(), m, r), MACH_MSG_SUCCESS);
      EXPECT_EQ(m.header.msgh_remote_port, reply);
    }
  });
}

TEST_P(MachMsgTest, ReceiveErrors) {
  User u;
  const mach_port_t r = u.receive_right();
  const mach_port_t set = u.space().allocate_right(MACH_PORT_RIGHT_PORT_SET).take();
  const mach_port_t dead = u.space().allocate_right(MACH_PORT_RIGHT_DEAD_NAME).take();
  ASSERT_TRUE(u.space().move_member(r, set).ok());
  u.run([&] {
    WordMessage m;
    EXPECT_EQ(receive(u.buffer(), m, r), MACH_RCV_IN_SET);
    EXPECT_EQ(receive(u.buffer(), m, dead), MACH_RCV_INVALID_NAME);
    EXPECT_EQ(receive(u.buffer(), m, 0), MACH_RCV_INVALID_NAME);
    EXPECT_EQ(receive(u.buffer(), m, set, MACH_RCV_TIMEOUT), MACH_RCV_TIMED_OUT);
  });
}

TEST_P(MachMsgTest, ReceiveTimesOut) {
  User u;
  const mach_port_t r = u.receive_right();
  mach_msg_return_t result = -1;
  u.start([&] {
    WordMessage m;
    result = receive(u.buffer(), m, r, MACH_RCV_TIMEOUT, {.timeout = 50});
  });
  host::advance_ms(30);
  EXPECT_EQ(result, -1);
  host::advance_ms(40);
  EXPECT_EQ(result, MACH_RCV_TIMED_OUT);
}

TEST_P(MachMsgTest, AbortInterruptsReceiveAndSend) {
  User u;
  const mach_port_t r = u.receive_right();
  const mach_port_t full = u.receive_right();
  u.port(full).set_queue_limit(0);
  mach_msg_return_t received = -1;
  mach_msg_return_t sent = -1;
  auto a = u.start_thread([&] {
    WordMessage m;
    received = receive(u.buffer(), m, r);
  });
  auto b = u.start_thread([&] {
    WordMessage m = word_message(full, MACH_MSG_TYPE_MAKE_SEND, 1);
    sent = send(u.buffer() + 4096, m);
  });
  host::run();
  a->abort();
  b->abort();
  host::run();
  EXPECT_EQ(received, MACH_RCV_INTERRUPTED);
  EXPECT_EQ(sent, MACH_SEND_INTERRUPTED);
  EXPECT_EQ(u.type(full), MACH_PORT_TYPE_SEND_RECEIVE) << "the message's right came back";
}

TEST_P(MachMsgTest, WaitingReceiversLearnWhatHappensToThePort) {
  User u;
  const mach_port_t dies = u.receive_right();
  const mach_port_t joins = u.receive_right();
  const mach_port_t moves = u.receive_right();
  const mach_port_t set = u.space().allocate_right(MACH_PORT_RIGHT_PORT_SET).take();
  const mach_port_t gone = u.space().allocate_right(MACH_PORT_RIGHT_PORT_SET).take();
  mach_msg_return_t results[4] = {-1, -1, -1, -1};
  const mach_port_t names[4] = {dies, joins, moves, gone};
  for (uint32_t i = 0; i < 4; ++i) {
    u.start([&, i] {
      WordMessage m;
      results[i] = receive(u.buffer() + i * 256, m, names[i]);
    });
  }
  host::run();
  ASSERT_TRUE(u.space().destroy(dies).ok());
  ASSERT_TRUE(u.space().move_member(joins, set).ok());
  AnyRight right = u.space().copyin(moves, MACH_MSG_TYPE_MOVE_RECEIVE).take();
  ASSERT_TRUE(u.space().destroy(gone).ok());
  host::run();
  EXPECT_EQ(results[0], MACH_RCV_PORT_DIED);
  EXPECT_EQ(results[1], MACH_RCV_PORT_CHANGED);
  EXPECT_EQ(results[2], MACH_RCV_PORT_DIED);
  EXPECT_EQ(results[3], MACH_RCV_PORT_DIED);
}

TEST_P(MachMsgTest, TooLargeMessages) {
  User u;
  const mach_port_t r = u.receive_right();
  const mach_port_t reply = u.receive_right();
  u.run([&] {
    const auto fill = [&] {
      WordMessage m =
          word_message(r, MACH_MSG_TYPE_MAKE_SEND, 9, reply, MACH_MSG_TYPE_MAKE_SEND_ONCE);
      ASSERT_EQ(send(u.buffer(), m), MACH_MSG_SUCCESS);
    };
    fill();
    WordMessage m;
    EXPECT_EQ(receive(u.buffer(), m, r, MACH_RCV_LARGE, {.rcv_size = 24}), MACH_RCV_TOO_LARGE);
    EXPECT_EQ(m.header.msgh_size, sizeof m);
    EXPECT_EQ(receive(u.buffer(), m, r, MACH_RCV_LARGE), MACH_MSG_SUCCESS);
    EXPECT_EQ(m.word, 9u);
    EXPECT_TRUE(u.space().deallocate(m.header.msgh_remote_port).ok());
    fill();
    EXPECT_EQ(receive(u.buffer(), m, r, 0, {.rcv_size = 24}), MACH_RCV_TOO_LARGE);
    EXPECT_EQ(m.header.msgh_local_port, r);
    EXPECT_EQ(m.header.msgh_remote_port, MACH_PORT_NULL);
    EXPECT_EQ(m.header.msgh_size, sizeof m);
    EXPECT_EQ(u.port(r).message_count(), 0u);
    EXPECT_EQ(u.port(reply).message_count(), 2u) << "send-once notifications";
  });
}

TEST_P(MachMsgTest, UnwritableBuffersStillReceive) {
  User u;
  const mach_port_t r = u.receive_right();
  u.run([&] {
    WordMessage m = right_message(r, MACH_MSG_TYPE_MAKE_SEND, r, MACH_MSG_TYPE_MAKE_SEND);
    ASSERT_EQ(send(u.buffer(), m), MACH_MSG_SUCCESS);
    EXPECT_EQ(mach_msg_trap({0x10, MACH_RCV_MSG, 0, 100, r, 0, 0}), MACH_RCV_INVALID_DATA);
    EXPECT_EQ(u.refs(r, MACH_PORT_RIGHT_SEND), 1u);
  });
}

}  // namespace
}  // namespace ipc::test
