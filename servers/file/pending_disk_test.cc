// Reads and writes of a disk whose driver is this test: which ports they use, and whose answers they take.
#include "servers/file/pending_disk_read.h"
#include "servers/file/pending_disk_write.h"

#include <device/device_request.h>
#include <mach.h>
#include <mach/message_bits.h>

#include <cstring>
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "servers/file/reply_ports.h"

namespace {

// device_read_reply as it arrives.
struct Reply {
  mach_msg_header_t header;
  uint32_t result_type;
  kern_return_t result;
  uint32_t type;
  uint16_t element_name;
  uint16_t element_bits;
  uint32_t count;
  void* data;
};

// device_write_reply.
struct WriteReply {
  mach_msg_header_t header;
  uint32_t result_type;
  kern_return_t result;
  uint32_t written_type;
  int written;
};
static_assert(sizeof(WriteReply) <= sizeof(Reply));

struct Asked {
  mach_port_t reply_port;
  recnum_t record;
  int size;
};

// The kernel, as far as it is needed.
struct FakeKernel {
  std::map<mach_port_t, std::deque<Reply>> ports;  // that there are, with the messages waiting there
  std::vector<Asked> asked;
  std::set<vm_address_t> memory;  // that came and has not been given back
  mach_port_t next_port = 0x100;
  bool has_ports = true;
  bool takes_requests = true;

  // The driver answers a read with memory that begins with the number of its record.
  void answer(size_t request, kern_return_t result, size_t shorter = 0) {
    const Asked& read = asked.at(request);
    const auto port = ports.find(read.reply_port);
    if (port == ports.end()) return;  // the message is destroyed with the port
    Reply reply = {};
    reply.header.msgh_bits = MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE) | MACH_MSGH_BITS_COMPLEX;
    reply.header.msgh_size = sizeof reply;
    reply.header.msgh_local_port = read.reply_port;
    reply.header.msgh_id = 2904;
    reply.result_type = mach::kMsgTypeInt32;
    reply.result = result;
    reply.type = mach::msg_type_long_out_of_line(mach::MsgMemory::keep);
    reply.element_name = MACH_MSG_TYPE_CHAR;
    reply.element_bits = 8;
    if (result == KERN_SUCCESS) {
      reply.count = static_cast<uint32_t>(read.size - static_cast<int>(shorter));
      auto* const bytes = new recnum_t[reply.count / sizeof(recnum_t)];
      bytes[0] = read.record;
      reply.data = bytes;
      memory.insert(reinterpret_cast<vm_address_t>(bytes));
    }
    port->second.push_back(reply);
  }

  void answer_write(size_t request, kern_return_t result, int shorter = 0) {
    const Asked& write = asked.at(request);
    WriteReply reply = {};
    reply.header.msgh_bits = MACH_MSGH_BITS(0, MACH_MSG_TYPE_PORT_SEND_ONCE);
    reply.header.msgh_size = sizeof reply;
    reply.header.msgh_local_port = write.reply_port;
    reply.header.msgh_id = 2902;
    reply.result_type = reply.written_type = mach::kMsgTypeInt32;
    reply.result = result;
    reply.written = write.size - shorter;
    Reply message = {};
    std::memcpy(&message, &reply, sizeof reply);
    ports.at(write.reply_port).push_back(message);
  }
};
FakeKernel* kernel = nullptr;

}  // namespace

extern "C" {

mach_port_t mach_task_self_ = 1;

kern_return_t mach_port_allocate(mach_port_t, mach_port_right_t right, mach_port_t* name) {
  EXPECT_EQ(right, static_cast<mach_port_right_t>(MACH_PORT_RIGHT_RECEIVE));
  if (!kernel->has_ports) return KERN_RESOURCE_SHORTAGE;
  *name = kernel->next_port++;
  kernel->ports[*name] = {};
  return KERN_SUCCESS;
}

kern_return_t mach_port_destroy(mach_port_t, mach_port_t name) {
  const auto port = kernel->ports.find(name);
  if (port == kernel->ports.end()) return KERN_INVALID_NAME;
  for (const Reply& reply : port->second) {
    (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(reply.data), reply.count);
  }
  kernel->ports.erase(port);
  return KERN_SUCCESS;
}

kern_return_t vm_deallocate(mach_port_t, vm_address_t address, vm_size_t) {
  if (kernel->memory.erase(address) != 0) delete[] reinterpret_cast<recnum_t*>(address);
  return KERN_SUCCESS;
}

kern_return_t device_read_request(mach_port_t, mach_port_t reply_port, dev_mode_t, recnum_t record, int size) {
  EXPECT_TRUE(kernel->ports.contains(reply_port));
  if (!kernel->takes_requests) return MACH_SEND_INVALID_DEST;
  kernel->asked.push_back({reply_port, record, size});
  return KERN_SUCCESS;
}

kern_return_t device_write_request(mach_port_t, mach_port_t reply_port, dev_mode_t, recnum_t record,
                                   io_buf_ptr_t data, mach_msg_type_number_t size) {
  EXPECT_TRUE(kernel->ports.contains(reply_port));
  EXPECT_TRUE(kernel->memory.contains(reinterpret_cast<vm_address_t>(data)));
  if (!kernel->takes_requests) return MACH_SEND_INVALID_DEST;
  kernel->asked.push_back({reply_port, record, static_cast<int>(size)});
  return KERN_SUCCESS;
}

// An empty port would be waited at for ever: here the receive right is found to be gone.
mach_msg_return_t mach_msg(mach_msg_header_t* message, mach_msg_option_t option, mach_msg_size_t,
                           mach_msg_size_t room, mach_port_t port, mach_msg_timeout_t, mach_port_t) {
  EXPECT_EQ(option, MACH_RCV_MSG);
  const auto found = kernel->ports.find(port);
  if (found == kernel->ports.end() || found->second.empty()) return MACH_RCV_PORT_DIED;
  EXPECT_GE(room, sizeof(Reply));
  std::memcpy(message, &found->second.front(), sizeof(Reply));
  found->second.pop_front();
  return MACH_MSG_SUCCESS;
}

// For messages that are not what was waited for.
void mach_msg_destroy(mach_msg_header_t*) { ADD_FAILURE(); }

}  // extern "C"

namespace file {
namespace {

constexpr mach_port_t kDevice = 7;
constexpr size_t kSize = 8192;

class PendingDiskReadTest : public testing::Test {
 protected:
  PendingDiskReadTest() { kernel = &kernel_; }
  ~PendingDiskReadTest() override {
    EXPECT_TRUE(kernel_.ports.empty());
    EXPECT_TRUE(kernel_.memory.empty());
  }

  // Begins to read at a record, whose number the data begins with.
  static std::unique_ptr<PendingRead> start(ReplyPorts& ports, recnum_t record) {
    return PendingDiskRead::start(kDevice, ports, 0, uint64_t{record} * BlockDevice::kSectorSize, kSize);
  }
  // The record that was read, or the error.
  static int finish(PendingRead& read) {
    const auto memory = read.finish();
    if (!memory.ok()) return -memory.code();
    const auto record = *static_cast<const recnum_t*>(memory.value());
    (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(memory.value()), read.size());
    return static_cast<int>(record);
  }

  FakeKernel kernel_;
};

TEST_F(PendingDiskReadTest, OnePortIsEnoughForReadsInTurn) {
  ReplyPorts ports;
  for (recnum_t i = 0; i < 10; ++i) {
    const auto read = start(ports, 100 + i);
    ASSERT_NE(read, nullptr);
    EXPECT_EQ(read->size(), kSize);
    kernel_.answer(i, KERN_SUCCESS);
    EXPECT_EQ(finish(*read), static_cast<int>(100 + i));
    EXPECT_EQ(kernel_.asked[i].reply_port, kernel_.asked[0].reply_port);
  }
  EXPECT_EQ(kernel_.ports.size(), 1u);
}

TEST_F(PendingDiskReadTest, ThePortIsFreeAsSoonAsTheAnswerIsThere) {
  ReplyPorts ports;
  const auto first = start(ports, 1);
  kernel_.answer(0, KERN_SUCCESS);
  EXPECT_EQ(finish(*first), 1);
  const auto second = start(ports, 2);
  EXPECT_EQ(kernel_.ports.size(), 1u);
  kernel_.answer(1, KERN_SUCCESS);
  EXPECT_EQ(finish(*second), 2);
}

TEST_F(PendingDiskReadTest, ReadsUnderWayHavePortsOfTheirOwn) {
  ReplyPorts ports;
  const auto first = start(ports, 1);
  const auto second = start(ports, 2);
  kernel_.answer(1, KERN_SUCCESS);
  kernel_.answer(0, KERN_SUCCESS);
  EXPECT_EQ(finish(*first), 1);
  EXPECT_EQ(finish(*second), 2);
  EXPECT_EQ(kernel_.ports.size(), 2u);
}

// Whether the answer came before the read was given up, comes before the next one's, or after it.
TEST_F(PendingDiskReadTest, TheAnswerOfAReadGivenUpIsNotTakenForAnothers) {
  ReplyPorts ports;
  start(ports, 1).reset();
  auto read = start(ports, 2);
  kernel_.answer(0, KERN_SUCCESS);
  kernel_.answer(1, KERN_SUCCESS);
  EXPECT_EQ(finish(*read), 2);
  auto given_up = start(ports, 3);
  kernel_.answer(2, KERN_SUCCESS);
  given_up.reset();
  read = start(ports, 4);
  kernel_.answer(3, KERN_SUCCESS);
  EXPECT_EQ(finish(*read), 4);
  EXPECT_EQ(kernel_.ports.size(), 1u);
}

TEST_F(PendingDiskReadTest, AnErrorIsAnAnswer) {
  ReplyPorts ports;
  const auto failed = start(ports, 1);
  kernel_.answer(0, D_IO_ERROR);
  EXPECT_EQ(finish(*failed), -EIO);
  const auto shorter = start(ports, 2);
  kernel_.answer(1, KERN_SUCCESS, kSize / 2);
  EXPECT_EQ(finish(*shorter), -EIO);
  const auto read = start(ports, 3);
  kernel_.answer(2, KERN_SUCCESS);
  EXPECT_EQ(finish(*read), 3);
  EXPECT_EQ(kernel_.ports.size(), 1u);
}

TEST_F(PendingDiskReadTest, WithoutAnAnswerThePortGoes) {
  ReplyPorts ports;
  auto read = start(ports, 1);
  EXPECT_EQ(finish(*read), -EIO);
  read.reset();
  EXPECT_TRUE(kernel_.ports.empty());
}

TEST_F(PendingDiskReadTest, WhatCannotBeAskedForLeavesNothing) {
  ReplyPorts ports;
  kernel_.takes_requests = false;
  EXPECT_EQ(start(ports, 1), nullptr);
  EXPECT_TRUE(kernel_.ports.empty());
  kernel_.has_ports = false;
  EXPECT_EQ(start(ports, 1), nullptr);
}

TEST_F(PendingDiskReadTest, FewPortsAreKept) {
  ReplyPorts ports;
  std::vector<std::unique_ptr<PendingRead>> reads;
  for (size_t i = 0; i < ReplyPorts::kKept + 3; ++i) reads.push_back(start(ports, static_cast<recnum_t>(i)));
  EXPECT_EQ(kernel_.ports.size(), ReplyPorts::kKept + 3);
  for (size_t i = 0; i < reads.size(); ++i) {
    kernel_.answer(i, KERN_SUCCESS);
    EXPECT_EQ(finish(*reads[i]), static_cast<int>(i));
  }
  EXPECT_EQ(kernel_.ports.size(), ReplyPorts::kKept);
}

class PendingDiskWriteTest : public PendingDiskReadTest {
 protected:
  static std::span<uint8_t> pages() {
    auto* const bytes = new recnum_t[kSize / sizeof(recnum_t)];
    kernel->memory.insert(reinterpret_cast<vm_address_t>(bytes));
    return {reinterpret_cast<uint8_t*>(bytes), kSize};
  }
  static std::unique_ptr<PendingWrite> start_write(ReplyPorts& ports, recnum_t record) {
    return PendingDiskWrite::start(kDevice, ports, uint64_t{record} * BlockDevice::kSectorSize, pages());
  }
};

TEST_F(PendingDiskWriteTest, TheMemoryGoesAndTheAnswerComes) {
  ReplyPorts ports;
  const auto first = start_write(ports, 8);
  const auto second = start_write(ports, 24);
  EXPECT_TRUE(kernel_.memory.empty());
  EXPECT_EQ(kernel_.asked[1].record, 24u);
  kernel_.answer_write(1, KERN_SUCCESS);
  kernel_.answer_write(0, KERN_SUCCESS);
  EXPECT_TRUE(first->finish().ok());
  EXPECT_TRUE(second->finish().ok());
  EXPECT_EQ(kernel_.ports.size(), 2u);
}

TEST_F(PendingDiskWriteTest, ErrorsAndShortWrites) {
  ReplyPorts ports;
  const auto failed = start_write(ports, 1);
  kernel_.answer_write(0, D_IO_ERROR);
  EXPECT_EQ(failed->finish().code(), EIO);
  const auto shorter = start_write(ports, 2);
  kernel_.answer_write(1, KERN_SUCCESS, 512);
  EXPECT_EQ(shorter->finish().code(), EIO);
  const auto unanswered = start_write(ports, 3);
  EXPECT_EQ(unanswered->finish().code(), EIO);
}

TEST_F(PendingDiskWriteTest, WhatCannotBeSentStays) {
  ReplyPorts ports;
  kernel_.takes_requests = false;
  const auto stays = pages();
  EXPECT_EQ(PendingDiskWrite::start(kDevice, ports, 0, stays), nullptr);
  EXPECT_EQ(kernel_.memory.size(), 1u);
  EXPECT_TRUE(kernel_.ports.empty());
  (void)vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(stays.data()), kSize);
}

}  // namespace
}  // namespace file
