#include "libs/mig/layout.h"

#include "gtest/gtest.h"
#include "libs/mig/testing/test_support.h"

namespace mig {
namespace {

const std::string kTypes =
    "subsystem s 3200;\n"
    "type int = MACH_MSG_TYPE_INTEGER_32;\n"
    "type name = MACH_MSG_TYPE_PORT_NAME;\n"
    "type short = MACH_MSG_TYPE_INTEGER_16;\n"
    "type port = MACH_MSG_TYPE_COPY_SEND;\n";

Routine routine(const std::string& args, const char* kind = "routine") {
  return parse(kTypes + kind + " r(p : port; " + args + ");").routines[0];
}

TEST(Layout, MachPortType) {
  const Routine r = routine("n : name; out t : int");
  const MessageLayout request = request_layout(r);
  EXPECT_EQ(request.max_size, 32u);
  EXPECT_TRUE(request.fixed());
  EXPECT_FALSE(request.complex);
  EXPECT_EQ(request.items[0].offset, 24u);
  EXPECT_EQ(request.items[0].sent.word, 0x1001200fu);
  const MessageLayout reply = reply_layout(r);
  EXPECT_EQ(reply.max_size, 40u);
  EXPECT_EQ(reply.items[0].offset, 32u);
  EXPECT_EQ(reply.items[0].data_offset(), 36u);
}

TEST(Layout, ExceptionRaiseHas64Bytes) {
  const Routine r = routine("thread : port; task : port; e : int; c : int; s : int");
  const MessageLayout request = request_layout(r);
  EXPECT_EQ(request.max_size, 64u);
  EXPECT_TRUE(request.complex);
  EXPECT_EQ(request.items[0].sent.word, 0x10012013u);      // COPY_SEND
  EXPECT_EQ(request.items[0].received.word, 0x10012011u);  // a send right
  EXPECT_EQ(reply_layout(r).max_size, 32u);
}

TEST(Layout, OutOfLineData) {
  const Routine r = routine("out d : ^array[] of MACH_MSG_TYPE_BYTE, dealloc");
  const MessageLayout reply = reply_layout(r);
  const Item& item = reply.items[0];
  EXPECT_EQ(item.sent.word, 0x60000000u);
  EXPECT_EQ(item.sent.name_size, 0x00080009u);
  EXPECT_EQ(item.data_offset(), 44u);
  EXPECT_EQ(reply.max_size, 48u);
  EXPECT_TRUE(reply.complex);
}

TEST(Layout, CountInOutAddsAnIntegerToTheRequest) {
  const Routine r = routine("flavor : int; out state : array[*:1024] of int, CountInOut");
  const MessageLayout request = request_layout(r);
  EXPECT_EQ(request.max_size, 40u);
  EXPECT_EQ(request.items[1].kind, Item::Kind::kCount);
  EXPECT_EQ(request.items[1].sent.word, 0x10012002u);
  const MessageLayout reply = reply_layout(r);
  EXPECT_EQ(reply.min_size, 36u);
  EXPECT_EQ(reply.max_size, 36u + 4096u);
  EXPECT_EQ(reply.segments, 2u);
}

TEST(Layout, SegmentsFollowVariableItems) {
  const Routine r = routine("a : array[*:10] of short; b : int; c : c_string[*:9]; d : short");
  const MessageLayout layout = request_layout(r);
  EXPECT_EQ(layout.segments, 3u);
  EXPECT_EQ(layout.items[1].segment, 1u);
  EXPECT_EQ(layout.items[1].offset, 0u);
  EXPECT_EQ(layout.items[1].farthest, 24u + 4u + 20u);
  EXPECT_EQ(layout.items[2].offset, 8u);
  EXPECT_EQ(layout.items[3].segment, 2u);
  EXPECT_EQ(layout.min_size, 24u + 4u + 8u + 4u + 8u);
  EXPECT_EQ(layout.max_size, layout.min_size + 20u + 12u);
  EXPECT_EQ(layout.tail, 8u);
}

TEST(Layout, UnboundedInlineMayBeComplex) {
  const Routine r = routine("a : array[] of int");
  const MessageLayout layout = request_layout(r);
  EXPECT_FALSE(layout.complex);
  EXPECT_TRUE(layout.may_be_complex);
  EXPECT_EQ(layout.max_size, 24u + 12u + 2048u);
}

TEST(Layout, PolymorphicLeavesTheNameOpen) {
  const Routine r = routine("a : polymorphic");
  const MessageLayout layout = request_layout(r);
  EXPECT_EQ(layout.items[0].sent.word, 0x10012000u);
}

}  // namespace
}  // namespace mig
