#include "libs/mig/emit_common.h"

namespace mig {

const Dialect kDialectC = {"MIG_WORD", "unsigned int", "mig_has_nul_"};
const Dialect kDialectCxx = {"mig::word", "uint32_t", "mig::has_nul"};

namespace {

/// Emits the checks of one message; gathers conditions so that they become one `if`.
class CheckEmitter {
 public:
  CheckEmitter(Writer& out, const MessageLayout& layout, const CheckContext& context)
      : out_(out), layout_(layout), context_(context), dialect_(context.dialect) {}

  void run() {
    frame();
    for (const Item& item : layout_.items) check(item);
    if (!layout_.fixed()) conditions_.push_back("spare_ != 0");
    flush();
  }

 private:
  void frame() {
    const bool fixed = layout_.fixed();
    conditions_.push_back(cat(context_.size, fixed ? " != " : " < ", layout_.min_size, "u"));
    if (layout_.complex || !layout_.may_be_complex) {
      conditions_.push_back(cat("(", context_.bits, " >> 31) != ", layout_.complex ? 1 : 0));
    }
    if (fixed) return;
    flush();
    out_.line(dialect_.unsigned32, " spare_ = ", context_.size, " - ", layout_.min_size, "u;");
  }

  void check(const Item& item) {
    if (item.kind == Item::Kind::kCount) {
      conditions_.push_back(cat(word_at(dialect_, item), " != ", hex(item.received.word)));
      return;
    }
    const Type& type = item.arg->type;
    if (type.received_name == kPolymorphic) {
      polymorphic(item);
    } else if (item.variable || (type.has_count() && type.place == Place::kOutOfLine)) {
      counted(item);
    } else {
      fixed(item);
    }
    if (type.shape == Shape::kString && context_.check_strings) string(item);
  }

  void fixed(const Item& item) {
    const Descriptor& form = item.received;
    const bool moved = item.arg->type.place == Place::kOutOfLine;
    const std::string word = word_at(dialect_, item);
    conditions_.push_back(moved ? cat("(", word, " & ~", hex(kDeallocFlag), ") != ", hex(form.word))
                                : cat(word, " != ", hex(form.word)));
    if (!form.long_form) return;
    conditions_.push_back(cat(word_at(dialect_, item, 4), " != ", hex(form.name_size)));
    conditions_.push_back(cat(word_at(dialect_, item, 8), " != ", form.number, "u"));
  }

  // The received name must be one of the three kinds of rights; the rest is as in fixed().
  void polymorphic(const Item& item) {
    const Descriptor& form = item.received;
    const std::string word = word_at(dialect_, item, form.long_form ? 4 : 0);
    const uint32_t wanted = form.long_form ? form.name_size : form.word;
    if (form.long_form) {
      conditions_.push_back(cat(word_at(dialect_, item), " != ", hex(form.word)));
    }
    conditions_.push_back(cat("(", word, " & ~", hex(kNameMask), ") != ", hex(wanted)));
    conditions_.push_back(cat("(", word, " & ", hex(kNameMask), ") - 16u > 2u"));
    if (form.long_form) {
      conditions_.push_back(cat(word_at(dialect_, item, 8), " != ", form.number, "u"));
    }
  }

  void counted(const Item& item) {
    const Type& type = item.arg->type;
    const Descriptor& form = item.received;
    const std::string name = item.arg->name;
    const std::string word = word_at(dialect_, item);
    uint32_t ignored = type.place == Place::kInline ? 0 : kDeallocFlag;
    if (type.place == Place::kEither) ignored |= kInlineFlag;
    if (!form.long_form) ignored |= kNumberMask;
    const std::string seen = ignored == 0 ? word : cat("(", word, " & ~", hex(ignored), ")");
    conditions_.push_back(cat(seen, " != ", hex(form.word & ~ignored)));
    if (form.long_form) {
      conditions_.push_back(cat(word_at(dialect_, item, 4), " != ", hex(form.name_size)));
    }
    const std::string number = form.long_form
                                   ? word_at(dialect_, item, 8)
                                   : cat("((", word, " & ", hex(kNumberMask), ") >> 16)");
    if (type.elements > 1) conditions_.push_back(cat(number, " % ", type.elements, "u != 0"));
    flush();
    out_.line("const ", dialect_.unsigned32, " ", name, "_n_ = ", number,
              type.elements > 1 ? cat(" / ", type.elements, "u") : "", ";");
    if (type.place == Place::kEither) return either(item);
    if (type.max_count != 0) conditions_.push_back(cat(name, "_n_ > ", type.max_count, "u"));
    if (item.variable) claim(item, padded_bytes(type, name + "_n_"));
  }

  void either(const Item& item) {
    const Type& type = item.arg->type;
    const std::string name = item.arg->name;
    const std::string word = word_at(dialect_, item);
    const std::string is_inline = cat("(", word, " & ", hex(kInlineFlag), ") != 0");
    out_.line("const int ", name, "_inline_ = ", is_inline, ";");
    conditions_.push_back(cat("(", name, "_inline_ && ", name, "_n_ > ", most_inline(type), "u)"));
    if (!layout_.complex) {
      conditions_.push_back(cat("(!", name, "_inline_ && (", context_.bits, " >> 31) == 0)"));
    }
    claim(item, cat(name, "_inline_ ? ", padded_bytes(type, name + "_n_"), " : 4u"));
  }

  void claim(const Item& item, const std::string& bytes) {
    const std::string name = item.arg->name;
    flush();
    out_.line("const ", dialect_.unsigned32, " ", name, "_bytes_ = ", bytes, ";");
    out_.line("if (", name, "_bytes_ > spare_) ", context_.fail);
    out_.line("spare_ -= ", name, "_bytes_;");
    emit_next_segment(out_, dialect_, item, name + "_bytes_");
  }

  void string(const Item& item) {
    const Type& type = item.arg->type;
    flush();
    const std::string bytes = type.varying ? item.arg->name + "_n_" : cat(type.max_count, "u");
    conditions_.push_back(
        cat("!", dialect_.has_nul, "(", data_address(dialect_, item), ", ", bytes, ")"));
  }

  void flush() {
    if (conditions_.empty()) return;
    if (conditions_.size() == 1) {
      out_.line("if (", conditions_[0], ") ", context_.fail);
    } else {
      out_.line("if (", conditions_[0], " ||");
      for (size_t i = 1; i + 1 < conditions_.size(); ++i) out_.line("    ", conditions_[i], " ||");
      out_.line("    ", conditions_.back(), ") ", context_.fail);
    }
    conditions_.clear();
  }

  Writer& out_;
  const MessageLayout& layout_;
  const CheckContext& context_;
  const Dialect& dialect_;
  std::vector<std::string> conditions_;
};

}  // namespace

void emit_checks(Writer& out, const MessageLayout& layout, const CheckContext& context) {
  CheckEmitter(out, layout, context).run();
}

std::string base(const Dialect& dialect, uint32_t segment) {
  return cat(dialect.base, segment, "_");
}

std::string word_at(const Dialect& dialect, const Item& item, uint32_t extra) {
  return cat(dialect.word, "(", base(dialect, item.segment), ", ", item.offset + extra, ")");
}

std::string data_word(const Dialect& dialect, const Item& item) {
  return cat(dialect.word, "(", base(dialect, item.segment), ", ", item.data_offset(), ")");
}

std::string data_address(const Dialect& dialect, const Item& item) {
  return cat(base(dialect, item.segment), " + ", item.data_offset());
}

void emit_next_segment(Writer& out, const Dialect& dialect, const Item& item,
                       const std::string& bytes) {
  out.line("char *const ", base(dialect, item.segment + 1),
           " __attribute__((__unused__)) = ", data_address(dialect, item), " + ", bytes, ";");
}

std::string element_bytes(const Type& type, const std::string& count) {
  const uint32_t unit = type.varying ? 1 : type.unit_bytes();
  return unit == 1 ? count : cat(count, " * ", unit, "u");
}

std::string padded_bytes(const Type& type, const std::string& count) {
  const uint32_t unit = type.varying ? 1 : type.unit_bytes();
  const std::string bytes = element_bytes(type, count);
  return unit % 4 == 0 ? bytes : cat("((", bytes, " + 3u) & ~3u)");
}

std::string number_of(const Type& type, const std::string& count) {
  return type.elements > 1 && !type.varying ? cat("(", count, ") * ", type.elements, "u") : count;
}

void emit_descriptor(Writer& out, const Dialect& dialect, const Item& item, const Descriptor& form,
                     const DescriptorValues& values) {
  const std::string name = values.name.empty() ? "" : cat(" | (", values.name, ")");
  std::string flags;
  if (!values.dealloc.empty())
    flags += cat(" | ((", values.dealloc, ") ? ", hex(kDeallocFlag), " : 0u)");
  uint32_t word = form.word;
  if (!values.is_inline.empty()) {
    word &= ~kInlineFlag;
    flags += cat(" | (", values.is_inline, " ? ", hex(kInlineFlag), " : 0u)");
  }
  if (form.long_form) {
    out.line(word_at(dialect, item), " = ", hex(word), flags, ";");
    out.line(word_at(dialect, item, 4), " = ", hex(form.name_size), name, ";");
    out.line(word_at(dialect, item, 8), " = ",
             values.count.empty() ? cat(form.number, "u") : number_of(item.arg->type, values.count),
             ";");
    return;
  }
  const std::string number = values.count.empty()
                                 ? ""
                                 : cat(" | (", dialect.unsigned32, ")(",
                                       number_of(item.arg->type, values.count), ") << 16");
  out.line(word_at(dialect, item), " = ", hex(word), name, number, flags, ";");
}

namespace {
std::string type_or_element(const Type& type, const std::string& named) {
  if (!named.empty()) return named;
  if (type.shape == Shape::kScalar) return type.element_ctype;
  return type.element_ctype + " *";
}
}  // namespace

// A string's own C type is an array, which C passes as a pointer: any will do for any.
std::string user_type(const Type& type) {
  if (type.shape == Shape::kString) return "char *";
  return type_or_element(type, type.user_ctype());
}

std::string server_type(const Type& type) {
  if (type.shape == Shape::kString) return "char *";
  return type_or_element(type, type.server_ctype());
}

std::string declare(const std::string& type, const std::string& name) {
  return type + (type.back() == '*' ? "" : " ") + name;
}

std::string element_type(const Type& type) {
  return type.element_ctype.empty() ? "char" : type.element_ctype;
}

uint32_t most_inline(const Type& type) {
  if (type.place == Place::kEither) return kMaxUnboundedInline / type.unit_bytes();
  return type.max_count;
}

void emit_banner(Writer& out, const Subsystem& subsystem, const std::string& what) {
  out.line("/* ", what, " of the ", subsystem.name, " interface, generated by mig. */");
}

void emit_imports(Writer& out, const Subsystem& subsystem, Side side) {
  for (const Import& import : subsystem.imports) {
    if (import.side == Side::kBoth || import.side == side) out.line("#include ", import.spelled);
  }
}

}  // namespace mig
