// Sizes and values programs and the kernel agree on (i386).
#include <cstddef>
#include <cstring>

#include <device/net_status.h>
#include <device/tty_status.h>
#include <mach.h>
#include <mach/default_pager_types.h>
#include <mach/error.h>
#include <mach/i386/mach_i386_types.h>
#include <mach/message_bits.h>
#include <mach_debug/mach_debug_types.h>

#include "gtest/gtest.h"

static_assert(sizeof(mach_msg_header_t) == 24);
static_assert(offsetof(mach_msg_header_t, msgh_remote_port) == 8);
static_assert(offsetof(mach_msg_header_t, msgh_id) == 20);
static_assert(sizeof(mach_msg_type_t) == 4);
static_assert(sizeof(mach_msg_type_long_t) == 12);
static_assert(offsetof(mach_msg_type_long_t, msgtl_number) == 8);
static_assert(sizeof(mig_reply_header_t) == 32);
static_assert(sizeof(mach_dead_name_notification_t) == 32);
static_assert(sizeof(mach_send_once_notification_t) == 24);

static_assert(sizeof(mach_port_status_t) == 9 * 4);
static_assert(sizeof(vm_statistics_data_t) == 13 * 4);
static_assert(sizeof(time_value_t) == 8 && sizeof(mapped_time_value_t) == 12);
static_assert(HOST_BASIC_INFO_COUNT == 5 && HOST_SCHED_INFO_COUNT == 2);
static_assert(HOST_LOAD_INFO_COUNT == 6);
static_assert(PROCESSOR_BASIC_INFO_COUNT == 5);
static_assert(PROCESSOR_SET_BASIC_INFO_COUNT == 5 && PROCESSOR_SET_SCHED_INFO_COUNT == 2);
static_assert(TASK_BASIC_INFO_COUNT == 8 && TASK_EVENTS_INFO_COUNT == 7);
static_assert(TASK_THREAD_TIMES_INFO_COUNT == 4);
static_assert(THREAD_BASIC_INFO_COUNT == 11 && THREAD_SCHED_INFO_COUNT == 7);
static_assert(i386_THREAD_STATE_COUNT == 17 && i386_FLOAT_STATE_COUNT == 30);
static_assert(i386_ISA_PORT_MAP_STATE_COUNT == 32 && i386_V86_ASSIST_STATE_COUNT == 2);
static_assert(sizeof(v86_interrupt_table) == 8 && sizeof(descriptor_t) == 8);
static_assert(sizeof(zone_info_t) == 36 && sizeof(zone_name_t) == 80);
static_assert(NET_STATUS_COUNT == 7 && TTY_STATUS_COUNT == 4);
static_assert(sizeof(dev_name_t) == 128 && sizeof(io_buf_ptr_inband_t) == 128);
static_assert(sizeof(sampled_pc_t) == 12);

static_assert(MACH_PORT_TYPE_SEND == 0x10000 && MACH_PORT_TYPE_DEAD_NAME == 0x100000);
static_assert(MACH_NOTIFY_DEAD_NAME == 72 && MACH_NOTIFY_PORT_DESTROYED == 69);
static_assert(EML_BAD_TASK == 0x8001 && EML_BAD_CNT == 0x8002);
static_assert(err_mach_ipc == 0x10000000);

namespace {

unsigned word_of(mach_msg_type_t type) {
  unsigned word;
  std::memcpy(&word, &type, sizeof(word));
  return word;
}

TEST(MessageBits, ShortInline) {
  mach_msg_type_t type = {};
  type.msgt_name = MACH_MSG_TYPE_CHAR;
  type.msgt_size = 8;
  type.msgt_number = 4095;
  type.msgt_inline = 1;
  EXPECT_EQ(word_of(type), mach::msg_type_inline(MACH_MSG_TYPE_CHAR, 8, 4095));
}

TEST(MessageBits, OutOfLineDeallocate) {
  mach_msg_type_t type = {};
  type.msgt_name = MACH_MSG_TYPE_BYTE;
  type.msgt_size = 8;
  type.msgt_number = 77;
  type.msgt_deallocate = 1;
  EXPECT_EQ(word_of(type), mach::msg_type_out_of_line(MACH_MSG_TYPE_BYTE, 8, 77,
                                                      mach::MsgMemory::deallocate));
}

TEST(MessageBits, LongForms) {
  mach_msg_type_t type = {};
  type.msgt_longform = 1;
  EXPECT_EQ(word_of(type), mach::msg_type_long_out_of_line(mach::MsgMemory::keep));
  type.msgt_inline = 1;
  EXPECT_EQ(word_of(type), mach::msg_type_long_inline());
}

TEST(MessageBits, UnusedBit) {
  mach_msg_type_t type = {};
  type.msgt_unused = 1;
  EXPECT_EQ(word_of(type), mach::kMsgTypeUnusedBit);
}

TEST(MessageBits, FieldsComeBack) {
  constexpr unsigned word = mach::msg_type_inline(MACH_MSG_TYPE_INTEGER_32, 32, 300);
  EXPECT_EQ(mach::msg_type_name(word), 2u);
  EXPECT_EQ(mach::msg_type_size(word), 32u);
  EXPECT_EQ(mach::msg_type_number(word), 300u);
}

TEST(HeaderBits, RemoteAndLocal) {
  const mach_msg_bits_t bits =
      MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
  EXPECT_EQ(bits, 0x1513u);
  EXPECT_EQ(MACH_MSGH_BITS_REMOTE(bits | MACH_MSGH_BITS_COMPLEX), 19u);
  EXPECT_EQ(MACH_MSGH_BITS_LOCAL(bits | MACH_MSGH_BITS_COMPLEX), 21u);
}

}  // namespace
