// The reply half of KernelStub.
#include "libs/mig/kernel_stub.h"
#include "libs/mig/kernel_types.h"

namespace mig {

void KernelStub::emit_reply() {
  for (const Item& item : reply_.items) limit(item);
  for (const Item& item : reply_.items) pack(item);
  std::string size = cat(reply_.max_size, "u");
  if (!reply_.fixed()) {
    size = cat("static_cast<uint32_t>(", base(reply_dialect_, reply_.segments - 1), " - r0_) + ",
               reply_.tail, "u");
  }
  out_.line("mig::word(r0_, 4) = ", size, ";");
  out_.line("mig::word(r0_, 24) = mig::kRetCodeType;");
  out_.line("mig::word(r0_, 28) = KERN_SUCCESS;");
  if (reply_.complex) out_.line("mig::word(r0_, 0) |= mig::kComplexBit;");
}

// Whatever the callee says, no more than the declared maximum is sent.
void KernelStub::limit(const Item& item) {
  const Type& type = item.arg->type;
  const std::string& name = item.arg->name;
  const uint32_t most = most_inline(type);
  if (is_right_array(type)) {
    if (type.place == Place::kInline) {
      out_.line(name, ".shrink(", type.has_count() ? most : type.elements, "u);");
    }
    out_.line("const uint32_t ", name, "Cnt = ", name, ".size();");
    if (type.place == Place::kEither) {
      out_.line("const bool ", name, "_inline_ = ", name, "Cnt <= ", most, "u;");
    }
  } else if (type.place == Place::kInline && type.has_count()) {
    const std::string most_here = most_elements(*item.arg);
    out_.line("if (", name, "Cnt > ", most_here, ") ", name, "Cnt = ", most_here, ";");
  } else if (type.place == Place::kEither) {
    out_.line("const bool ", name, "_inline_ = !", name, "Copy;");
    out_.line("if (", name, "_inline_ && ", name, "Cnt > ", most, "u) ", name, "Cnt = ", most,
              "u;");
  }
}

void KernelStub::pack(const Item& item) {
  const Type& type = item.arg->type;
  const std::string& name = item.arg->name;
  DescriptorValues values;
  if (type.has_count()) values.count = name + "Cnt";
  if (type.varying) values.count = name + "_n_";
  if (type.sent_name == kPolymorphic) values.name = cat("type_of_kind(", name, ".kind())");
  if (type.place == Place::kEither) values.is_inline = name + "_inline_";
  if (is_array(type) && type.place != Place::kOutOfLine) pack_array(item);
  emit_descriptor(out_, reply_dialect_, item, kernel_form(item), values);
  if (type.place == Place::kOutOfLine) {
    const std::string word =
        is_right_array(type) ? cat(name, ".leak()") : cat("mig::to_word(", name, ".release())");
    out_.line(data_word(reply_dialect_, item), " = ", word, ";");
  } else if (!is_array(type)) {
    pack_value(item);
  }
}

void KernelStub::pack_array(const Item& item) {
  const Type& type = item.arg->type;
  const std::string& name = item.arg->name;
  const std::string to = data_address(reply_dialect_, item);
  const bool rights = is_right_array(type);
  if (type.place == Place::kEither) {
    out_.line("if (!", name, "_inline_) {");
    out_.line(data_word(reply_dialect_, item), " = ",
              rights ? cat(name, ".leak()") : cat("mig::to_word(", name, "Copy.release())"), ";");
    out_.line("mig::word(r0_, 0) |= mig::kComplexBit;");
    out_.line("} else {");
  }
  std::string bytes = cat(type.unit_bytes(), "u");
  if (type.has_count()) bytes = element_bytes(type, name + "Cnt");
  if (type.shape == Shape::kString) bytes = name + "_n_";
  if (rights) {
    out_.line(name, ".move_to(", to, ");");
  } else if (item.segment != 0) {
    out_.line("__builtin_memmove(", to, ", ", name, ", ", bytes, ");");
  }
  if (type.varying || (type.has_count() && type.unit_bytes() % 4 != 0)) {
    out_.line("mig::clear_padding(", to, ", ", bytes, ");");
  } else if (type.shape == Shape::kString) {
    out_.line("__builtin_memset(", to, " + ", bytes, ", 0, ", item.data_bytes, "u - ", bytes, ");");
  }
  if (type.place == Place::kEither) out_.line("}");
  if (!item.variable) return;
  std::string advance = padded_bytes(type, type.varying ? name + "_n_" : name + "Cnt");
  if (type.place == Place::kEither) advance = cat("(", name, "_inline_ ? ", advance, " : 4u)");
  emit_next_segment(out_, reply_dialect_, item, advance);
}

void KernelStub::pack_value(const Item& item) {
  const Type& type = item.arg->type;
  const std::string& name = item.arg->name;
  const std::string word = data_word(reply_dialect_, item);
  std::string value = name;
  if (type.outtran.exists())
    value = cat(type.outtran.function, "(static_cast<", type.outtran.argument, " &&>(", name, "))");
  if (is_right(type)) {
    out_.line(word, " = mig::to_word(", value, ".leak());");
  } else if (type.shape == Shape::kScalar && type.unit_bytes() == 4) {
    out_.line(word, " = (uint32_t)", value, ";");
  } else {
    if (type.unit_bytes() % 4 != 0) {
      out_.line("mig::word(", base(reply_dialect_, item.segment), ", ",
                item.data_offset() + item.data_bytes - 4, ") = 0;");
    }
    if (value != name) {
      out_.line(declare(server_type(type), name + "_out_"), " = ", value, ";");
      value = name + "_out_";
    }
    out_.line("__builtin_memcpy(", data_address(reply_dialect_, item), ", &", value, ", ",
              type.unit_bytes(), "u);");
  }
}

}  // namespace mig
