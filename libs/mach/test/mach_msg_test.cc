// What mach_msg does with results other than success, against a trap that says what it is told.
#include <vector>

#include "gtest/gtest.h"
#include "libs/mach/src/mach_msg_result.h"

namespace {

struct Call {
  mach_msg_option_t option;
  mach_msg_size_t send_size;
  mach_msg_size_t rcv_size;
  mach_port_t rcv_name;
  mach_msg_timeout_t timeout;
};
std::vector<Call> calls;
std::vector<mach_msg_return_t> results;

mach_msg_return_t trap(mach_msg_option_t option, mach_msg_size_t send_size,
                       mach_msg_size_t rcv_size, mach_port_t rcv_name,
                       mach_msg_timeout_t timeout) {
  calls.push_back({option, send_size, rcv_size, rcv_name, timeout});
  const mach_msg_return_t result = results.at(0);
  results.erase(results.begin());
  return result;
}

class MachMsg : public testing::Test {
 protected:
  mach_msg_return_t finish(mach_msg_return_t first, mach_msg_option_t option) {
    calls.clear();
    return mach_msg_result(first, &header_, option, 24, 64, 5, 10, MACH_PORT_NULL);
  }
  mach_msg_header_t header_ = {};
};

constexpr mach_msg_option_t kBoth = MACH_SEND_MSG | MACH_RCV_MSG;

}  // namespace

extern "C" {
mach_msg_return_t mach_msg_trap(mach_msg_header_t*, mach_msg_option_t option,
                                mach_msg_size_t send_size, mach_msg_size_t rcv_size,
                                mach_port_t rcv_name, mach_msg_timeout_t timeout, mach_port_t) {
  return trap(option, send_size, rcv_size, rcv_name, timeout);
}
mach_msg_return_t mach_msg(mach_msg_header_t*, mach_msg_option_t option,
                           mach_msg_size_t send_size, mach_msg_size_t rcv_size,
                           mach_port_t rcv_name, mach_msg_timeout_t timeout, mach_port_t) {
  return trap(option, send_size, rcv_size, rcv_name, timeout);
}
}

TEST_F(MachMsg, OtherErrorsArePassedOn) {
  EXPECT_EQ(finish(MACH_SEND_INVALID_DEST, kBoth), MACH_SEND_INVALID_DEST);
  EXPECT_EQ(finish(MACH_RCV_TIMED_OUT, kBoth), MACH_RCV_TIMED_OUT);
  EXPECT_TRUE(calls.empty());
}

TEST_F(MachMsg, InterruptedSendIsRepeatedWhole) {
  results = {MACH_SEND_INTERRUPTED, MACH_MSG_SUCCESS};
  EXPECT_EQ(finish(MACH_SEND_INTERRUPTED, kBoth), MACH_MSG_SUCCESS);
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[1].option, kBoth);
  EXPECT_EQ(calls[1].send_size, 24u);
  EXPECT_EQ(calls[1].rcv_name, 5u);
}

TEST_F(MachMsg, InterruptedReceiveSendsNothingAgain) {
  results = {MACH_RCV_INTERRUPTED, MACH_MSG_SUCCESS};
  EXPECT_EQ(finish(MACH_RCV_INTERRUPTED, kBoth | MACH_RCV_TIMEOUT), MACH_MSG_SUCCESS);
  ASSERT_EQ(calls.size(), 2u);
  for (const Call& call : calls) {
    EXPECT_EQ(call.option, MACH_RCV_MSG | MACH_RCV_TIMEOUT);
    EXPECT_EQ(call.send_size, 0u);
    EXPECT_EQ(call.rcv_size, 64u);
    EXPECT_EQ(call.timeout, 10u);
  }
}

TEST_F(MachMsg, SendThenReceiveInterrupted) {
  results = {MACH_RCV_INTERRUPTED, MACH_MSG_SUCCESS};
  EXPECT_EQ(finish(MACH_SEND_INTERRUPTED, kBoth), MACH_MSG_SUCCESS);
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].option, kBoth);
  EXPECT_EQ(calls[1].option, MACH_RCV_MSG);
}

TEST_F(MachMsg, OptionsForbidRepeating) {
  EXPECT_EQ(finish(MACH_SEND_INTERRUPTED, kBoth | MACH_SEND_INTERRUPT), MACH_SEND_INTERRUPTED);
  EXPECT_EQ(finish(MACH_RCV_INTERRUPTED, kBoth | MACH_RCV_INTERRUPT), MACH_RCV_INTERRUPTED);
  EXPECT_TRUE(calls.empty());
}

TEST_F(MachMsg, LibraryOptionsStayInTheLibrary) {
  results = {MACH_MSG_SUCCESS};
  EXPECT_EQ(finish(MACH_SEND_INTERRUPTED, kBoth | MACH_RCV_INTERRUPT), MACH_MSG_SUCCESS);
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].option, kBoth);
}

TEST_F(MachMsg, ShorthandForms) {
  header_.msgh_size = 48;
  header_.msgh_local_port = 9;
  results = {MACH_MSG_SUCCESS, MACH_MSG_SUCCESS};
  calls.clear();
  EXPECT_EQ(mach_msg_receive(&header_), MACH_MSG_SUCCESS);
  EXPECT_EQ(mach_msg_send(&header_), MACH_MSG_SUCCESS);
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].option, MACH_RCV_MSG);
  EXPECT_EQ(calls[0].rcv_size, 48u);
  EXPECT_EQ(calls[0].rcv_name, 9u);
  EXPECT_EQ(calls[1].option, MACH_SEND_MSG);
  EXPECT_EQ(calls[1].send_size, 48u);
}
