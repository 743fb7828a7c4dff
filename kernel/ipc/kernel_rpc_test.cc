// The kernel as a client and as a sender.
#include "kernel/ipc/kernel_port.h"
#include "kernel/ipc/send.h"
#include "kernel/ipc/test_dispatch.h"
#include "kernel/ipc/test_support.h"

namespace ipc::test {
namespace {

class KernelRpcTest : public IpcTest {
 protected:
  static MessagePtr request(SendRight to, uint32_t word) {
    MessagePtr m = Message::create(sizeof(WordMessage), 2400);
    m->set_destination(std::move(to));
    memcpy(m->body(), &mach::kMsgTypeInt32, 4);
    memcpy(m->body() + 4, &word, 4);
    return m;
  }
  // A server of `u` that answers one request with its word plus one.
  static void serve_one(User& u, mach_port_t name) {
    WordMessage m;
    ASSERT_EQ(receive(u.buffer(), m, name), MACH_MSG_SUCCESS);
    WordMessage answer =
        word_message(m.header.msgh_remote_port, MACH_MSG_TYPE_MOVE_SEND_ONCE, m.word + 1);
    answer.header.msgh_id = m.header.msgh_id + 100;
    ASSERT_EQ(send(u.buffer(), answer), MACH_MSG_SUCCESS);
  }
};

TEST_F(KernelRpcTest, AsksAUserTask) {
  User client;
  User server;
  const mach_port_t r = server.receive_right();
  server.start([&] {
    serve_one(server, r);
    serve_one(server, r);
  });
  int answers = 0;
  client.run([&] {
    for (uint32_t i = 0; i < 2; ++i) {
      auto reply = kernel_rpc(request(make_send(server.port(r)), 10 * i));
      ASSERT_TRUE(reply.ok());
      EXPECT_EQ(reply.value()->header().msgh_id, 2500);
      uint32_t word;
      memcpy(&word, reply.value()->body() + 4, 4);
      EXPECT_EQ(word, 10 * i + 1);
      ++answers;
    }
  });
  EXPECT_EQ(answers, 2);
}

TEST_F(KernelRpcTest, ADeadServerAnswersWithSendOnce) {
  User client;
  User server;
  const mach_port_t r = server.receive_right();
  mach_msg_id_t id = 0;
  client.run([&] {
    auto reply = kernel_rpc(request(make_send(server.port(r)), 1));
    ASSERT_TRUE(reply.ok());
    id = reply.value()->header().msgh_id;
  });
  EXPECT_EQ(id, 0);
  ASSERT_TRUE(server.space().destroy(r).ok());
  host::run();
  EXPECT_EQ(id, MACH_NOTIFY_SEND_ONCE);
}

TEST_F(KernelRpcTest, AbortEndsTheWaitAndLateAnswersGoNowhere) {
  User client;
  User server;
  const mach_port_t r = server.receive_right();
  base::ErrorCode code = 0;
  auto thread = client.start_thread([&] {
    auto reply = kernel_rpc(request(make_send(server.port(r)), 1));
    code = reply.code();
  });
  host::run();
  thread->abort();
  host::run();
  EXPECT_EQ(code, MACH_RCV_INTERRUPTED);
  thread = nullptr;
  server.run([&] {
    WordMessage m;
    ASSERT_EQ(receive(server.buffer(), m, r), MACH_MSG_SUCCESS);
    EXPECT_EQ(m.header.msgh_remote_port, MACH_PORT_DEAD);
  });
}

TEST_F(KernelRpcTest, KernelMessagesIgnoreTheQueueLimit) {
  User u;
  const mach_port_t r = u.receive_right();
  u.port(r).set_queue_limit(0);
  for (uint32_t i = 0; i < 3; ++i) send_from_kernel(request(make_send(u.port(r)), i));
  EXPECT_EQ(u.port(r).message_count(), 3u);
}

TEST_F(KernelRpcTest, MessagesToKernelObjectsAreDispatched) {
  int object = 0;
  static int closed;
  closed = 0;
  KernelPort port = KernelPort::create(KObjectType::kDevice, &object, [](void* o) {
                      EXPECT_NE(o, nullptr);
                      ++closed;
                    }).take();
  const uint32_t before = dispatch_count;
  send_from_kernel(request(port.make_send(), 1));
  EXPECT_EQ(dispatch_count, before + 1);
  EXPECT_EQ(closed, 1) << "the last send right went with the message";
  EXPECT_EQ(port.port()->kobject(KObjectType::kDevice), &object);
  EXPECT_EQ(port.port()->kobject(KObjectType::kTask), nullptr);
}

TEST_F(KernelRpcTest, MessagesToNobodyAreDropped) {
  send_from_kernel(request(SendRight(), 1));
  User u;
  const mach_port_t r = u.receive_right();
  SendRight right = make_send(u.port(r));
  ASSERT_TRUE(u.space().destroy(r).ok());
  send_from_kernel(request(std::move(right), 1));
}

// A message made by the kernel that would carry its own destination.
TEST_F(KernelRpcTest, LoopsOfKernelMessagesAreCollected) {
  ReceiveRight receive = Port::create().take();
  MessagePtr m = Message::create(sizeof(WordMessage), 1);
  m->set_destination(make_send(*receive.port()));
  m->header().msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  const uint32_t words[2] = {mach::msg_type_port(MACH_MSG_TYPE_PORT_RECEIVE),
                             Message::port_to_word(receive.leak())};
  memcpy(m->body(), words, sizeof words);
  send_from_kernel(std::move(m));
}

}  // namespace
}  // namespace ipc::test
