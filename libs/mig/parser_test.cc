#include "libs/mig/parser.h"

#include "gtest/gtest.h"
#include "libs/mig/testing/test_support.h"

namespace mig {
namespace {

const std::string kTypes =
    "subsystem s 100;\n"
    "type int = MACH_MSG_TYPE_INTEGER_32;\n"
    "type port = MACH_MSG_TYPE_COPY_SEND ctype: mach_port_t;\n";

Type type_of(const std::string& specification) {
  return parse(kTypes + "routine r(p : port; x : " + specification + ");").routines[0].args[1].type;
}

TEST(Parser, Subsystem) {
  const Subsystem s = parse(
      "subsystem KernelServer demo 64;\nserverprefix do_; userprefix u_;\nserverdemux demo_srv;\n"
      "rcsid \"$Id$\"; import <mach/a-b.h>; uimport \"u.h\"; simport <s.h>;");
  EXPECT_EQ(s.name, "demo");
  EXPECT_EQ(s.base, 64u);
  EXPECT_TRUE(s.kernel_server);
  EXPECT_EQ(s.server_prefix, "do_");
  EXPECT_EQ(s.user_prefix, "u_");
  EXPECT_EQ(s.demux_name(), "demo_srv");
  ASSERT_EQ(s.imports.size(), 3u);
  EXPECT_EQ(s.imports[0].spelled, "<mach/a-b.h>");
  EXPECT_EQ(s.imports[1].spelled, "\"u.h\"");
  EXPECT_EQ(s.imports[2].side, Side::kServer);
}

TEST(Parser, IdsCountRoutinesAndSkips) {
  const Subsystem s =
      parse(kTypes + "routine a(p : port); skip; skip 2; simpleroutine b(p : port); skip;");
  EXPECT_EQ(s.routines[0].id, 100u);
  EXPECT_EQ(s.routines[1].id, 104u);
  EXPECT_TRUE(s.routines[1].simple);
  EXPECT_EQ(s.id_count, 6u);
}

TEST(Parser, Arguments) {
  const Subsystem s = parse(
      kTypes +
      "routine r(requestport q : port; ureplyport u : port; sreplyport v : port; in a : int;"
      " out b : int; inout c : int; waittime t : int; msgoption o : int; msgseqno n : int;"
      " out : int; out d : array[*:4] of int, CountInOut; e : ^array[] of int, dealloc[], const);");
  const auto& args = s.routines[0].args;
  EXPECT_EQ(args[0].role, Role::kRequestPort);
  EXPECT_EQ(args[1].role, Role::kUserReplyPort);
  EXPECT_EQ(args[2].role, Role::kServerReplyPort);
  EXPECT_TRUE(args[3].in && !args[3].out);
  EXPECT_TRUE(!args[4].in && args[4].out);
  EXPECT_TRUE(args[5].in && args[5].out);
  EXPECT_EQ(args[6].role, Role::kWaitTime);
  EXPECT_EQ(args[7].role, Role::kMsgOption);
  EXPECT_EQ(args[8].role, Role::kMsgSeqno);
  EXPECT_EQ(args[9].name, "out");
  EXPECT_TRUE(args[9].in);
  EXPECT_TRUE(args[10].count_in_out);
  EXPECT_EQ(args[11].type.dealloc, Dealloc::kArgument);
  EXPECT_TRUE(args[11].is_const);
}

TEST(Parser, ScalarTypes) {
  EXPECT_EQ(type_of("int").element_bits, 32u);
  EXPECT_EQ(type_of("(9, 8)").sent_name, 9);
  const Type poly = type_of("MACH_MSG_TYPE_MAKE_SEND_ONCE | polymorphic");
  EXPECT_EQ(poly.sent_name, 21);
  EXPECT_EQ(poly.received_name, kPolymorphic);
  const Type send = type_of("MACH_MSG_TYPE_PORT_SEND");
  EXPECT_EQ(send.sent_name, kPolymorphic);
  EXPECT_EQ(send.received_name, 17);
  EXPECT_EQ(type_of("port").received_name, 17);
  EXPECT_EQ(type_of("port").user_ctype(), "mach_port_t");
}

TEST(Parser, ArrayTypes) {
  const Type fixed = type_of("array[2 * (3 + 1)] of int");
  EXPECT_EQ(fixed.shape, Shape::kFixedArray);
  EXPECT_EQ(fixed.elements, 8u);
  EXPECT_EQ(fixed.element_ctype, "int");
  const Type bounded = type_of("array[*:10] of struct[3] of int");
  EXPECT_EQ(bounded.max_count, 10u);
  EXPECT_EQ(bounded.elements, 3u);
  EXPECT_EQ(bounded.place, Place::kInline);
  EXPECT_FALSE(bounded.long_form);
  EXPECT_EQ(type_of("array[] of int").place, Place::kEither);
  EXPECT_TRUE(type_of("array[] of int").long_form);
  EXPECT_EQ(type_of("^array[] of int").place, Place::kOutOfLine);
  EXPECT_TRUE(type_of("^array[] of int").long_form);
  EXPECT_FALSE(type_of("^array[*:100] of int").long_form);
  EXPECT_TRUE(type_of("array[4096] of int").long_form);
}

TEST(Parser, StringTypes) {
  const Type fixed = type_of("c_string[128]");
  EXPECT_EQ(fixed.element_bits, 8u);
  EXPECT_EQ(fixed.elements, 128u);
  EXPECT_FALSE(fixed.long_form);
  const Type same = type_of("(MACH_MSG_TYPE_STRING_C, 8*128)");
  EXPECT_EQ(same.shape, Shape::kString);
  EXPECT_EQ(same.max_count, 128u);
  EXPECT_EQ(same.element_bits, 1024u);  // one element, and so the long form
  EXPECT_TRUE(same.long_form);
  EXPECT_TRUE(type_of("c_string[*:64]").varying);
}

TEST(Parser, TranslationsBelongToTheWholeType) {
  const Subsystem s =
      parse(kTypes +
            "type task_t = port ctype: mach_port_t intran: Ref<kern::Task> to_task(mach_port_t)"
            " outtran: mach_port_t from_task(Ref<kern::Task>) destructor: drop(Ref<kern::Task>);"
            "type tasks_t = array[*:4] of task_t ctype: task_array;"
            "type other_t = task_t;"
            "routine r(t : task_t; a : tasks_t; o : other_t);");
  const auto& args = s.routines[0].args;
  EXPECT_EQ(args[0].type.intran.result, "Ref<kern::Task>");
  EXPECT_EQ(args[0].type.intran.function, "to_task");
  EXPECT_EQ(args[0].type.outtran.argument, "Ref<kern::Task>");
  EXPECT_EQ(args[0].type.destructor.function, "drop");
  EXPECT_FALSE(args[1].type.intran.exists());
  EXPECT_EQ(args[1].type.user_ctype(), "task_array");
  EXPECT_EQ(args[1].type.element_ctype, "mach_port_t");
  EXPECT_EQ(args[2].type.user_ctype(), "other_t");
  EXPECT_FALSE(args[2].type.intran.exists());
}

TEST(Parser, ErrorsNameThePlace) {
  EXPECT_EQ(parse_error("type x = nonsense;"), "t.defs:1: unknown type 'nonsense'");
  EXPECT_EQ(parse_error(kTypes + "routine r(x : int);"),
            "t.defs:4: the first argument of 'r' must be the port the request goes to");
  EXPECT_EQ(parse_error(kTypes + "routine r(p : port;\nx : int; x : int);"),
            "t.defs:5: argument 'x' is declared twice");
  EXPECT_EQ(parse_error(kTypes + "simpleroutine r(p : port; out x : int);"),
            "t.defs:4: a simpleroutine has no reply to carry 'x'");
  EXPECT_EQ(parse_error(kTypes + "routine r(p : port)"),
            "t.defs:4: expected ';' before 'end of file'");
  EXPECT_EQ(parse_error(kTypes + "type int = port;"), "t.defs:4: type 'int' is declared twice");
  EXPECT_EQ(parse_error(kTypes + "type x = array[*:4] of array[] of int;"),
            "t.defs:4: elements of an array must have a fixed size and be in-line");
  EXPECT_EQ(parse_error(kTypes + "type x = ^int;"), "t.defs:4: only arrays can be out of line");
  EXPECT_EQ(parse_error(kTypes + "routine r(p : port; x : int, dealloc[]);"),
            "t.defs:4: dealloc is for out-of-line memory");
  EXPECT_EQ(parse_error(kTypes + "routine r(p : port; x : int, loud);"),
            "t.defs:4: unknown flag 'loud'");
  EXPECT_EQ(parse_error(kTypes + "function f(p : port) : int;"),
            "t.defs:4: 'function' is not supported; use routine or simpleroutine");
  EXPECT_EQ(parse_error("type x = MACH_MSG_TYPE_BYTE;"),
            "t.defs:1: the file has no subsystem statement");
}

}  // namespace
}  // namespace mig
