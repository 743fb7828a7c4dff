#include "libs/mig/emit_user.h"

#include <algorithm>

#include "libs/mig/emit_common.h"
#include "libs/mig/user_args.h"

namespace mig {
namespace {

/// Emits one user stub.
class UserStub {
 public:
  UserStub(Writer& out, const Subsystem& subsystem, const Routine& routine)
      : out_(out),
        subsystem_(subsystem),
        routine_(routine),
        request_(request_layout(routine)),
        reply_(reply_layout(routine)) {}

  void emit() {
    out_.line(user_prototype(subsystem_, routine_));
    out_.line("{");
    frame();
    for (const Item& item : request_.items) guard(item);
    for (const Item& item : request_.items) pack(item);
    header();
    if (routine_.simple) {
      send_only();
    } else {
      call();
      if (!reply_.items.empty()) {
        unpack();
      } else {
        out_.line("if (m_.head.msgh_size != 32u || (m_.head.msgh_bits >> 31) != 0)");
        out_.line("  return mig_refuse_(&m_.head, MIG_TYPE_ERROR);");
      }
      out_.line("return KERN_SUCCESS;");
    }
    out_.line("}");
    out_.blank();
  }

 private:
  uint32_t buffer_bytes() const {
    return routine_.simple ? request_.max_size : std::max(request_.max_size, reply_.max_size);
  }

  void frame() {
    out_.line("union {");
    out_.line("mach_msg_header_t head;");
    out_.line("char bytes[", buffer_bytes(), "];");
    out_.line("} m_;");
    out_.line("char *const b0_ __attribute__((__unused__)) = m_.bytes;");
    if (!routine_.simple) {
      out_.line("mach_port_t reply_port_;");
      out_.line("mach_msg_return_t result_;");
    }
    if (request_.may_be_complex && !request_.complex) {
      out_.line("mach_msg_bits_t complex_ = 0;");
    }
  }

  // Arrays that do not fit are refused before anything is spent on them.
  void guard(const Item& item) {
    if (item.kind == Item::Kind::kCount) return;
    const Type& type = item.arg->type;
    const std::string& name = item.arg->name;
    if (type.shape == Shape::kString) {
      out_.line("const unsigned int ", name, "_n_ = mig_length_(", name, ", ", type.max_count,
                "u) + 1u;");
      out_.line("if (", name, "_n_ > ", type.max_count, "u) return MIG_ARRAY_TOO_LARGE;");
    } else if (type.has_count() && type.max_count != 0) {
      out_.line("if (", name, "Cnt > ", type.max_count, "u) return MIG_ARRAY_TOO_LARGE;");
    } else if (type.place == Place::kEither) {
      out_.line("const int ", name, "_inline_ = ", name, "Cnt <= ", most_inline(type), "u;");
    }
  }

  std::string count_of(const Item& item) const {
    const Type& type = item.arg->type;
    if (type.varying) return item.arg->name + "_n_";
    return type.has_count() ? item.arg->name + "Cnt" : "";
  }

  void pack(const Item& item) {
    const Type& type = item.arg->type;
    const std::string& name = item.arg->name;
    if (item.kind == Item::Kind::kCount) {
      emit_descriptor(out_, kDialectC, item, item.sent, {});
      out_.line(data_word(kDialectC, item), " = *", name, "Cnt;");
      return;
    }
    DescriptorValues values;
    values.count = count_of(item);
    if (type.sent_name == kPolymorphic) values.name = (item.arg->out ? "*" : "") + name + "Poly";
    if (type.place != Place::kInline && type.dealloc == Dealloc::kArgument) {
      values.dealloc = name + "Dealloc";
    }
    if (type.place == Place::kEither) {
      values.is_inline = name + "_inline_";
      const std::string taken = type.dealloc == Dealloc::kArgument ? name + "Dealloc" : "1";
      if (type.dealloc != Dealloc::kNo) values.dealloc = cat("!", name, "_inline_ && ", taken);
    }
    emit_descriptor(out_, kDialectC, item, item.sent, values);
    if (type.place == Place::kOutOfLine) {
      out_.line(data_word(kDialectC, item), " = (mig_word_t)", name, ";");
    } else if (type.place == Place::kEither) {
      pack_either(item);
    } else {
      pack_inline(item);
    }
  }

  void pack_either(const Item& item) {
    const Type& type = item.arg->type;
    const std::string& name = item.arg->name;
    out_.line("if (", name, "_inline_) {");
    copy_in(item, name + "Cnt");
    out_.line("} else {");
    out_.line(data_word(kDialectC, item), " = (mig_word_t)", name, ";");
    if (!request_.complex) out_.line("complex_ = MACH_MSGH_BITS_COMPLEX;");
    out_.line("}");
    next_segment(item, cat("(", name, "_inline_ ? ", padded_bytes(type, name + "Cnt"), " : 4u)"));
  }

  void pack_inline(const Item& item) {
    const Type& type = item.arg->type;
    const std::string& name = item.arg->name;
    const std::string value = (item.arg->out ? "*" : "") + name;
    if (item.variable) {
      copy_in(item, count_of(item));
      next_segment(item, padded_bytes(type, count_of(item)));
    } else if (type.shape == Shape::kString) {
      out_.line("__builtin_memset(", data_address(kDialectC, item), " + ", name, "_n_, 0, ",
                item.data_bytes, "u - ", name, "_n_);");
      out_.line("__builtin_memcpy(", data_address(kDialectC, item), ", ", name, ", ", name,
                "_n_);");
    } else if (type.shape == Shape::kScalar && type.unit_bytes() == 4) {
      out_.line(data_word(kDialectC, item), " = (mig_word_t)", value, ";");
    } else {
      if (type.unit_bytes() % 4 != 0) clear_last_word(item);
      const std::string address = type.shape == Shape::kFixedArray ? name
                                  : item.arg->out                  ? name
                                                                   : "&" + name;
      out_.line("__builtin_memcpy(", data_address(kDialectC, item), ", ", address, ", ",
                type.unit_bytes(), "u);");
    }
  }

  void clear_last_word(const Item& item) {
    out_.line("MIG_WORD(", base(kDialectC, item.segment), ", ",
              item.data_offset() + item.data_bytes - 4, ") = 0;");
  }

  void copy_in(const Item& item, const std::string& count) {
    const Type& type = item.arg->type;
    const std::string bytes = element_bytes(type, count);
    if (type.varying || type.unit_bytes() % 4 != 0) {
      // The padding must not show what was on the stack.
      out_.line("if ((", bytes, " & 3u) != 0) MIG_WORD(", data_address(kDialectC, item), ", (",
                bytes, ") & ~3u) = 0;");
    }
    out_.line("__builtin_memcpy(", data_address(kDialectC, item), ", (const void *)",
              item.arg->name, ", ", bytes, ");");
  }

  void next_segment(const Item& item, const std::string& bytes) {
    emit_next_segment(out_, kDialectC, item, bytes);
  }

  const Argument* given_reply_port() const {
    const Argument* arg = routine_.find(Role::kUserReplyPort);
    return arg != nullptr ? arg : routine_.find(Role::kReplyPort);
  }

  static std::string disposition(const Argument& port) {
    return port.type.sent_name == kPolymorphic ? port.name + "Poly" : cat(port.type.sent_name, "u");
  }

  void header() {
    const Argument* reply = given_reply_port();
    const std::string remote = disposition(routine_.request_port());
    const std::string local = reply != nullptr  ? disposition(*reply)
                              : routine_.simple ? "0u"
                                                : cat(kMakeSendOnce, "u");
    std::string bits = cat("MACH_MSGH_BITS(", remote, ", ", local, ")");
    if (request_.complex) {
      bits += " | MACH_MSGH_BITS_COMPLEX";
    } else if (request_.may_be_complex) {
      bits += " | complex_";
    }
    out_.line("m_.head.msgh_bits = ", bits, ";");
    out_.line("m_.head.msgh_size = ", size_expression(), ";");
    out_.line("m_.head.msgh_remote_port = ", routine_.request_port().name, ";");
    const std::string port = reply != nullptr  ? reply->name
                             : routine_.simple ? "MACH_PORT_NULL"
                                               : "mig_get_reply_port()";
    if (routine_.simple) {
      out_.line("m_.head.msgh_local_port = ", port, ";");
    } else {
      out_.line("reply_port_ = ", port, ";");
      out_.line("m_.head.msgh_local_port = reply_port_;");
    }
    out_.line("m_.head.msgh_seqno = 0;");
    out_.line("m_.head.msgh_id = ", routine_.id, ";");
  }

  std::string size_expression() const {
    if (request_.fixed()) return cat(request_.max_size, "u");
    return cat("(mach_msg_size_t)(", base(kDialectC, request_.segments - 1), " - b0_) + ",
               request_.tail, "u");
  }

  std::string options(const std::string& basic) const {
    std::string result = basic;
    if (!routine_.msg_option.empty()) result += " | (" + routine_.msg_option + ")";
    if (const Argument* arg = routine_.find(Role::kMsgOption)) result += " | " + arg->name;
    if (has_wait_time()) result += routine_.simple ? " | MACH_SEND_TIMEOUT" : " | MACH_RCV_TIMEOUT";
    return result;
  }

  bool has_wait_time() const {
    return routine_.find(Role::kWaitTime) != nullptr || !routine_.wait_time.empty();
  }

  std::string timeout() const {
    if (const Argument* arg = routine_.find(Role::kWaitTime)) return arg->name;
    return routine_.wait_time.empty() ? "MACH_MSG_TIMEOUT_NONE" : routine_.wait_time;
  }

  void send_only() {
    out_.line("return mach_msg(&m_.head, ", options("MACH_SEND_MSG"),
              ", m_.head.msgh_size, 0, MACH_PORT_NULL,");
    out_.line("                ", timeout(), ", MACH_PORT_NULL);");
  }

  void call() {
    const bool own_port = given_reply_port() == nullptr;
    out_.line("result_ = mach_msg(&m_.head, ", options("MACH_SEND_MSG | MACH_RCV_MSG"),
              ", m_.head.msgh_size,");
    out_.line("                   sizeof m_, reply_port_, ", timeout(), ", MACH_PORT_NULL);");
    out_.line("if (__builtin_expect(result_ != MACH_MSG_SUCCESS, 0)) {");
    if (own_port) out_.line("mig_dealloc_reply_port(reply_port_);");
    out_.line("return result_;");
    out_.line("}");
    if (own_port) out_.line("mig_put_reply_port(reply_port_);");
    const uint32_t id = routine_.id + kSimpleReplyId;
    out_.line("if (__builtin_expect(m_.head.msgh_id != ", id, " || m_.head.msgh_size < 32u ||");
    out_.line(
        "                     MIG_WORD(b0_, 24) != MIG_RETCODE_TYPE || MIG_WORD(b0_, 28) != 0, "
        "0))");
    out_.line("  return mig_failed_reply_(&m_.head, ", id, ");");
  }

  void unpack() {
    out_.line("char *const r0_ = m_.bytes;");
    const CheckContext context = {reply_dialect_, "m_.head.msgh_size", "m_.head.msgh_bits",
                                  "return mig_refuse_(&m_.head, MIG_TYPE_ERROR);"};
    emit_checks(out_, reply_, context);
    for (const Item& item : reply_.items) check_room(item);
    for (const Item& item : reply_.items) load(item);
  }

  // The book's MIG_ARRAY_TOO_LARGE: what there is room for, and the number there would have been.
  void check_room(const Item& item) {
    if (!item.arg->count_in_out || item.arg->type.place != Place::kInline) return;
    const std::string& name = item.arg->name;
    out_.line("if (", name, "_n_ > *", name, "Cnt) {");
    out_.line("__builtin_memcpy((void *)", name, ", ", data_address(reply_dialect_, item), ", ",
              element_bytes(item.arg->type, "*" + name + "Cnt"), ");");
    out_.line("*", name, "Cnt = ", name, "_n_;");
    out_.line("return mig_refuse_(&m_.head, MIG_ARRAY_TOO_LARGE);");
    out_.line("}");
  }

  void load(const Item& item) {
    const Type& type = item.arg->type;
    const std::string& name = item.arg->name;
    if (type.received_name == kPolymorphic) {
      out_.line("*", name, "Poly = ", word_at(reply_dialect_, item, type.long_form ? 4 : 0), " & ",
                hex(kNameMask), ";");
    }
    if (type.place == Place::kOutOfLine) {
      out_.line("*", name, " = (", user_type(type), ")", data_word(reply_dialect_, item), ";");
    } else if (type.place == Place::kEither) {
      load_either(item);
    } else if (type.shape == Shape::kScalar && type.unit_bytes() == 4) {
      out_.line("*", name, " = (", user_type(type), ")", data_word(reply_dialect_, item), ";");
    } else {
      const std::string bytes =
          item.variable ? element_bytes(type, name + "_n_") : cat(type.unit_bytes(), "u");
      out_.line("__builtin_memcpy((void *)", name, ", ", data_address(reply_dialect_, item), ", ",
                bytes, ");");
    }
    if (type.has_count()) out_.line("*", name, "Cnt = ", name, "_n_;");
  }

  // The caller's array is used when the data fits; else the data gets memory of its own.
  void load_either(const Item& item) {
    const Type& type = item.arg->type;
    const std::string& name = item.arg->name;
    const std::string bytes = element_bytes(type, name + "_n_");
    out_.line("if (!", name, "_inline_) {");
    out_.line("*", name, " = (", user_type(type), ")", data_word(reply_dialect_, item), ";");
    out_.line("} else {");
    out_.line("if (", name, "_n_ > *", name, "Cnt) {");
    out_.line("vm_offset_t memory_;");
    out_.line("mig_allocate(&memory_, ", bytes, ");");
    out_.line("if (memory_ == 0) return mig_refuse_(&m_.head, KERN_RESOURCE_SHORTAGE);");
    out_.line("*", name, " = (", user_type(type), ")memory_;");
    out_.line("}");
    out_.line("__builtin_memcpy((void *)*", name, ", ", data_address(reply_dialect_, item), ", ",
              bytes, ");");
    out_.line("}");
  }

  Writer& out_;
  const Subsystem& subsystem_;
  const Routine& routine_;
  const Dialect reply_dialect_ = kDialectC.for_reply();
  MessageLayout request_;
  MessageLayout reply_;
};

}  // namespace

std::string emit_user_source(const Subsystem& subsystem, const std::string& header) {
  Writer out;
  emit_banner(out, subsystem, "User stubs");
  out.line("#include \"", header, "\"");
  out.blank();
  out.line("#include \"libs/mig/runtime/mig_stub.h\"");
  out.blank();
  for (const Routine& routine : subsystem.routines) UserStub(out, subsystem, routine).emit();
  return out.text();
}

std::string emit_user_header(const Subsystem& subsystem) {
  Writer out;
  const std::string guard = "MIG_USER_" + subsystem.name + "_" + std::to_string(subsystem.base);
  emit_banner(out, subsystem, "User functions");
  out.line("#ifndef ", guard);
  out.line("#define ", guard);
  out.blank();
  out.line("#include <mach/kern_return.h>");
  out.line("#include <mach/message.h>");
  out.line("#include <mach/port.h>");
  emit_imports(out, subsystem, Side::kUser);
  out.blank();
  out.line("#ifdef __cplusplus");
  out.line("extern \"C\" {");
  out.line("#endif");
  out.blank();
  for (const Routine& routine : subsystem.routines) {
    out.line("extern ", user_prototype(subsystem, routine), ";");
  }
  out.blank();
  out.line("#ifdef __cplusplus");
  out.line("}");
  out.line("#endif");
  out.blank();
  out.line("#endif");
  return out.text();
}

}  // namespace mig
