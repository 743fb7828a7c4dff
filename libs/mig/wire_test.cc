// Generated callers against generated C and C++ servers, through a transport that behaves like the
// message system.
#include <cstdlib>
#include <memory>

#include "gtest/gtest.h"
#include "libs/mig/testdata/sample_cserver.h"
#include "libs/mig/testdata/sample_user.h"
#include "libs/mig/testing/sample_server.h"
#include "libs/mig/testing/wire_support.h"

namespace mig::test {
namespace {

class WireTest : public testing::TestWithParam<const char*> {
 protected:
  WireTest() {
    transport = &wire_;
    logic = &logic_;
    if (std::string(GetParam()) == "C") {
      wire_.server = sample_server;
    } else {
      wire_.server = [this](mach_msg_header_t* in, mach_msg_header_t* out) {
        return server_.dispatch(in, out, SampleInterface::kMaxReplySize);
      };
    }
  }
  ~WireTest() override {
    EXPECT_EQ(wire_.reply_ports, 0);
    EXPECT_EQ(wire_.bad_messages, 0);
  }
  bool cxx() const { return std::string(GetParam()) == "Cxx"; }

  Transport wire_;
  SampleLogic logic_;
  SampleServer server_;
};

INSTANTIATE_TEST_SUITE_P(Servers, WireTest, testing::Values("C", "Cxx"));

TEST_P(WireTest, InoutAndPlainIntegers) {
  vm_address_t address = 0x4000;
  EXPECT_EQ(vm_allocate(12, &address, 4096, 1), KERN_SUCCESS);
  EXPECT_EQ(address, 0x5000u);
  EXPECT_EQ(logic_.request_port, 12u);
  EXPECT_EQ(logic_.address, 0x4000u);
  EXPECT_EQ(logic_.size, 4096u);
  EXPECT_EQ(logic_.flag, 1);
  const std::vector<uint32_t> request = {0x1513,     48,     12,         0x7700, 0,          2000,
                                         0x10012002, 0x4000, 0x10012002, 4096,   0x10012000, 1};
  EXPECT_EQ(wire_.request.words(), request);
  const std::vector<uint32_t> reply = {0x1200, 40,         0, 0x7700,     4711,
                                       2100,   0x10012002, 0, 0x10012002, 0x5000};
  EXPECT_EQ(wire_.reply.words(), reply);
}

TEST_P(WireTest, ServerErrorsReachTheCaller) {
  logic_.result = KERN_NO_SPACE;
  vm_address_t address = 1;
  EXPECT_EQ(vm_allocate(12, &address, 2, 0), KERN_NO_SPACE);
  EXPECT_EQ(address, 1u);
  EXPECT_EQ(wire_.reply.size(), 32u);
  EXPECT_EQ(ping(1), KERN_NO_SPACE);
}

TEST_P(WireTest, OutOfLineMemory) {
  vm_offset_t data = 0;
  mach_msg_type_number_t count = 0;
  EXPECT_EQ(vm_read(1, 2, 300, &data, &count), KERN_SUCCESS);
  EXPECT_EQ(data, 0xcafe000u);
  EXPECT_EQ(count, 300u);
  EXPECT_EQ(wire_.reply.word(32), 0x20000000u);
  EXPECT_EQ(wire_.reply.word(36), 0x00080009u);
  EXPECT_EQ(vm_write(1, 2, 0x1234, 77), KERN_SUCCESS);
  EXPECT_EQ(logic_.data, reinterpret_cast<void*>(0x1234));
  EXPECT_EQ(logic_.size, 77u);
  EXPECT_EQ(wire_.request.word(32), 0x60000000u);  // leaves the sender
  EXPECT_EQ(wire_.request.header()->msgh_bits, 0x80001513u);
}

TEST_P(WireTest, CountedArrays) {
  int state[64] = {1, 2, 3};
  EXPECT_EQ(set_state(1, 9, state, 3), KERN_SUCCESS);
  EXPECT_EQ(logic_.ints, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(wire_.request.size(), 24u + 8 + 4 + 12);
  EXPECT_EQ(set_state(1, 9, state, 0), KERN_SUCCESS);
  EXPECT_TRUE(logic_.ints.empty());
  EXPECT_EQ(set_state(1, 9, state, 64), KERN_SUCCESS);
  EXPECT_EQ(logic_.ints.size(), 64u);
  EXPECT_EQ(set_state(1, 9, state, 65), MIG_ARRAY_TOO_LARGE);
  EXPECT_EQ(logic_.calls, 3);
}

TEST_P(WireTest, CountInOut) {
  logic_.results = {7, 8, 9};
  int state[64] = {};
  mach_msg_type_number_t count = 5;
  EXPECT_EQ(get_state(1, 2, state, &count), KERN_SUCCESS);
  EXPECT_EQ(logic_.room, 5u);
  EXPECT_EQ(count, 3u);
  EXPECT_EQ(state[2], 9);
  count = 100000;
  EXPECT_EQ(get_state(1, 2, state, &count), KERN_SUCCESS);
  EXPECT_EQ(logic_.room, 64u);
  count = 2;
  state[0] = state[1] = state[2] = 0;
  EXPECT_EQ(get_state(1, 2, state, &count), MIG_ARRAY_TOO_LARGE);
  EXPECT_EQ(count, 3u);
  EXPECT_EQ(state[0], 7);
  EXPECT_EQ(state[1], 8);
  EXPECT_EQ(state[2], 0);
}

TEST_P(WireTest, Ports) {
  vm_address_t address = 5;
  mach_port_t name = 0;
  EXPECT_EQ(map(1, &address, 40, &name), KERN_SUCCESS);
  EXPECT_EQ(logic_.port, 40u);
  EXPECT_EQ(name, 41u);
  EXPECT_EQ(address, 6u);
  EXPECT_EQ(wire_.request.word(32), 0x10012013u);
  EXPECT_EQ(wire_.reply.word(40), 0x10012011u);
  thread_array_t list = nullptr;
  mach_msg_type_number_t count = 0;
  EXPECT_EQ(threads(1, &list, &count), KERN_SUCCESS);
  ASSERT_EQ(count, 3u);
  EXPECT_EQ(list[2], 7u);
}

TEST_P(WireTest, StructuresAndFixedArrays) {
  version_t version = {};
  sample_time_t both = {3, 4};
  EXPECT_EQ(set_time(1, {10, 20}, &both, version), KERN_SUCCESS);
  EXPECT_EQ(logic_.time.microseconds, 20);
  EXPECT_EQ(both.seconds, 4);
  EXPECT_EQ(std::string(version, 10), "version123");
  EXPECT_EQ(wire_.reply.size(), 32u + 12 + 4 + 12);
  EXPECT_EQ(wire_.reply.word(56) >> 16, 0u);  // padding
}

TEST_P(WireTest, Strings) {
  mach_port_t node = 0;
  mach_msg_type_name_t type = 0;
  int flags = 0;
  for (const std::string path : {"", "a", "ab", "abc", "abcd", "/usr/share/doc"}) {
    char rest[1024] = {};
    logic_.out_text = path + "!";
    EXPECT_EQ(lookup(1, path.c_str(), -7, &node, &type, rest, &flags), KERN_SUCCESS);
    EXPECT_EQ(logic_.text, path);
    EXPECT_EQ(rest, path + "!");
    EXPECT_EQ(logic_.flag, -7);
    EXPECT_EQ(logic_.reply_port, 0x7700u);
    EXPECT_EQ(node, 99u);
    EXPECT_EQ(type, 17u);
    EXPECT_EQ(flags, 0x55);
  }
  char rest[1024];
  const std::string long_path(1023, 'x');
  EXPECT_EQ(lookup(1, long_path.c_str(), 0, &node, &type, rest, &flags), KERN_SUCCESS);
  EXPECT_EQ(logic_.text, long_path);
  EXPECT_EQ(lookup(1, (long_path + "y").c_str(), 0, &node, &type, rest, &flags),
            MIG_ARRAY_TOO_LARGE);
}

TEST_P(WireTest, FixedStrings) {
  mach_port_t device = 0;
  char label[6] = {};
  EXPECT_EQ(open_device(1, 3, "hd0", &device, label), KERN_SUCCESS);
  EXPECT_EQ(logic_.text, "hd0");
  EXPECT_STREQ(label, "label");
  EXPECT_EQ(wire_.request.size(), 24u + 8 + 4 + 16);
  EXPECT_EQ(wire_.request.word(32), 0x1001800cu);
  EXPECT_EQ(wire_.request.word(48), 0u);
  EXPECT_EQ(open_device(1, 3, "fifteen chars..", &device, label), KERN_SUCCESS);
  EXPECT_EQ(open_device(1, 3, "sixteen chars...", &device, label), MIG_ARRAY_TOO_LARGE);
}

TEST_P(WireTest, TwoVariableItemsBothWays) {
  logic_.results = {1, 2, 3};
  int room[8] = {};
  int* values = room;
  mach_msg_type_number_t count = 8, extra_count = 0;
  short extra[10] = {};
  int last = 0;
  short keys[3] = {10, 20, 30};
  EXPECT_EQ(list(1, keys, 3, 5, &values, &count, extra, &extra_count, &last), KERN_SUCCESS);
  EXPECT_EQ(logic_.shorts, (std::vector<short>{10, 20, 30}));
  EXPECT_EQ(logic_.flag, 5);
  EXPECT_EQ(logic_.room, 8u);
  EXPECT_EQ(values, room);
  EXPECT_EQ(count, 3u);
  EXPECT_EQ(room[2], 3);
  EXPECT_EQ(extra_count, 3u);
  EXPECT_EQ(extra[2], 31);
  EXPECT_EQ(last, -1);
}

TEST_P(WireTest, UnboundedArraysOutOfLine) {
  std::vector<int> big(5000, 42);
  logic_.big = &big;
  int room[2];
  int* values = room;
  mach_msg_type_number_t count = 2, extra_count = 0;
  short extra[10], key = 1;
  int last = 0;
  EXPECT_EQ(list(1, &key, 1, 0, &values, &count, extra, &extra_count, &last), KERN_SUCCESS);
  EXPECT_EQ(values, big.data());
  EXPECT_EQ(count, 5000u);
  EXPECT_EQ(extra[0], 2);
  EXPECT_EQ(last, -1);
}

TEST_P(WireTest, UnboundedInlineResultThatDoesNotFitTheCallersArray) {
  logic_.results = std::vector<int>(200, 6);
  int room[2] = {1, 1};
  int* values = room;
  mach_msg_type_number_t count = 2, extra_count = 0;
  short extra[10];
  int last = 0;
  // A server that does not keep to the caller's count.
  wire_.spoil_request = [](Packet& p) { p.word(p.size() - 4) = 512; };
  EXPECT_EQ(list(1, nullptr, 0, 0, &values, &count, extra, &extra_count, &last), KERN_SUCCESS);
  ASSERT_NE(values, room);
  EXPECT_EQ(count, 200u);
  EXPECT_EQ(values[199], 6);
  EXPECT_EQ(room[1], 1);
  std::free(values);
}

TEST_P(WireTest, UnboundedArguments) {
  int written = 0;
  std::vector<int> data(512, 3);
  EXPECT_EQ(write_block(1, data.data(), 512, &written), KERN_SUCCESS);
  EXPECT_EQ(written, 512);
  EXPECT_EQ(logic_.ints, data);
  EXPECT_NE(logic_.data, data.data());
  EXPECT_TRUE(wire_.deallocated.empty());
  data.push_back(4);
  EXPECT_EQ(write_block(1, data.data(), 513, &written), KERN_SUCCESS);
  EXPECT_EQ(logic_.ints, data);
  EXPECT_EQ(logic_.data, data.data());
  ASSERT_EQ(wire_.deallocated.size(), 1u);  // borrowed only
  EXPECT_EQ(wire_.deallocated[0], reinterpret_cast<vm_offset_t>(data.data()));
}

TEST_P(WireTest, SimpleRoutines) {
  EXPECT_EQ(supply(5, 0x1000, 0xbeef000, 4096, 1, 3, 66), KERN_SUCCESS);
  EXPECT_EQ(wire_.code, MIG_NO_REPLY);
  EXPECT_EQ(logic_.seqno, 4711u);
  EXPECT_EQ(logic_.size, 4096u);
  EXPECT_EQ(logic_.port, 66u);
  EXPECT_EQ(logic_.port_type, 18u);
  EXPECT_EQ(wire_.request.word(32), 0x60000000u);
  EXPECT_EQ(supply(5, 0x1000, 0xbeef000, 4096, 0, 3, 66), KERN_SUCCESS);
  EXPECT_EQ(wire_.request.word(32), 0x20000000u);
  EXPECT_EQ(wire_.request.header()->msgh_bits, 0x80000013u);
  EXPECT_EQ(read_request(5, 55, 8), KERN_SUCCESS);
  EXPECT_EQ(wire_.request.header()->msgh_local_port, 55u);
  EXPECT_EQ(wire_.request.header()->msgh_bits, 0x1513u);
  logic_.result = KERN_FAILURE;
  EXPECT_EQ(supply(5, 0, 0, 0, 0, 0, 0), KERN_SUCCESS);  // the sender does not learn of it
  EXPECT_EQ(wire_.code, KERN_FAILURE);
  EXPECT_EQ(wire_.destroyed, cxx() ? 1 : 0);  // for C servers mach_msg_server does it
}

TEST_P(WireTest, RightsArraysAndWideNumbers) {
  mach_port_t ports[4] = {1, 2, 3, 4};
  pair_t pairs[3] = {{1, 2}, {3, 4}, {5, 6}};
  long long sum = 0;
  digest_t digest = {};
  EXPECT_EQ(registered(1, ports, 4, pairs, 3, 0x100000000LL, &sum, digest), KERN_SUCCESS);
  EXPECT_EQ(logic_.ports, (std::vector<mach_port_t>{1, 2, 3, 4}));
  ASSERT_EQ(logic_.pairs.size(), 3u);
  EXPECT_EQ(logic_.pairs[2].second, 6);
  EXPECT_EQ(sum, 0x100000000LL + 21);
  EXPECT_EQ(std::string(digest, 5), "DGEST");
  EXPECT_EQ(wire_.request.word(24), 0x10042013u);
  EXPECT_EQ(wire_.request.word(44), 0x10062002u);  // counts integers
}

TEST_P(WireTest, FailedTransport) {
  wire_.send_result = 0x10000003;  // MACH_SEND_INVALID_DEST
  EXPECT_EQ(ping(1), 0x10000003);
  EXPECT_EQ(wire_.deallocated_ports, 1);
}

TEST_P(WireTest, ServerThatDiesOrAnswersSomethingElse) {
  wire_.server_dies = true;
  EXPECT_EQ(ping(1), MIG_SERVER_DIED);
  wire_.server_dies = false;
  wire_.spoil_reply = [](Packet& p) { ++p.header()->msgh_id; };
  EXPECT_EQ(ping(1), MIG_REPLY_MISMATCH);
  EXPECT_EQ(wire_.destroyed, 0);  // nothing in them
  mach_port_t name = 0;
  vm_address_t address = 0;
  EXPECT_EQ(map(1, &address, 2, &name), MIG_REPLY_MISMATCH);
  EXPECT_EQ(wire_.destroyed, 1);
}

TEST_P(WireTest, UnknownIds) {
  wire_.spoil_request = [](Packet& p) { p.header()->msgh_id = 2001; };
  EXPECT_EQ(ping(1), MIG_REPLY_MISMATCH);
  EXPECT_EQ(wire_.code, MIG_BAD_ID);
  wire_.spoil_request = [](Packet& p) { p.header()->msgh_id = 2017; };
  EXPECT_EQ(ping(1), MIG_REPLY_MISMATCH);
  EXPECT_EQ(wire_.code, MIG_BAD_ID);
  wire_.spoil_request = [](Packet& p) { p.header()->msgh_id = 1999; };
  EXPECT_EQ(ping(1), MIG_REPLY_MISMATCH);
  EXPECT_EQ(logic_.calls, 0);
}

}  // namespace
}  // namespace mig::test
