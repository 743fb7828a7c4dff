#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "libs/mig/diagnostics.h"

namespace mig {

/// Message type name that the caller (sending) or the message (receiving) decides.
inline constexpr int kPolymorphic = -1;

/// Message type names of port rights: what a sender does, and (the first three) what arrives.
inline constexpr int kMoveReceive = 16;
inline constexpr int kMoveSend = 17;
inline constexpr int kMoveSendOnce = 18;
inline constexpr int kCopySend = 19;
inline constexpr int kMakeSend = 20;
inline constexpr int kMakeSendOnce = 21;

/// Unbounded in-line arrays travel in the message up to this many bytes, else out of line.
inline constexpr uint32_t kMaxUnboundedInline = 2048;

/// How a value looks to C.
enum class Shape {
  kScalar,      // passed by value: integers, booleans, port rights
  kStruct,      // struct[n] of T: a C structure passed by value
  kFixedArray,  // array[n] of T
  kVarArray,    // array[] of T, array[*:n] of T: a count goes with it
  kString,      // c_string[n], c_string[*:n]: characters up to a NUL
};

/// Where the data of an item is.
enum class Place {
  kInline,
  kOutOfLine,
  kEither,  // unbounded in-line array: in the message when small, else out of line
};

/// Whether sending out-of-line memory takes it from the sender.
enum class Dealloc { kNo, kYes, kArgument };

/// result function(argument), as in "intran: task_t convert_port_to_task(mach_port_t)".
struct Translation {
  std::string result;
  std::string function;
  std::string argument;
  bool exists() const { return !function.empty(); }
};

/// A type of the interface language.
struct Type {
  std::string name;  // empty when declared in an argument
  Shape shape = Shape::kScalar;
  Place place = Place::kInline;
  int sent_name = 0;          // msgt_name the sender writes
  int received_name = 0;      // msgt_name the receiver sees
  uint32_t element_bits = 0;  // msgt_size
  uint32_t elements = 1;      // msgt_number of one C element (kVarArray) or of the whole value
  uint32_t max_count = 0;     // most C elements of a kVarArray or characters of a string; 0: any
  bool varying = false;       // a string that is sent only up to its NUL
  bool long_form = false;
  Dealloc dealloc = Dealloc::kNo;
  std::string element_ctype;  // C type of an array's element
  std::string ctype;          // empty: the name
  std::string cusertype;
  std::string cservertype;
  Translation intran;
  Translation outtran;
  Translation destructor;  // void function(argument)

  bool is_port() const {
    return received_name == kPolymorphic ||
           (received_name >= kMoveReceive && received_name <= kMakeSendOnce);
  }
  bool has_count() const { return shape == Shape::kVarArray; }
  /// The number of bytes in the message depends on the value.
  bool variable() const { return place != Place::kOutOfLine && (has_count() || varying); }
  /// Bytes of one C element (kVarArray) or of the whole value.
  uint32_t unit_bytes() const { return (element_bits * elements + 7) / 8; }
  std::string user_ctype() const;
  std::string server_ctype() const;
  /// The type server functions see after `intran`.
  std::string translated_ctype() const;
};

enum class Role {
  kData,
  kRequestPort,
  kReplyPort,        // both sides see it
  kUserReplyPort,    // only the caller gives it
  kServerReplyPort,  // only the server sees it
  kWaitTime,
  kMsgOption,
  kMsgSeqno,  // server only: sequence number of the request
};

struct Argument {
  std::string name;
  Role role = Role::kData;
  bool in = false;
  bool out = false;
  Type type;
  bool count_in_out = false;  // the request says how much the caller can take
  bool is_const = false;
  bool server_copy = false;
  SourcePos pos;
};

struct Routine {
  std::string name;
  bool simple = false;  // one-way: no reply
  uint32_t id = 0;
  std::vector<Argument> args;
  std::string wait_time;   // expression in milliseconds; empty: wait forever
  std::string msg_option;  // or-ed to the options of mach_msg
  SourcePos pos;

  const Argument* find(Role role) const {
    for (const Argument& arg : args) {
      if (arg.role == role) return &arg;
    }
    return nullptr;
  }
  const Argument& request_port() const { return *find(Role::kRequestPort); }
};

enum class Side { kBoth, kUser, kServer };

struct Import {
  std::string spelled;  // with its quotes or brackets
  Side side = Side::kBoth;
};

/// Everything one .defs file says.
struct Subsystem {
  std::string name;
  uint32_t base = 0;
  bool kernel_user = false;
  bool kernel_server = false;
  std::string user_prefix;
  std::string server_prefix;
  std::string server_demux;  // empty: <name>_server
  std::vector<Import> imports;
  std::vector<Routine> routines;
  uint32_t id_count = 0;  // ids in use or skipped, from base on

  std::string demux_name() const { return server_demux.empty() ? name + "_server" : server_demux; }
};

inline std::string Type::user_ctype() const {
  return !cusertype.empty() ? cusertype : !ctype.empty() ? ctype : name;
}
inline std::string Type::server_ctype() const {
  return !cservertype.empty() ? cservertype : !ctype.empty() ? ctype : name;
}
inline std::string Type::translated_ctype() const {
  if (intran.exists()) return intran.result;
  return outtran.exists() ? outtran.argument : server_ctype();
}

}  // namespace mig
