// Message bodies: type descriptors, rights, out-of-line memory.
#include <vector>

#include "kernel/ipc/test_support.h"

namespace ipc::test {
namespace {

using mach::MsgMemory;

// A header and up to 16 words of body.
struct Raw {
  mach_msg_header_t header = {};
  uint32_t body[16] = {};
};

class BodyTest : public IpcTest {
 protected:
  BodyTest() : r_(u_.receive_right()) {}

  // Sends the words as a complex body to r_. Must run in a thread of u_.
  mach_msg_return_t send_body(std::vector<uint32_t> words, mach_msg_bits_t bits) {
    Raw m;
    m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, 0) | bits;
    m.header.msgh_remote_port = r_;
    for (size_t i = 0; i < words.size(); ++i) m.body[i] = words[i];
    const auto size = static_cast<mach_msg_size_t>(sizeof m.header + 4 * words.size());
    return send(u_.buffer(), m, 0, {.send_size = size});
  }
  mach_msg_return_t send_complex(std::vector<uint32_t> words) {
    return send_body(std::move(words), MACH_MSGH_BITS_COMPLEX);
  }
  Raw receive_body() {
    Raw m;
    EXPECT_EQ(receive(u_.buffer(), m, r_, MACH_RCV_TIMEOUT), MACH_MSG_SUCCESS);
    return m;
  }
  // Fresh memory of u_ with this content at `offset`.
  uint32_t memory_with(const void* data, uint32_t size, uint32_t offset = 0) {
    const uint32_t a = u_.map().allocate(0, size + offset, vm::Placement::kAnywhere).take();
    EXPECT_TRUE(kern::copy_out_bytes(a + offset, data, size).ok());
    return a + offset;
  }

  User u_;
  mach_port_t r_;
};

TEST_F(BodyTest, WithoutTheComplexBitNothingIsInterpreted) {
  u_.run([&] {
    EXPECT_EQ(send_body({0xffffffffu, 0xdeadbeefu}, 0), MACH_MSG_SUCCESS);
    const Raw m = receive_body();
    EXPECT_EQ(m.body[0], 0xffffffffu);
    EXPECT_EQ(m.header.msgh_bits & MACH_MSGH_BITS_COMPLEX, 0u);
  });
}

TEST_F(BodyTest, DescriptorRules) {
  constexpr uint32_t kLong = mach::msg_type_long_inline();
  u_.run([&] {
    EXPECT_EQ(send_complex({mach::kMsgTypeInt32 | mach::kMsgTypeUnusedBit, 0}),
              MACH_SEND_INVALID_TYPE);
    EXPECT_EQ(send_complex({mach::kMsgTypeInt32 | mach::kMsgTypeDeallocateBit, 0}),
              MACH_SEND_INVALID_TYPE);
    EXPECT_EQ(send_complex({mach::msg_type_inline(MACH_MSG_TYPE_MAKE_SEND, 16, 1), r_}),
              MACH_SEND_INVALID_TYPE);
    EXPECT_EQ(send_complex({kLong | 1, 0, 0}), MACH_SEND_INVALID_TYPE);
    EXPECT_EQ(send_complex({kLong, 0}), MACH_SEND_MSG_TOO_SMALL);
    EXPECT_EQ(send_complex({mach::kMsgTypeInt32}), MACH_SEND_MSG_TOO_SMALL);
    EXPECT_EQ(send_complex({mach::msg_type_inline(2, 32, 3), 1, 2}), MACH_SEND_MSG_TOO_SMALL);
    EXPECT_EQ(send_complex({kLong, 2 | 32u << 16, 0xffffffffu, 1}), MACH_SEND_MSG_TOO_SMALL);
    EXPECT_EQ(send_complex({kLong, 9 | 8u << 16, 5, 1, 2}), MACH_MSG_SUCCESS);
    EXPECT_EQ(send_complex({mach::msg_type_inline(8, 8, 0)}), MACH_MSG_SUCCESS);
    EXPECT_EQ(send_complex({mach::msg_type_inline(0, 1, 33), 1, 2}), MACH_MSG_SUCCESS);
  });
  EXPECT_EQ(u_.port(r_).message_count(), 3u);
}

TEST_F(BodyTest, RightsArriveAsMovedRights) {
  User other;
  const mach_port_t theirs = other.receive_right();
  const mach_port_t s = u_.send_right_from(other, theirs);
  const mach_port_t dead = u_.space().allocate_right(MACH_PORT_RIGHT_DEAD_NAME).take();
  u_.run([&] {
    ASSERT_EQ(send_complex({mach::msg_type_inline(MACH_MSG_TYPE_COPY_SEND, 32, 4), s, dead,
                            MACH_PORT_NULL, MACH_PORT_DEAD,
                            mach::msg_type_port(MACH_MSG_TYPE_MAKE_SEND_ONCE), r_}),
              MACH_MSG_SUCCESS);
    const Raw m = receive_body();
    EXPECT_EQ(mach::msg_type_name(m.body[0]), unsigned{MACH_MSG_TYPE_PORT_SEND});
    EXPECT_EQ(m.body[1], s);
    EXPECT_EQ(m.body[2], MACH_PORT_DEAD);
    EXPECT_EQ(m.body[3], MACH_PORT_NULL);
    EXPECT_EQ(m.body[4], MACH_PORT_DEAD);
    EXPECT_EQ(mach::msg_type_name(m.body[5]), unsigned{MACH_MSG_TYPE_PORT_SEND_ONCE});
    EXPECT_EQ(u_.type(m.body[6]), MACH_PORT_TYPE_SEND_ONCE);
    EXPECT_EQ(u_.refs(s, MACH_PORT_RIGHT_SEND), 2u);
    EXPECT_EQ(u_.refs(dead, MACH_PORT_RIGHT_DEAD_NAME), 1u);
  });
}

TEST_F(BodyTest, AWrongRightDestroysWhatWasTaken) {
  User other;
  const mach_port_t theirs = other.receive_right();
  const mach_port_t s = u_.send_right_from(other, theirs);
  const mach_port_t moved = u_.receive_right();
  u_.run([&] {
    EXPECT_EQ(send_complex({mach::msg_type_port(MACH_MSG_TYPE_MOVE_RECEIVE), moved,
                            mach::msg_type_inline(MACH_MSG_TYPE_MOVE_SEND, 32, 2), s, 0x7700}),
              MACH_SEND_INVALID_RIGHT);
    EXPECT_EQ(send_complex({mach::msg_type_port(MACH_MSG_TYPE_MAKE_SEND), theirs + 0x5500}),
              MACH_SEND_INVALID_RIGHT);
  });
  EXPECT_EQ(u_.type(s), 0u);
  EXPECT_EQ(u_.type(moved), 0u);
  EXPECT_EQ(other.port(theirs).send_rights(), 0u);
  EXPECT_EQ(u_.port(r_).message_count(), 0u);
}

TEST_F(BodyTest, RightsThatDieInTransitArriveDead) {
  User other;
  const mach_port_t theirs = other.receive_right();
  const mach_port_t s = u_.send_right_from(other, theirs);
  u_.run([&] {
    ASSERT_EQ(send_complex({mach::msg_type_port(MACH_MSG_TYPE_MOVE_SEND), s}), MACH_MSG_SUCCESS);
    ASSERT_TRUE(other.space().destroy(theirs).ok());
    EXPECT_EQ(receive_body().body[1], MACH_PORT_DEAD);
  });
}

TEST_F(BodyTest, ReceiveRightsMoveWithTheirMessages) {
  User other;
  const mach_port_t moved = u_.receive_right();
  const mach_port_t s = other.send_right_from(u_, moved);
  u_.run([&] {
    ASSERT_EQ(send_complex({mach::msg_type_port(MACH_MSG_TYPE_MOVE_RECEIVE), moved}),
              MACH_MSG_SUCCESS);
    EXPECT_EQ(u_.type(moved), 0u);
  });
  other.run([&] {
    WordMessage m = word_message(s, MACH_MSG_TYPE_COPY_SEND, 31);
    EXPECT_EQ(send(other.buffer(), m), MACH_MSG_SUCCESS) << "a port in transit takes messages";
  });
  u_.run([&] {
    const mach_port_t name = receive_body().body[1];
    EXPECT_EQ(u_.type(name), MACH_PORT_TYPE_RECEIVE);
    WordMessage m;
    ASSERT_EQ(receive(u_.buffer(), m, name), MACH_MSG_SUCCESS);
    EXPECT_EQ(m.word, 31u);
  });
}

// The end of the test checks that no port is left.
TEST_F(BodyTest, LoopsOfReceiveRightsAreCollected) {
  const mach_port_t a = u_.receive_right();
  const mach_port_t b = u_.receive_right();
  (void)u_.send_right_from(u_, a);
  (void)u_.send_right_from(u_, b);
  u_.run([&] {
    const auto carry = [&](mach_port_t right, mach_port_t to) {
      WordMessage m =
          right_message(to, MACH_MSG_TYPE_COPY_SEND, right, MACH_MSG_TYPE_MOVE_RECEIVE);
      EXPECT_EQ(send(u_.buffer(), m), MACH_MSG_SUCCESS);
    };
    carry(r_, a);  // r_ in a's queue
    carry(a, b);   // a in b's queue
    carry(b, a);   // closes the loop
  });
  EXPECT_EQ(u_.type(a), MACH_PORT_TYPE_DEAD_NAME);
  EXPECT_EQ(u_.type(b), MACH_PORT_TYPE_DEAD_NAME);
}

// Deep chains must not use the kernel stack.
TEST_F(BodyTest, LongChainsOfReceiveRightsAreDestroyedFlat) {
  constexpr int kDepth = 3000;
  u_.run([&] {
    mach_port_t inner = u_.receive_right();
    for (int i = 0; i < kDepth; ++i) {
      const mach_port_t outer = u_.receive_right();
      WordMessage m =
          right_message(outer, MACH_MSG_TYPE_MAKE_SEND, inner, MACH_MSG_TYPE_MOVE_RECEIVE);
      ASSERT_EQ(send(u_.buffer(), m), MACH_MSG_SUCCESS);
      inner = outer;
    }
    EXPECT_TRUE(u_.space().destroy(inner).ok());
  });
}

TEST_F(BodyTest, OutOfLineMemoryIsCopied) {
  std::vector<char> data(3 * 4096 + 100, 'x');
  data.front() = 'a';
  data.back() = 'z';
  u_.run([&] {
    const uint32_t source = memory_with(data.data(), data.size(), 40);
    ASSERT_EQ(send_complex({mach::msg_type_long_out_of_line(MsgMemory::keep), 9 | 8u << 16,
                            static_cast<uint32_t>(data.size()), source}),
              MACH_MSG_SUCCESS);
    const char changed = '!';
    ASSERT_TRUE(kern::copy_out_bytes(source, &changed, 1).ok());
    const Raw m = receive_body();
    EXPECT_TRUE(m.body[0] & mach::kMsgTypeDeallocateBit);
    EXPECT_NE(m.body[3], source);
    std::vector<char> got(data.size());
    ASSERT_TRUE(kern::copy_in_bytes(got.data(), m.body[3], got.size()).ok());
    EXPECT_EQ(got, data);
    EXPECT_TRUE(u_.map().deallocate(m.body[3], got.size()).ok());
  });
}

TEST_F(BodyTest, DeallocateTakesTheMemoryFromTheSender) {
  u_.run([&] {
    const uint32_t word = 0x12345678;
    const uint32_t source = memory_with(&word, 4);
    ASSERT_EQ(send_complex({mach::msg_type_out_of_line(2, 32, 1, MsgMemory::deallocate), source}),
              MACH_MSG_SUCCESS);
    uint32_t got = 0;
    EXPECT_FALSE(kern::copy_in_bytes(&got, source, 4).ok());
    const Raw m = receive_body();
    ASSERT_TRUE(kern::copy_in_bytes(&got, m.body[1], 4).ok());
    EXPECT_EQ(got, word);
  });
}

TEST_F(BodyTest, NullMemoryHasNoAddress) {
  u_.run([&] {
    ASSERT_EQ(send_complex({mach::msg_type_out_of_line(2, 32, 0, MsgMemory::keep), 0xfffffff0u,
                            mach::msg_type_out_of_line(MACH_MSG_TYPE_MAKE_SEND, 32, 0,
                                                       MsgMemory::keep),
                            0xfffffff0u}),
              MACH_MSG_SUCCESS);
    const Raw m = receive_body();
    EXPECT_EQ(m.body[1], 0u);
    EXPECT_EQ(m.body[3], 0u);
    EXPECT_EQ(mach::msg_type_name(m.body[2]), unsigned{MACH_MSG_TYPE_PORT_SEND});
  });
}

TEST_F(BodyTest, UnreadableMemoryIsRefused) {
  u_.run([&] {
    for (uint32_t address : {0x1000u, 0xbffff000u, 0xfffffff0u}) {
      EXPECT_EQ(send_complex({mach::msg_type_out_of_line(2, 32, 2000, MsgMemory::keep), address}),
                MACH_SEND_INVALID_MEMORY);
      EXPECT_EQ(send_complex({mach::msg_type_out_of_line(MACH_MSG_TYPE_MAKE_SEND, 32, 20,
                                                         MsgMemory::keep),
                              address}),
                MACH_SEND_INVALID_MEMORY);
    }
    EXPECT_EQ(send_complex({mach::msg_type_long_out_of_line(MsgMemory::keep),
                            MACH_MSG_TYPE_MAKE_SEND | 32u << 16, 0xffffffffu, u_.buffer()}),
              MACH_SEND_INVALID_MEMORY);
    EXPECT_EQ(send_complex({mach::msg_type_long_out_of_line(MsgMemory::keep), 2 | 32u << 16,
                            0xffffffffu, u_.buffer()}),
              MACH_SEND_INVALID_MEMORY);
  });
}

TEST_F(BodyTest, OutOfLineRights) {
  User other;
  const mach_port_t theirs = other.receive_right();
  const mach_port_t s = u_.send_right_from(other, theirs);
  u_.run([&] {
    const uint32_t names[3] = {s, MACH_PORT_NULL, s};
    const uint32_t source = memory_with(names, sizeof names);
    ASSERT_EQ(send_complex({mach::msg_type_out_of_line(MACH_MSG_TYPE_COPY_SEND, 32, 3,
                                                       MsgMemory::deallocate),
                            source}),
              MACH_MSG_SUCCESS);
    uint32_t got[3];
    EXPECT_FALSE(kern::copy_in_bytes(got, source, sizeof got).ok());
    const Raw m = receive_body();
    ASSERT_TRUE(kern::copy_in_bytes(got, m.body[1], sizeof got).ok());
    EXPECT_EQ(got[0], s);
    EXPECT_EQ(got[1], MACH_PORT_NULL);
    EXPECT_EQ(got[2], s);
    EXPECT_EQ(u_.refs(s, MACH_PORT_RIGHT_SEND), 3u);
    // Left in the queue: destroyed with the port.
    const uint32_t more = memory_with(names, sizeof names);
    ASSERT_EQ(send_complex({mach::msg_type_out_of_line(MACH_MSG_TYPE_COPY_SEND, 32, 3,
                                                       MsgMemory::keep),
                            more}),
              MACH_MSG_SUCCESS);
  });
  EXPECT_EQ(other.port(theirs).send_rights(), 3u);
  ASSERT_TRUE(u_.space().destroy(r_).ok());
  EXPECT_EQ(other.port(theirs).send_rights(), 1u);
}

}  // namespace
}  // namespace ipc::test
