// Helpers of the message system's unit tests: user tasks whose threads call the traps.
#pragma once

#include <mach/message.h>
#include <mach/message_bits.h>
#include <mach/notify.h>

#include <cstring>
#include <functional>
#include <utility>

#include "gtest/gtest.h"
#include "kernel/arch/host/machine.h"
#include "kernel/ipc/mach_msg.h"
#include "kernel/ipc/message.h"
#include "kernel/ipc/port.h"
#include "kernel/ipc/space.h"
#include "kernel/kern/task.h"
#include "kernel/kern/user_ptr.h"
#include "kernel/vm/map.h"

namespace ipc::test {

inline constexpr uint32_t kBufferBytes = 16384;

// A task with a message buffer. Terminated at the end of the scope.
class User {
 public:
  User() : task_(host::create_task()) {
    base::Result<vm::Address> address = task_->map().allocate(0, kBufferBytes, vm::Placement::kAnywhere);
    EXPECT_TRUE(address.ok());
    buffer_ = address.take();
  }
  ~User() {
    (void)task_->terminate();
    host::run();
  }
  User(const User&) = delete;
  User& operator=(const User&) = delete;

  kern::Task& task() { return *task_; }
  Space& space() { return task_->space(); }
  vm::Map& map() { return task_->map(); }
  [[nodiscard]] uint32_t buffer() const { return buffer_; }

  // Starts a thread with this user mode; it runs when the test calls host::run().
  base::Ref<kern::Thread> start_thread(std::function<void()> program) {
    return host::start_thread(*task_, std::move(program));
  }
  void start(std::function<void()> program) {
    const auto thread = start_thread(std::move(program));
  }
  // Runs code as a thread of this task until nothing can run any more.
  void run(std::function<void()> program) {
    start(std::move(program));
    host::run();
  }

  mach_port_t receive_right() { return space().allocate_port().take(); }
  // A send right made from the receive right that `owner` has under `name`.
  mach_port_t send_right_from(User& owner, mach_port_t name) {
    AnyRight right = owner.space().copyin(name, MACH_MSG_TYPE_MAKE_SEND).take();
    return space().copyout(std::move(right)).take();
  }
  mach_port_type_t type(mach_port_t name) {
    auto t = space().type(name);
    return t.ok() ? t.take() : 0;
  }
  mach_port_urefs_t refs(mach_port_t name, mach_port_right_t right) {
    auto r = space().refs(name, right);
    return r.ok() ? r.take() : 0;
  }
  Port& port(mach_port_t name) { return *space().receive_port(name).take(); }

 private:
  base::Ref<kern::Task> task_;
  uint32_t buffer_ = 0;
};

struct Options {
  mach_msg_size_t send_size = 0;
  mach_msg_size_t rcv_size = 0;
  mach_port_t rcv_name = MACH_PORT_NULL;
  mach_msg_timeout_t timeout = 0;
  mach_port_t notify = MACH_PORT_NULL;
};

// mach_msg from user mode: `message` goes through memory of the current task at `buffer`.
template <typename T>
mach_msg_return_t mach_msg(uint32_t buffer, T& message, mach_msg_option_t option, Options o) {
  EXPECT_TRUE(kern::copy_out_bytes(buffer, &message, sizeof message).ok());
  const mach_msg_return_t r = host::trap([&] {
    return mach_msg_trap({buffer, option, o.send_size, o.rcv_size, o.rcv_name, o.timeout, o.notify});
  });
  EXPECT_TRUE(kern::copy_in_bytes(&message, buffer, sizeof message).ok());
  return r;
}

template <typename T>
mach_msg_return_t send(uint32_t buffer, T& m, mach_msg_option_t more = 0, Options o = {}) {
  if (o.send_size == 0) o.send_size = sizeof m;
  return mach_msg(buffer, m, MACH_SEND_MSG | more, o);
}

template <typename T>
mach_msg_return_t receive(uint32_t buffer, T& m, mach_port_t name, mach_msg_option_t more = 0,
                          Options o = {}) {
  if (o.rcv_size == 0) o.rcv_size = sizeof m;
  o.rcv_name = name;
  return mach_msg(buffer, m, MACH_RCV_MSG | more, o);
}

// A header and a word, the message of most tests.
struct WordMessage {
  mach_msg_header_t header = {};
  uint32_t type = mach::kMsgTypeInt32;
  uint32_t word = 0;
};

inline WordMessage word_message(mach_port_t to, mach_msg_type_name_t to_type, uint32_t word,
                                mach_port_t reply = MACH_PORT_NULL,
                                mach_msg_type_name_t reply_type = 0) {
  WordMessage m;
  m.header.msgh_bits = MACH_MSGH_BITS(to_type, reply_type);
  m.header.msgh_remote_port = to;
  m.header.msgh_local_port = reply;
  m.header.msgh_id = 1000;
  m.word = word;
  return m;
}

// A header and one in-line right.
inline WordMessage right_message(mach_port_t to, mach_msg_type_name_t to_type, mach_port_t right,
                                 mach_msg_type_name_t right_type) {
  WordMessage m = word_message(to, to_type, right);
  m.header.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
  m.type = mach::msg_type_port(right_type);
  return m;
}

// Checks that a test leaves no port, message or set behind.
class IpcTest : public ::testing::Test {
 protected:
  IpcTest() {
    host::boot();
    ports_ = Port::live_count();
    messages_ = Message::live_count();
    sets_ = PortSet::live_count();
  }
  ~IpcTest() override {
    host::run();
    EXPECT_EQ(Port::live_count(), ports_);
    EXPECT_EQ(Message::live_count(), messages_);
    EXPECT_EQ(PortSet::live_count(), sets_);
  }

 private:
  uint32_t ports_ = 0;
  uint32_t messages_ = 0;
  uint32_t sets_ = 0;
};

}  // namespace ipc::test
