#include "libs/mig/server_stub.h"

namespace mig {
namespace {

constexpr const char* kFail = "return MIG_BAD_ARGUMENTS;";
constexpr const char* kAnySend = "17u";

}  // namespace

ServerStub::ServerStub(Writer& out, const Routine& routine, Language language)
    : out_(out),
      routine_(routine),
      language_(language),
      dialect_(language == Language::kC ? kDialectC : kDialectCxx),
      reply_dialect_(dialect_.for_reply()),
      request_(request_layout(routine)),
      reply_(reply_layout(routine)) {}

/// Scalars and structures, after translation.
std::string ServerStub::value_type(const Type& type) const {
  if (type.intran.exists() || type.outtran.exists()) return type.translated_ctype();
  return server_type(type);
}

/// What the server's function gets for an array or string, with the star of out arguments that
/// the server may point elsewhere.
std::string ServerStub::array_type(const Argument& arg) const {
  const Type& type = arg.type;
  const bool moves = arg.out && type.place != Place::kInline;
  if (language_ == Language::kC) return server_type(type) + (moves ? " *" : "");
  const bool read_only = !arg.out && type.place != Place::kOutOfLine;
  return cat(read_only ? "const " : "", element_type(type), " *", moves ? "*" : "");
}

std::string ServerStub::local(const Type& type, const std::string& name) const {
  return declare(value_type(type), name);
}

void ServerStub::add_data_parameters(const Argument& arg, std::vector<std::string>& params) const {
  const Type& type = arg.type;
  if (is_array(type)) {
    params.push_back(declare(array_type(arg), arg.name));
  } else if (arg.out) {
    params.push_back(declare(value_type(type) + " *", arg.name));
  } else if (type.shape == Shape::kStruct && language_ == Language::kCxx) {
    params.push_back(cat("const ", value_type(type), " &", arg.name));
  } else {
    params.push_back(local(type, arg.name));
  }
  const std::string star = arg.out ? "*" : "";
  const int name = arg.in ? type.received_name : type.sent_name;
  if (name == kPolymorphic) params.push_back("mach_msg_type_name_t " + star + arg.name + "Poly");
  if (type.has_count()) params.push_back("mach_msg_type_number_t " + star + arg.name + "Cnt");
  if (arg.out && type.dealloc == Dealloc::kArgument) {
    params.push_back("boolean_t *" + arg.name + "Dealloc");
  }
}

std::vector<std::string> ServerStub::parameters() const {
  std::vector<std::string> params;
  for (const Argument& arg : routine_.args) {
    switch (arg.role) {
      case Role::kData:
        add_data_parameters(arg, params);
        break;
      case Role::kRequestPort:
      case Role::kMsgSeqno:
        params.push_back(local(arg.type, arg.name));
        break;
      case Role::kReplyPort:
      case Role::kServerReplyPort:
        params.push_back(local(arg.type, arg.name));
        if (arg.type.received_name == kPolymorphic) {
          params.push_back("mach_msg_type_name_t " + arg.name + "Poly");
        }
        break;
      case Role::kUserReplyPort:
      case Role::kWaitTime:
      case Role::kMsgOption:
        break;
    }
  }
  return params;
}

std::string ServerStub::header_word(const char* field) const {
  return language_ == Language::kC ? cat("((mach_msg_header_t *)b0_)->", field)
                                   : cat("reinterpret_cast<mach_msg_header_t *>(b0_)->", field);
}

void ServerStub::emit_handler(const std::string& callee) {
  call_.clear();
  cleanup_.clear();
  emit_checks(out_, request_,
              {dialect_, header_word("msgh_size"), header_word("msgh_bits"), kFail});
  for (const Argument& arg : routine_.args) load(arg);
  out_.line("const kern_return_t result_ = ", callee, "(", join(call_, ", "), ");");
  for (const std::string& statement : cleanup_) out_.line(statement);
  if (routine_.simple || reply_.items.empty()) {
    out_.line("return result_;");
    return;
  }
  out_.line("if (result_ != KERN_SUCCESS) return result_;");
  emit_reply(Pack::kInPlace);
  out_.line("return KERN_SUCCESS;");
}

void ServerStub::load(const Argument& arg) {
  switch (arg.role) {
    case Role::kRequestPort: {
      const std::string port = header_word("msgh_local_port");
      if (!arg.type.intran.exists()) {
        call_.push_back(port);
        return;
      }
      out_.line(local(arg.type, arg.name), " = ", arg.type.intran.function, "(", port, ");");
      call_.push_back(arg.name);
      if (arg.type.destructor.exists()) {
        cleanup_.push_back(cat(arg.type.destructor.function, "(", arg.name, ");"));
      }
      return;
    }
    case Role::kReplyPort:
    case Role::kServerReplyPort:
      call_.push_back(header_word("msgh_remote_port"));
      if (arg.type.received_name == kPolymorphic) {
        call_.push_back(cat("MACH_MSGH_BITS_REMOTE(", header_word("msgh_bits"), ")"));
      }
      return;
    case Role::kMsgSeqno:
      call_.push_back(header_word("msgh_seqno"));
      return;
    case Role::kData:
      if (arg.in) load_in(arg, *request_.find(arg));
      if (arg.out) prepare_out(arg);
      return;
    default:
      return;
  }
}

void ServerStub::load_in(const Argument& arg, const Item& item) {
  const Type& type = arg.type;
  const std::string address = data_address(dialect_, item);
  const std::string word = data_word(dialect_, item);
  if (is_array(type)) {
    if (arg.out) return;  // a fixed array that starts with what the caller sent
    const std::string memory = language_ == Language::kC ? server_type(type) : array_type(arg);
    if (type.place == Place::kOutOfLine) {
      call_.push_back(cat("(", memory, ")", word));
    } else if (type.place == Place::kEither) {
      const std::string there = cat("(vm_offset_t)", word);
      out_.line(declare(memory, arg.name), " = (", memory, ")(", arg.name,
                "_inline_ ? (vm_offset_t)(", address, ") : ", there, ");");
      call_.push_back(arg.name);
      // The server's function only borrows memory it cannot tell from the message itself.
      cleanup_.push_back(cat(
          "if (!", arg.name, "_inline_ && (result_ == KERN_SUCCESS || result_ == MIG_NO_REPLY)) ",
          "mig_deallocate(", there, ", ", element_bytes(type, arg.name + "_n_"), ");"));
    } else {
      call_.push_back(language_ == Language::kC
                          ? cat("(void *)(", address, ")")
                          : cat("reinterpret_cast<", memory, ">(", address, ")"));
    }
  } else {
    const std::string raw = arg.name + "_in_";
    std::string value = cat("(", server_type(type), ")", word);
    if (type.shape == Shape::kStruct || type.unit_bytes() != 4) {
      out_.line(declare(server_type(type), raw), ";");
      out_.line("__builtin_memcpy(&", raw, ", ", address, ", ", type.unit_bytes(), "u);");
      value = raw;
    }
    if (type.intran.exists()) value = cat(type.intran.function, "(", value, ")");
    const bool named = arg.out || type.destructor.exists();
    if (named) out_.line(local(type, arg.name), " = ", value, ";");
    if (!arg.out) call_.push_back(named ? arg.name : value);
    if (type.destructor.exists()) {
      cleanup_.push_back(cat(type.destructor.function, "(", arg.name, ");"));
    }
  }
  if (arg.out) return;
  if (type.received_name == kPolymorphic) {
    call_.push_back(cat(word_at(dialect_, item, type.long_form ? 4 : 0), " & ", hex(kNameMask)));
  }
  if (type.has_count()) call_.push_back(arg.name + "_n_");
}

void ServerStub::prepare_out(const Argument& arg) {
  const Type& type = arg.type;
  const Item& item = *reply_.find(arg);
  if (is_array(type)) {
    prepare_array(arg, item);
  } else {
    if (!arg.in && language_ == Language::kCxx) {
      out_.line(local(type, arg.name), "{};");
    } else if (!arg.in) {
      out_.line(local(type, arg.name), ";");
      out_.line("__builtin_memset(&", arg.name, ", 0, sizeof ", arg.name, ");");
    }
    call_.push_back("&" + arg.name);
  }
  if (type.sent_name == kPolymorphic) {
    out_.line("mach_msg_type_name_t ", arg.name, "Poly = ", kAnySend, ";");
    call_.push_back("&" + arg.name + "Poly");
  }
  if (type.has_count()) call_.push_back("&" + arg.name + "Cnt");
  if (type.dealloc == Dealloc::kArgument) {
    out_.line("boolean_t ", arg.name, "Dealloc = 0;");
    call_.push_back("&" + arg.name + "Dealloc");
  }
}

// In-line arrays are filled in where they are sent from, as far as that is known before the call.
void ServerStub::prepare_array(const Argument& arg, const Item& item) {
  const Type& type = arg.type;
  const std::string there = cat("r0_ + ", item.farthest + item.sent.bytes());
  const bool cxx = language_ == Language::kCxx;
  const std::string memory =
      cxx || type.place == Place::kInline ? element_type(type) + " *" : server_type(type) + " ";
  if (type.place == Place::kOutOfLine) {
    out_.line(declare(memory, arg.name), " = 0;");
  } else {
    out_.line(declare(memory, arg.name), " = (", memory, ")(", there, ");");
  }
  if (type.shape == Shape::kFixedArray) {
    const Item* source = arg.in ? request_.find(arg) : nullptr;
    if (source != nullptr) {
      out_.line("__builtin_memcpy(", arg.name, ", ", data_address(dialect_, *source), ", ",
                type.unit_bytes(), "u);");
    } else if (type.place == Place::kInline) {
      out_.line("__builtin_memset(", arg.name, ", 0, ", item.data_bytes, "u);");
    }
  } else if (type.shape == Shape::kString) {
    out_.line(arg.name, "[0] = 0;");
  }
  call_.push_back(arg.out && type.place != Place::kInline ? "&" + arg.name : arg.name);
  if (!type.has_count()) return;
  out_.line("mach_msg_type_number_t ", arg.name,
            "Cnt = ", type.place == Place::kOutOfLine ? 0 : most_inline(type), "u;");
  if (arg.count_in_out) {
    const std::string room = data_word(dialect_, *request_.find(arg, Item::Kind::kCount));
    out_.line("if (", room, " < ", arg.name, "Cnt) ", arg.name, "Cnt = ", room, ";");
  }
}

}  // namespace mig
