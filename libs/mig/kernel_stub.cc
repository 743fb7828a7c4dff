#include "libs/mig/kernel_stub.h"

#include "libs/mig/kernel_types.h"

namespace mig {
namespace {

constexpr const char* kLocalTypeMask = "0x0000ff00u";
constexpr uint32_t kLocalPortOffset = 12;  // reply port of a request that the kernel received
constexpr uint32_t kRemotePortOffset = 8;  // the port it was sent to
constexpr uint32_t kSeqnoOffset = 16;

std::string port_pointer(const std::string& word) {
  return cat("mig::from_word<Port>(", word, ")");
}

}  // namespace

KernelStub::KernelStub(Writer& out, const Routine& routine)
    : out_(out),
      routine_(routine),
      dialect_(kDialectCxx),
      reply_dialect_(kDialectCxx.for_reply()),
      request_(request_layout(routine)),
      reply_(reply_layout(routine)) {
  for (const Argument& arg : routine.args) {
    if (arg.role == Role::kData && is_right_array(arg.type) &&
        (right_class(arg.type.sent_name) == "AnyRight" ||
         right_class(arg.type.received_name) == "AnyRight")) {
      throw DefsError(arg.pos, "the kernel takes arrays of one kind of right only");
    }
  }
}

bool KernelStub::in_place() const {
  for (const Argument& arg : routine_.args) {
    if (arg.role != Role::kData || !is_array(arg.type) || arg.type.place == Place::kOutOfLine) {
      continue;
    }
    // The callee would see the request through a pointer, or the handler clears its place in the
    // reply before it has loaded all of the request.
    const bool cleared = arg.out && !arg.type.has_count() && !is_right_array(arg.type);
    if (arg.in || cleared) return false;
  }
  return true;
}

std::string most_elements(const Argument& arg) {
  const std::string declared = cat(most_inline(arg.type), "u");
  return arg.count_in_out ? cat("mig::most_counted(", declared, ")") : declared;
}

std::string KernelStub::reply_size() const {
  std::string size = cat(reply_.max_size);
  for (const Argument& arg : routine_.args) {
    if (!arg.count_in_out || arg.type.place != Place::kInline) continue;
    size += cat(" - ", arg.type.unit_bytes(), " * (", most_inline(arg.type), "u - ", most_elements(arg), ")");
  }
  return size;
}

void KernelStub::add_parameters(const Argument& arg, std::vector<std::string>& params) const {
  const Type& type = arg.type;
  const std::string& name = arg.name;
  const std::string element = element_type(type);
  if (is_right_array(type)) {
    params.push_back(arg.out ? right_array(type.sent_name) + " *" + name
                             : right_array(type.received_name) + " " + name);
    return;
  }
  if (is_right(type)) {
    const Translation& tran = arg.out ? type.outtran : type.intran;
    const std::string translated = arg.out ? tran.argument : tran.result;
    const std::string raw = right_class(arg.out ? type.sent_name : type.received_name);
    params.push_back(declare((tran.exists() ? translated : raw) + (arg.out ? " *" : ""), name));
    return;
  }
  if (type.place == Place::kOutOfLine) {
    params.push_back(cat("MapCopyPtr ", arg.out ? "*" : "", name));
  } else if (is_array(type)) {
    params.push_back(cat(arg.out ? "" : "const ", element, " *", name));
  } else if (type.shape == Shape::kStruct && !arg.out) {
    params.push_back(cat("const ", server_type(type), " &", name));
  } else {
    params.push_back(declare(
        type.intran.exists() || type.outtran.exists() ? type.translated_ctype() : server_type(type),
        (arg.out ? "*" : "") + name));
  }
  if (type.has_count()) {
    params.push_back(cat("mach_msg_type_number_t ", arg.out ? "*" : "", name, "Cnt"));
  }
  if (type.place == Place::kEither) {
    params.push_back(cat("MapCopyPtr ", arg.out ? "*" : "", name, "Copy"));
  }
}

std::vector<std::string> KernelStub::parameters() const {
  std::vector<std::string> params;
  for (const Argument& arg : routine_.args) {
    switch (arg.role) {
      case Role::kData:
        add_parameters(arg, params);
        break;
      case Role::kRequestPort:
        params.push_back(arg.type.intran.exists() ? declare(arg.type.intran.result, arg.name)
                                                  : "Port *" + arg.name);
        break;
      case Role::kReplyPort:
      case Role::kServerReplyPort:
        params.push_back("AnyRight &" + arg.name);
        break;
      case Role::kMsgSeqno:
        params.push_back(declare(server_type(arg.type), arg.name));
        break;
      default:
        break;
    }
  }
  return params;
}

void KernelStub::emit_handler(const std::string& callee) {
  call_.clear();
  after_call_.clear();
  emit_checks(out_, request_,
              {dialect_, "mig::word(b0_, 4)", "mig::word(b0_, 0)", "return MIG_BAD_ARGUMENTS;"});
  if (request_.complex || request_.may_be_complex) {
    out_.line("mig::word(b0_, 0) &= ~mig::kComplexBit;");
  }
  for (const Argument& arg : routine_.args) load(arg);
  out_.line("const kern_return_t result_ = ", callee, "(", join(call_, ", "), ");");
  for (const std::string& statement : after_call_) out_.line(statement);
  if (routine_.simple) {
    out_.line("return result_;");
    return;
  }
  out_.line("if (result_ != KERN_SUCCESS) return result_;");
  emit_reply();
  out_.line("return KERN_SUCCESS;");
}

void KernelStub::load(const Argument& arg) {
  switch (arg.role) {
    case Role::kRequestPort: {
      const std::string port = port_pointer(cat("mig::word(b0_, ", kRemotePortOffset, ")"));
      const Translation& tran = arg.type.intran;
      call_.push_back(tran.exists() ? cat(tran.function, "(", port, ")") : port);
      return;
    }
    case Role::kReplyPort:
    case Role::kServerReplyPort:
      load_reply_port(arg);
      return;
    case Role::kMsgSeqno:
      call_.push_back(cat("mig::word(b0_, ", kSeqnoOffset, ")"));
      return;
    case Role::kData:
      if (arg.in) load_in(arg, *request_.find(arg));
      if (arg.out) prepare_out(arg);
      return;
    default:
      return;
  }
}

// The right is in the callee's hands during the call; what it does not take goes back.
void KernelStub::load_reply_port(const Argument& arg) {
  const std::string word = cat("mig::word(b0_, ", kLocalPortOffset, ")");
  const std::string type = arg.name + "_type_";
  out_.line("const uint32_t ", type, " = mig::word(b0_, 0) & ", kLocalTypeMask, ";");
  out_.line("AnyRight ", arg.name, "(kind_of_type(", type, " >> 8), ", port_pointer(word), ");");
  out_.line(word, " = 0;");
  out_.line("mig::word(b0_, 0) &= ~", kLocalTypeMask, ";");
  call_.push_back(arg.name);
  after_call_.push_back(cat("if (", arg.name, ".word() != nullptr) {"));
  after_call_.push_back(cat(word, " = mig::to_word(", arg.name, ".leak());"));
  after_call_.push_back(cat("mig::word(b0_, 0) |= ", type, ";"));
  after_call_.push_back("}");
}

void KernelStub::load_in(const Argument& arg, const Item& item) {
  const Type& type = arg.type;
  if (is_right_array(type)) {
    call_.push_back(load_rights(arg, item));
  } else if (is_right(type)) {
    const std::string right = load_right(arg, item);
    if (arg.out) {
      out_.line("auto ", arg.name, " = ", right, ";");
    } else {
      call_.push_back(right);
    }
  } else if (is_array(type)) {
    if (!arg.out) load_array(arg, item);
  } else {
    load_value(arg, item);
  }
}

std::string KernelStub::load_right(const Argument& arg, const Item& item) {
  const Type& type = arg.type;
  if (arg.out && (type.intran.exists() || type.outtran.exists() ||
                  right_class(type.sent_name) != right_class(type.received_name))) {
    throw DefsError(arg.pos, "an inout right of the kernel must be of one kind both ways");
  }
  const std::string port = port_pointer(data_word(dialect_, item));
  std::string right = cat(right_class(type.received_name), "::adopt(", port, ")");
  if (type.received_name == kPolymorphic) {
    right = cat("AnyRight(kind_of_type(", word_at(dialect_, item, type.long_form ? 4 : 0), " & ",
                hex(kNameMask), "), ", port, ")");
  }
  if (!type.intran.exists()) return right;
  // The callee gets what the right stands for; the right itself goes after the call.
  out_.line("const auto ", arg.name, "_right_ = ", right, ";");
  return cat(type.intran.function, "(", arg.name, "_right_.port())");
}

std::string KernelStub::load_rights(const Argument& arg, const Item& item) {
  const Type& type = arg.type;
  const std::string array = right_array(type.received_name);
  const std::string count = type.has_count() ? arg.name + "_n_" : cat(type.elements, "u");
  const std::string here =
      cat(array, "::in_message(", data_address(dialect_, item), ", ", count, ")");
  const std::string moved = cat(array, "::adopt(", data_word(dialect_, item), ", ", count, ")");
  if (type.place == Place::kOutOfLine) return moved;
  return type.place == Place::kInline ? here : cat(arg.name, "_inline_ ? ", here, " : ", moved);
}

void KernelStub::load_array(const Argument& arg, const Item& item) {
  const Type& type = arg.type;
  const std::string copy =
      cat("MapCopyPtr(mig::from_word<MapCopy>(", data_word(dialect_, item), "))");
  const std::string data =
      cat("reinterpret_cast<const ", element_type(type), " *>(", data_address(dialect_, item), ")");
  if (type.place == Place::kOutOfLine) {
    call_.push_back(copy);
  } else {
    call_.push_back(type.place == Place::kEither ? cat(arg.name, "_inline_ ? ", data, " : nullptr")
                                                 : data);
  }
  if (type.has_count()) call_.push_back(arg.name + "_n_");
  if (type.place == Place::kEither) {
    call_.push_back(cat(arg.name, "_inline_ ? MapCopyPtr() : ", copy));
  }
}

void KernelStub::load_value(const Argument& arg, const Item& item) {
  const Type& type = arg.type;
  std::string value = cat("(", server_type(type), ")", data_word(dialect_, item));
  const bool copied = type.shape == Shape::kStruct || type.unit_bytes() != 4;
  const bool renamed = type.intran.exists() || !arg.out;
  if (copied) {
    value = renamed ? arg.name + "_in_" : arg.name;
    out_.line(declare(server_type(type), value), ";");
    out_.line("__builtin_memcpy(&", value, ", ", data_address(dialect_, item), ", ",
              type.unit_bytes(), "u);");
  }
  if (type.intran.exists()) value = cat(type.intran.function, "(", value, ")");
  if (!arg.out) {
    call_.push_back(value);
  } else if (value != arg.name) {
    out_.line("auto ", arg.name, " = ", value, ";");
  }
}

void KernelStub::prepare_out(const Argument& arg) {
  const Type& type = arg.type;
  const std::string& name = arg.name;
  const Item& item = *reply_.find(arg);
  if (is_right_array(type)) {
    out_.line(right_array(type.sent_name), " ", name, ";");
    call_.push_back("&" + name);
    return;
  }
  if (is_right(type)) {
    if (!arg.in) {
      out_.line(type.outtran.exists() ? type.outtran.argument : right_class(type.sent_name), " ",
                name, ";");
    }
    call_.push_back("&" + name);
    return;
  }
  if (type.place == Place::kOutOfLine) {
    out_.line("MapCopyPtr ", name, ";");
    call_.push_back("&" + name);
  } else if (is_array(type)) {
    const std::string element = element_type(type);
    const std::string there = cat("r0_ + ", item.farthest + item.sent.bytes());
    out_.line(element, " *const ", name, " = reinterpret_cast<", element, " *>(", there, ");");
    call_.push_back(name);
    const Item* source = arg.in ? request_.find(arg) : nullptr;
    if (source != nullptr) {
      out_.line("__builtin_memmove(", name, ", ", data_address(dialect_, *source), ", ",
                type.unit_bytes(), "u);");
    } else if (type.shape == Shape::kString) {
      after_call_.push_back(
          cat("const uint32_t ", name, "_n_ = mig::terminate(", name, ", ", type.max_count, "u);"));
      out_.line(name, "[0] = 0;");
    } else if (type.shape == Shape::kFixedArray) {
      out_.line("__builtin_memset(", name, ", 0, ", item.data_bytes, "u);");
    }
  } else {
    if (!arg.in) {
      out_.line(declare(type.outtran.exists() ? type.outtran.argument : server_type(type), name),
                "{};");
    }
    call_.push_back("&" + name);
  }
  prepare_count(arg);
}

void KernelStub::prepare_count(const Argument& arg) {
  const Type& type = arg.type;
  const std::string& name = arg.name;
  if (!type.has_count()) return;
  out_.line("mach_msg_type_number_t ", name,
            "Cnt = ", type.place == Place::kOutOfLine ? "0u" : most_elements(arg), ";");
  if (arg.count_in_out) {
    const std::string room = data_word(dialect_, *request_.find(arg, Item::Kind::kCount));
    out_.line("if (", room, " < ", name, "Cnt) ", name, "Cnt = ", room, ";");
  }
  call_.push_back("&" + name + "Cnt");
  if (type.place == Place::kEither) {
    out_.line("MapCopyPtr ", name, "Copy;");
    call_.push_back("&" + name + "Copy");
  }
}

}  // namespace mig
