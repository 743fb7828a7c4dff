// The reply half of ServerStub.
#include "libs/mig/server_stub.h"

namespace mig {

void ServerStub::emit_reply(Pack mode) {
  for (const Item& item : reply_.items) limit(item, mode);
  for (const Item& item : reply_.items) pack(item, mode);
  std::string size = cat(reply_.max_size, "u");
  if (!reply_.fixed()) {
    size = cat("(mach_msg_size_t)(", base(reply_dialect_, reply_.segments - 1), " - r0_) + ",
               reply_.tail, "u");
  }
  out_.line(dialect_.word, "(r0_, 4) = ", size, ";");
  if (reply_.complex) out_.line(dialect_.word, "(r0_, 0) |= MACH_MSGH_BITS_COMPLEX;");
}

// Whatever the server's function says, no more than the declared maximum is sent.
void ServerStub::limit(const Item& item, Pack mode) {
  const Type& type = item.arg->type;
  const std::string& name = item.arg->name;
  if (type.place == Place::kInline && type.has_count()) {
    out_.line("if (", name, "Cnt > ", type.max_count, "u) ",
              mode == Pack::kCopy ? cat("return MIG_ARRAY_TOO_LARGE;")
                                  : cat(name, "Cnt = ", type.max_count, "u;"));
  } else if (type.shape == Shape::kString && mode == Pack::kCopy) {
    out_.line("const uint32_t ", name, "_n_ = mig::length(", name, ", ", type.max_count,
              "u) + 1u;");
    out_.line("if (", name, "_n_ > ", type.max_count, "u) return MIG_ARRAY_TOO_LARGE;");
  } else if (type.place == Place::kEither) {
    const std::string here = cat(name, "Cnt <= ", most_inline(type), "u");
    const std::string own =
        cat("(const char *)", name, " == r0_ + ", item.farthest + item.sent.bytes());
    if (mode == Pack::kInPlace) {
      out_.line("const int ", name, "_inline_ = ", own, ";");
      out_.line("if (", name, "_inline_ && !(", here, ")) ", name, "Cnt = ", most_inline(type),
                "u;");
    } else {
      out_.line("const int ", name, "_inline_ = ", here, ";");
    }
  }
}

void ServerStub::pack(const Item& item, Pack mode) {
  const Type& type = item.arg->type;
  const std::string& name = item.arg->name;
  if (is_array(type) && type.place != Place::kOutOfLine) {
    // Data first: in place, an earlier descriptor may lie where this item's data was put.
    pack_array(item, mode);
  }
  DescriptorValues values;
  if (type.has_count()) values.count = name + "Cnt";
  if (type.varying) values.count = name + "_n_";
  if (type.sent_name == kPolymorphic) values.name = name + "Poly";
  if (type.place != Place::kInline && type.dealloc == Dealloc::kArgument) {
    values.dealloc = name + "Dealloc";
  }
  if (type.place == Place::kEither) {
    values.is_inline = name + "_inline_";
    if (type.dealloc != Dealloc::kNo) {
      values.dealloc = cat("!", name, "_inline_",
                           type.dealloc == Dealloc::kArgument ? " && " + name + "Dealloc" : "");
    }
  }
  emit_descriptor(out_, reply_dialect_, item, item.sent, values);
  if (type.place == Place::kOutOfLine) {
    out_.line(data_word(reply_dialect_, item), " = (", dialect_.unsigned32, ")", name, ";");
  } else if (!is_array(type)) {
    pack_value(item);
  }
}

void ServerStub::pack_array(const Item& item, Pack mode) {
  const Type& type = item.arg->type;
  const std::string& name = item.arg->name;
  const std::string to = data_address(reply_dialect_, item);
  if (type.shape == Shape::kString && mode == Pack::kInPlace) {
    out_.line("const ", dialect_.unsigned32, " ", name,
              "_n_ = ", language_ == Language::kC ? "mig_terminate_" : "mig::terminate", "(", name,
              ", ", type.max_count, "u);");
  }
  std::string bytes = cat(type.unit_bytes(), "u");
  if (type.has_count()) bytes = element_bytes(type, name + "Cnt");
  if (type.shape == Shape::kString) bytes = name + "_n_";
  const bool already_there = mode == Pack::kInPlace && item.segment == 0;
  const char* copy = mode == Pack::kInPlace ? "__builtin_memmove" : "__builtin_memcpy";
  if (type.place == Place::kEither) {
    out_.line("if (!", name, "_inline_) {");
    out_.line(data_word(reply_dialect_, item), " = (", dialect_.unsigned32, ")", name, ";");
    out_.line(dialect_.word, "(r0_, 0) |= MACH_MSGH_BITS_COMPLEX;");
    out_.line("} else {");
  }
  if (!already_there) out_.line(copy, "(", to, ", ", name, ", ", bytes, ");");
  if (type.varying || (type.has_count() && type.unit_bytes() % 4 != 0)) {
    out_.line(language_ == Language::kC ? "mig_clear_padding_" : "mig::clear_padding", "(", to,
              ", ", bytes, ");");
  } else if (type.shape == Shape::kString) {
    out_.line("__builtin_memset(", to, " + ", bytes, ", 0, ", item.data_bytes, "u - ", bytes, ");");
  } else if (!type.has_count() && mode == Pack::kCopy && type.unit_bytes() % 4 != 0) {
    out_.line("__builtin_memset(", to, " + ", bytes, ", 0, ", item.data_bytes - type.unit_bytes(),
              "u);");
  }
  if (type.place == Place::kEither) out_.line("}");
  if (!item.variable) return;
  std::string advance = padded_bytes(type, type.varying ? name + "_n_" : name + "Cnt");
  if (type.place == Place::kEither) advance = cat("(", name, "_inline_ ? ", advance, " : 4u)");
  emit_next_segment(out_, reply_dialect_, item, advance);
}

void ServerStub::pack_value(const Item& item) {
  const Type& type = item.arg->type;
  const std::string& name = item.arg->name;
  std::string value = name;
  if (type.outtran.exists()) value = cat(type.outtran.function, "(", name, ")");
  if (type.shape == Shape::kScalar && type.unit_bytes() == 4) {
    out_.line(data_word(reply_dialect_, item), " = (", dialect_.unsigned32, ")", value, ";");
    return;
  }
  if (type.unit_bytes() % 4 != 0) {
    out_.line(dialect_.word, "(", base(reply_dialect_, item.segment), ", ",
              item.data_offset() + item.data_bytes - 4, ") = 0;");
  }
  std::string source = name;
  if (value != name) {
    source = name + "_out_";
    out_.line(declare(server_type(type), source), " = ", value, ";");
  }
  out_.line("__builtin_memcpy(", data_address(reply_dialect_, item), ", &", source, ", ",
            type.unit_bytes(), "u);");
}

std::vector<std::string> ServerStub::late_parameters() const {
  std::vector<std::string> params;
  for (const Item& item : reply_.items) {
    const Argument& arg = *item.arg;
    const Type& type = arg.type;
    if (is_array(type)) {
      params.push_back(cat("const ", element_type(type), " *", arg.name));
    } else {
      params.push_back(local(type, arg.name));
    }
    if (type.sent_name == kPolymorphic)
      params.push_back("mach_msg_type_name_t " + arg.name + "Poly");
    if (type.has_count()) params.push_back("mach_msg_type_number_t " + arg.name + "Cnt");
    if (type.dealloc == Dealloc::kArgument) params.push_back("boolean_t " + arg.name + "Dealloc");
  }
  return params;
}

void ServerStub::emit_late_reply(const std::string& port_type) {
  out_.line("union {");
  out_.line("mach_msg_header_t head;");
  out_.line("char bytes[", reply_.max_size, "];");
  out_.line("} m_;");
  if (!reply_.items.empty()) out_.line("char *const r0_ = m_.bytes;");
  out_.line("mig::begin_late_reply(&m_.head, reply_port, ", port_type, ", ",
            routine_.id + kSimpleReplyId, ", code);");
  if (!reply_.items.empty()) {
    out_.line("if (code == KERN_SUCCESS) {");
    emit_reply(Pack::kCopy);
    out_.line("}");
  }
  out_.line("return mig::send_late_reply(&m_.head);");
}

}  // namespace mig
