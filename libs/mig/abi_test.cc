// The system's own interfaces have the ids and message sizes that programs rely on.
#include <fstream>
#include <optional>
#include <sstream>

#include "gtest/gtest.h"
#include "libs/mig/layout.h"
#include "libs/mig/parser.h"
#include "libs/mig/preprocessor.h"

namespace mig {
namespace {

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Subsystem load(const std::string& name, const std::vector<std::string>& definitions = {}) {
  Preprocessor preprocessor({".", "libs/mach/defs"}, read_file);
  for (const std::string& definition : definitions) preprocessor.define(definition);
  return Parser(preprocessor.run("libs/mach/defs/" + name + ".defs")).parse();
}

struct Expected {
  const char* file;
  const char* routine;
  uint32_t id;
  uint32_t request, reply;  // bytes when fixed; reply 0: none
};

constexpr Expected kExpected[] = {
    {"exc", "exception_raise", 2400, 64, 32},
    {"mach_port", "mach_port_type", 3201, 32, 40},
    {"mach_port", "mach_port_set_seqno", 3218, 40, 32},
    {"mach", "task_create", 2007, 32, 40},
    {"mach", "vm_allocate", 2021, 48, 40},
    {"mach", "vm_deallocate", 2023, 40, 32},
    {"mach", "vm_read", 2026, 40, 48},
    {"mach", "vm_map", 2089, 104, 40},
    {"mach", "vm_machine_attribute", 2099, 56, 40},
    {"mach_host", "host_reboot", 2635, 32, 32},
    {"device", "device_close", 2801, 24, 32},
    {"device", "device_open", 2800, 24 + 8 + 12 + 128, 40},
    {"notify", "mach_notify_port_deleted", 65, 32, 0},
    {"notify", "mach_notify_port_destroyed", 69, 32, 0},
    {"notify", "mach_notify_no_senders", 70, 32, 0},
    {"notify", "mach_notify_send_once", 71, 24, 0},
    {"notify", "mach_notify_dead_name", 72, 32, 0},
    {"memory_object", "memory_object_init", 2200, 48, 0},
    {"memory_object", "memory_object_data_request", 2203, 56, 0},
};

TEST(Abi, IdsAndSizes) {
  for (const Expected& expected : kExpected) {
    const Subsystem subsystem = load(expected.file);
    bool found = false;
    for (const Routine& routine : subsystem.routines) {
      if (routine.name != expected.routine) continue;
      found = true;
      EXPECT_EQ(routine.id, expected.id) << expected.routine;
      EXPECT_EQ(request_layout(routine).max_size, expected.request) << expected.routine;
      EXPECT_EQ(routine.simple, expected.reply == 0) << expected.routine;
      if (!routine.simple) {
        EXPECT_EQ(reply_layout(routine).max_size, expected.reply) << expected.routine;
      }
    }
    EXPECT_TRUE(found) << expected.routine;
  }
}

TEST(Abi, AsynchronousDeviceCallsShareTheMessages) {
  const Subsystem direct = load("device");
  const Subsystem request = load("device_request");
  const Subsystem reply = load("device_reply");
  for (const Routine& asked : request.routines) {
    for (const Routine& routine : direct.routines) {
      if (routine.id != asked.id) continue;
      EXPECT_EQ(request_layout(routine).max_size, request_layout(asked).max_size) << routine.name;
      for (const Routine& answer : reply.routines) {
        if (answer.id != routine.id + kSimpleReplyId) continue;
        // The return code is the answer's first item.
        EXPECT_EQ(reply_layout(routine).max_size, request_layout(answer).max_size) << answer.name;
      }
    }
  }
  EXPECT_EQ(request.base, 2800u);
  EXPECT_EQ(reply.base, 2900u);
}

TEST(Abi, SequenceNumberFormsDifferInNamesOnly) {
  for (const char* file : {"memory_object", "memory_object_default", "notify", "exc"}) {
    const Subsystem plain = load(file);
    const Subsystem numbered = load(file, {"SEQNOS"});
    EXPECT_NE(plain.demux_name(), numbered.demux_name());
    ASSERT_EQ(plain.routines.size(), numbered.routines.size());
    for (size_t i = 0; i < plain.routines.size(); ++i) {
      EXPECT_EQ(plain.routines[i].id, numbered.routines[i].id);
      EXPECT_EQ(request_layout(plain.routines[i]).max_size,
                request_layout(numbered.routines[i]).max_size);
      EXPECT_NE(numbered.routines[i].find(Role::kMsgSeqno), nullptr);
    }
  }
}

}  // namespace
}  // namespace mig
