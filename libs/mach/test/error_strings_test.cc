#include <set>
#include <string>

#include <device/device_types.h>
#include <mach.h>
#include <mach_error.h>

#include "gtest/gtest.h"

namespace {

bool known(mach_error_t value) { return std::string(mach_error_string(value)) != "unknown error"; }

TEST(ErrorStrings, EveryRangeIsNamedWithoutRepetition) {
  std::set<std::string> texts;
  int count = 0;
  const auto add = [&](int first, int last, std::set<int> holes = {}) {
    for (int value = first; value <= last; ++value) {
      EXPECT_EQ(known(value), !holes.contains(value)) << value;
      if (!known(value)) continue;
      texts.insert(mach_error_string(value));
      ++count;
    }
  };
  add(KERN_SUCCESS, KERN_MEMORY_PRESENT, {11});
  add(MACH_SEND_IN_PROGRESS, MACH_SEND_INVALID_HEADER);
  add(MACH_RCV_IN_PROGRESS, MACH_RCV_BODY_ERROR);
  add(MIG_DESTROY_REQUEST, MIG_TYPE_ERROR);
  add(D_IO_ERROR, D_OUT_OF_BAND);
  add(EML_BAD_TASK, EML_BAD_CNT);
  EXPECT_EQ(texts.size(), static_cast<size_t>(count));
}

TEST(ErrorStrings, ResourceBitsDoNotHideTheResult) {
  EXPECT_STREQ(mach_error_string(MACH_RCV_BODY_ERROR | MACH_MSG_VM_SPACE | MACH_MSG_IPC_KERNEL),
               mach_error_string(MACH_RCV_BODY_ERROR));
}

TEST(ErrorStrings, AnyValueHasAnAnswer) {
  for (const mach_error_t value : {11, 24, -1000, 0x7fffffff, static_cast<int>(0x80000000)}) {
    EXPECT_FALSE(known(value)) << value;
    EXPECT_NE(mach_error_type(value), nullptr);
  }
}

TEST(ErrorStrings, Types) {
  EXPECT_STREQ(mach_error_type(KERN_FAILURE), "(os/kern)");
  EXPECT_STREQ(mach_error_type(MACH_SEND_TIMED_OUT), "(ipc)");
  EXPECT_STREQ(mach_error_type(MIG_BAD_ID), "(mig)");
  EXPECT_STREQ(mach_error_type(D_READ_ONLY), "(device)");
  EXPECT_STREQ(mach_error_type(err_local | 3), "(local)");
}

}  // namespace
