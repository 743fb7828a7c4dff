// Requests and replies that are not what they should be.
#include "gtest/gtest.h"
#include "libs/mig/testdata/sample_cserver.h"
#include "libs/mig/testdata/sample_user.h"
#include "libs/mig/testing/sample_server.h"
#include "libs/mig/testing/wire_support.h"

namespace mig::test {
namespace {

/// A string may end before its item does, as long as the item takes up the same words.
bool same_words(const WireItem& item, uint32_t bit) {
  if (item.name != MACH_MSG_TYPE_STRING_C || item.is_long || bit < 16 || bit > 27) return false;
  const uint32_t number = item.number ^ 1u << (bit - 16);
  return number > item.number && (number + 3) / 4 == (item.number + 3) / 4;
}

/// One call of a routine with arguments that exercise all its items.
struct Call {
  const char* name;
  kern_return_t (*make)();
};

int ints[64] = {1, 2, 3};
short keys[10] = {1, 2, 3};
mach_port_t ports[4] = {1, 2, 3, 4};
pair_t pairs[3] = {{1, 2}, {3, 4}, {5, 6}};
char text[1024];
vm_address_t address;
vm_offset_t memory;
mach_msg_type_number_t count, count2;
mach_port_t port;
mach_msg_type_name_t type;
int number;
long long wide;
sample_time_t both;

const Call kCalls[] = {
    {"vm_allocate", [] { return vm_allocate(1, &address, 2, 1); }},
    {"vm_read", [] { return vm_read(1, 2, 3, &memory, &count); }},
    {"vm_write", [] { return vm_write(1, 2, 3, 4); }},
    {"get_state",
     [] {
       count = 64;
       return get_state(1, 2, ints, &count);
     }},
    {"set_state", [] { return set_state(1, 2, ints, 3); }},
    {"map", [] { return map(1, &address, 2, &port); }},
    {"threads",
     [] {
       thread_array_t list;
       return threads(1, &list, &count);
     }},
    {"set_time",
     [] {
       return set_time(1, {1, 2}, &both, text);
     }},
    {"lookup", [] { return lookup(1, "/path", 2, &port, &type, text, &number); }},
    {"open_device", [] { return open_device(1, 2, "name", &port, text); }},
    {"list",
     [] {
       int* values = ints;
       short extra[10];
       count = 64;
       return list(1, keys, 3, 4, &values, &count, extra, &count2, &number);
     }},
    {"registered", [] { return registered(1, ports, 4, pairs, 2, 5, &wide, text); }},
    {"write_block", [] { return write_block(1, ints, 5, &number); }},
    {"ping", [] { return ping(1); }},
};

class MalformedTest : public testing::TestWithParam<const char*> {
 protected:
  MalformedTest() {
    transport = &wire_;
    logic = &logic_;
    logic_.results = {1, 2, 3};
    if (std::string(GetParam()) == "C") {
      wire_.server = sample_server;
    } else {
      wire_.server = [this](mach_msg_header_t* in, mach_msg_header_t* out) {
        return server_.dispatch(in, out, SampleInterface::kMaxReplySize);
      };
    }
  }

  /// The request was refused before the server's function saw it.
  void expect_refused(const Call& call, const std::string& how) {
    logic_.calls = 0;
    wire_.destroyed = 0;
    EXPECT_EQ(call.make(), MIG_BAD_ARGUMENTS) << call.name << " " << how;
    EXPECT_EQ(logic_.calls, 0) << call.name << " " << how;
    const bool complex = wire_.received.header()->msgh_bits >> 31;
    const bool cxx = std::string(GetParam()) == "Cxx";
    // The C++ server releases what came with the request. After it, the message counts as simple.
    if (cxx && complex) EXPECT_EQ(wire_.destroyed, 1) << call.name << " " << how;
  }

  Transport wire_;
  SampleLogic logic_;
  SampleServer server_;
};

INSTANTIATE_TEST_SUITE_P(Servers, MalformedTest, testing::Values("C", "Cxx"));

TEST_P(MalformedTest, RequestsOfEveryWrongSize) {
  for (const Call& call : kCalls) {
    wire_.spoil_request = nullptr;
    ASSERT_EQ(call.make(), KERN_SUCCESS) << call.name;
    const uint32_t size = wire_.request.size();
    for (uint32_t wrong = 24; wrong <= size + 8; wrong += 4) {
      if (wrong == size) continue;
      wire_.spoil_request = [wrong](Packet& p) { p.resize(wrong); };
      expect_refused(call, "size " + std::to_string(wrong));
    }
  }
}

TEST_P(MalformedTest, RequestsWithTheWrongComplexBit) {
  for (const Call& call : kCalls) {
    wire_.spoil_request = [](Packet& p) { p.header()->msgh_bits ^= 0x80000000u; };
    // In-line data of an unbounded array may come in a message with other complex items.
    if (std::string(call.name) == "list" || std::string(call.name) == "write_block") continue;
    expect_refused(call, "complex");
  }
}

TEST_P(MalformedTest, EveryBitOfEveryDescriptor) {
  for (const Call& call : kCalls) {
    wire_.spoil_request = nullptr;
    ASSERT_EQ(call.make(), KERN_SUCCESS);
    Packet request = wire_.received;
    std::vector<WireItem> items;
    ASSERT_TRUE(read_items(wire_.request, items));
    for (const WireItem& item : items) {
      for (uint32_t bit = 0; bit < (item.data - item.offset) * 8; ++bit) {
        const bool memory = !item.is_inline;
        if (same_words(item, bit)) continue;
        if (memory && bit == 30) continue;                  // the deallocate bit says nothing here
        if (memory && item.is_long && bit >= 64) continue;  // any number will do
        const uint32_t at = item.offset + bit / 32 * 4;
        wire_.spoil_request = [at, bit](Packet& p) { p.word(at) ^= 1u << bit % 32; };
        // The deallocate bit of data that may be out of line is not looked at either.
        const bool unbounded = item.is_long && item.is_inline && item.name == 2;
        if (unbounded && bit == 30) continue;
        expect_refused(call,
                       "descriptor at " + std::to_string(at) + " bit " + std::to_string(bit % 32));
      }
    }
  }
}

TEST_P(MalformedTest, StringsWithoutNul) {
  const Call lookup_call = kCalls[8];
  ASSERT_STREQ(lookup_call.name, "lookup");
  wire_.spoil_request = [](Packet& p) {
    p.word(28) = p.word(32) = 0x41414141;  // "/path" and its NUL
  };
  expect_refused(lookup_call, "no NUL");
  const Call open_call = kCalls[9];
  wire_.spoil_request = [](Packet& p) {
    for (uint32_t at = 36; at < 52; at += 4) p.word(at) = 0x41414141;
  };
  expect_refused(open_call, "no NUL");
}

TEST_P(MalformedTest, OutOfLineDataInAMessageThatIsNotComplex) {
  const Call call = kCalls[12];
  ASSERT_STREQ(call.name, "write_block");
  wire_.spoil_request = [](Packet& p) {
    p.word(24) &= ~0x10000000u;
    p.resize(24 + 12 + 4);
  };
  expect_refused(call, "out of line");
}

TEST_P(MalformedTest, RepliesOfEveryWrongSize) {
  for (const Call& call : kCalls) {
    wire_.spoil_reply = nullptr;
    ASSERT_EQ(call.make(), KERN_SUCCESS) << call.name;
    const uint32_t size = wire_.reply.size();
    for (uint32_t wrong = 24; wrong <= size + 4; wrong += 4) {
      if (wrong == size) continue;
      wire_.spoil_reply = [wrong](Packet& p) { p.resize(wrong); };
      const kern_return_t result = call.make();
      EXPECT_TRUE(result == MIG_TYPE_ERROR || result == MACH_RCV_TOO_LARGE)
          << call.name << " size " << wrong << " gave " << result;
    }
  }
}

TEST_P(MalformedTest, RepliesWithEveryDescriptorBitWrong) {
  for (const Call& call : kCalls) {
    wire_.spoil_reply = nullptr;
    ASSERT_EQ(call.make(), KERN_SUCCESS);
    Packet reply = wire_.reply;
    std::vector<WireItem> items;
    ASSERT_TRUE(read_items(reply, items));
    for (const WireItem& item : items) {
      for (uint32_t bit = 0; bit < (item.data - item.offset) * 8; ++bit) {
        if (!item.is_inline && (bit == 30 || bit >= 64)) continue;
        if (same_words(item, bit)) continue;
        if (item.is_long && item.is_inline && bit == 30) continue;
        // Another kind of right is as good where the receiver takes any.
        if (std::string(call.name) == "lookup" && item.name == 17 && bit < 2) continue;
        const uint32_t at = item.offset + bit / 32 * 4;
        wire_.spoil_reply = [at, bit](Packet& p) { p.word(at) ^= 1u << bit % 32; };
        wire_.destroyed = 0;
        EXPECT_EQ(call.make(), MIG_TYPE_ERROR) << call.name << " at " << at << " bit " << bit % 32;
        EXPECT_EQ(wire_.destroyed, reply.header()->msgh_bits >> 31 ? 1 : 0);
      }
    }
  }
}

}  // namespace
}  // namespace mig::test
