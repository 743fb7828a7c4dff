#include "libs/mig/type_parser.h"

#include <array>
#include <string_view>

#include "libs/mig/text.h"

namespace mig {
namespace {

constexpr uint32_t kMaxShortNumber = 4095;
constexpr uint32_t kMaxShortSize = 255;
constexpr int kStringC = 12;

struct Primitive {
  std::string_view name;
  int sent, received;
  uint32_t bits;
  std::string_view ctype;
};

// PORT_* name what is received, so the sender has to say how it makes that right.
constexpr std::array kPrimitives = {
    Primitive{"UNSTRUCTURED", 0, 0, 0, "char"},
    Primitive{"BIT", 0, 0, 1, "unsigned int"},
    Primitive{"BOOLEAN", 0, 0, 32, "boolean_t"},
    Primitive{"INTEGER_16", 1, 1, 16, "short"},
    Primitive{"INTEGER_32", 2, 2, 32, "int"},
    Primitive{"CHAR", 8, 8, 8, "char"},
    Primitive{"BYTE", 9, 9, 8, "unsigned char"},
    Primitive{"INTEGER_8", 9, 9, 8, "unsigned char"},
    Primitive{"REAL", 10, 10, 32, "float"},
    Primitive{"INTEGER_64", 11, 11, 64, "long long"},
    Primitive{"STRING", 12, 12, 0, "char"},
    Primitive{"STRING_C", 12, 12, 0, "char"},
    Primitive{"PORT_NAME", 15, 15, 32, "mach_port_name_t"},
    Primitive{"MOVE_RECEIVE", kMoveReceive, kMoveReceive, 32, "mach_port_t"},
    Primitive{"COPY_SEND", kCopySend, kMoveSend, 32, "mach_port_t"},
    Primitive{"MAKE_SEND", kMakeSend, kMoveSend, 32, "mach_port_t"},
    Primitive{"MOVE_SEND", kMoveSend, kMoveSend, 32, "mach_port_t"},
    Primitive{"MAKE_SEND_ONCE", kMakeSendOnce, kMoveSendOnce, 32, "mach_port_t"},
    Primitive{"MOVE_SEND_ONCE", kMoveSendOnce, kMoveSendOnce, 32, "mach_port_t"},
    Primitive{"PORT_RECEIVE", kPolymorphic, kMoveReceive, 32, "mach_port_t"},
    Primitive{"PORT_SEND", kPolymorphic, kMoveSend, 32, "mach_port_t"},
    Primitive{"PORT_SEND_ONCE", kPolymorphic, kMoveSendOnce, 32, "mach_port_t"},
    Primitive{"POLYMORPHIC", kPolymorphic, kPolymorphic, 32, "mach_port_t"},
};

const Primitive* find_primitive(std::string_view name) {
  if (lower(name) == "polymorphic") name = "POLYMORPHIC";
  for (std::string_view prefix : {"MACH_MSG_TYPE_", "MSG_TYPE_"}) {
    if (name.substr(0, prefix.size()) == prefix) name = name.substr(prefix.size());
  }
  for (const Primitive& primitive : kPrimitives) {
    if (primitive.name == name) return &primitive;
  }
  return nullptr;
}

std::string primitive_ctype(const Type& type) {
  for (const Primitive& primitive : kPrimitives) {
    if (primitive.sent != type.sent_name || primitive.received != type.received_name) continue;
    if (primitive.bits == type.element_bits || primitive.bits == 0)
      return std::string(primitive.ctype);
  }
  return type.element_bits == 16 ? "short" : type.element_bits == 32 ? "int" : "char";
}

void anonymize(Type& type) {
  type.name = type.ctype = type.cusertype = type.cservertype = "";
  type.intran = type.outtran = type.destructor = {};
}

}  // namespace

void TypeParser::declaration() {
  const SourcePos pos = tokens_.peek().pos;
  const std::string name = tokens_.identifier("a type name");
  tokens_.expect("=");
  Type type = specification(Use::kDerive);
  type.name = name;
  tokens_.expect(";");
  if (!types_.emplace(name, type).second) {
    throw DefsError(pos, "type '" + name + "' is declared twice");
  }
}

Type TypeParser::argument_type() {
  if (!tokens_.peek(1).is("=")) return specification();
  const std::string name = tokens_.identifier("a type name");
  tokens_.expect("=");
  Type type = specification(Use::kDerive);
  type.name = name;
  return type;
}

Type TypeParser::specification(Use use) {
  Type type = plain(use);
  translations(type);
  finish(type);
  return type;
}

void TypeParser::finish(Type& type) {
  const bool unbounded = type.has_count() && type.max_count == 0;
  const uint32_t most = type.has_count() ? type.max_count * type.elements : type.elements;
  if (unbounded || most > kMaxShortNumber || type.element_bits > kMaxShortSize) {
    type.long_form = true;
  }
}

Type TypeParser::plain(Use use) {
  if (tokens_.take("^")) return reference();
  if (tokens_.take_keyword("array")) return array();
  if (tokens_.take_keyword("struct")) return structure();
  if (tokens_.take_keyword("c_string")) return string();
  const Token& token = tokens_.peek();
  const auto known = types_.find(token.text);
  if (token.kind != TokenKind::kIdentifier || known == types_.end()) return primitive();
  tokens_.next();
  Type type = known->second;
  if (use == Use::kDerive) anonymize(type);
  return type;
}

TypeParser::Names TypeParser::message_type() {
  const Token& token = tokens_.next();
  if (token.kind == TokenKind::kNumber) {
    const int value = static_cast<int>(number_value(token));
    return {value, value, 0};
  }
  const Primitive* primitive = find_primitive(token.text);
  if (primitive == nullptr) throw DefsError(token.pos, "unknown type '" + token.text + "'");
  return {primitive->sent, primitive->received, primitive->bits};
}

Type TypeParser::primitive() {
  const SourcePos pos = tokens_.peek().pos;
  const bool parenthesized = tokens_.take("(");
  Names names = message_type();
  if (tokens_.take("|")) names.received = message_type().received;
  Type type;
  type.sent_name = names.sent;
  type.received_name = names.received;
  type.element_bits = names.bits;
  if (parenthesized) {
    if (tokens_.take(",")) type.element_bits = expression();
    while (tokens_.take(",")) {
      if (tokens_.take_keyword("dealloc")) {
        type.dealloc = Dealloc::kYes;
      } else if (tokens_.take_keyword("islong")) {
        type.long_form = true;
      } else {
        tokens_.fail("unknown flag '" + tokens_.peek().text + "'");
      }
    }
    tokens_.expect(")");
  }
  if (type.element_bits == 0) throw DefsError(pos, "the type needs a size: (type, bits)");
  type.element_ctype = primitive_ctype(type);
  if (type.sent_name == kStringC) {
    if (type.element_bits % 8 != 0) throw DefsError(pos, "a string's size is not whole characters");
    type.shape = Shape::kString;
    type.max_count = type.element_bits / 8;
    type.element_ctype = "char";
  }
  return type;
}

Type TypeParser::array() {
  Type type;
  bool bounded = false, counted = true;
  uint32_t count = 0;
  tokens_.expect("[");
  if (tokens_.take("*")) {
    if (tokens_.take(":")) {
      count = expression();
      bounded = true;
    }
  } else if (!tokens_.peek().is("]")) {
    count = expression();
    bounded = true;
    counted = false;
  }
  tokens_.expect("]");
  if (!tokens_.take_keyword("of")) tokens_.fail("expected 'of'");
  const SourcePos pos = tokens_.peek().pos;
  if (bounded && count == 0) throw DefsError(pos, "an array has at least one element");
  type = plain(Use::kAsIs);
  if (type.has_count() || type.place != Place::kInline || type.varying) {
    throw DefsError(pos, "elements of an array must have a fixed size and be in-line");
  }
  const std::string element = type.server_ctype();
  type.element_ctype = element.empty() ? type.element_ctype : element;
  anonymize(type);
  type.shape = counted ? Shape::kVarArray : Shape::kFixedArray;
  type.max_count = count;
  if (!counted) type.elements *= count;
  if (counted && !bounded) type.place = Place::kEither;
  return type;
}

Type TypeParser::structure() {
  tokens_.expect("[");
  const uint32_t count = expression();
  tokens_.expect("]");
  if (!tokens_.take_keyword("of")) tokens_.fail("expected 'of'");
  const SourcePos pos = tokens_.peek().pos;
  Type type = plain(Use::kAsIs);
  if (type.has_count() || type.place != Place::kInline || count == 0 || type.varying) {
    throw DefsError(pos, "a structure is made of a fixed number of in-line elements");
  }
  anonymize(type);
  type.shape = Shape::kStruct;
  type.elements *= count;
  return type;
}

Type TypeParser::string() {
  Type type;
  tokens_.expect("[");
  type.varying = tokens_.take("*");
  if (type.varying) tokens_.expect(":");
  type.max_count = expression();
  tokens_.expect("]");
  if (type.max_count == 0) tokens_.fail("a string has room for its NUL at least");
  type.shape = Shape::kString;
  type.sent_name = type.received_name = kStringC;
  type.element_ctype = "char";
  type.element_bits = 8;
  type.elements = type.varying ? 1 : type.max_count;
  type.long_form = type.max_count > kMaxShortNumber;
  return type;
}

Type TypeParser::reference() {
  const SourcePos pos = tokens_.peek().pos;
  Type type = plain(Use::kDerive);
  if (!type.has_count() && type.shape != Shape::kFixedArray) {
    throw DefsError(pos, "only arrays can be out of line");
  }
  type.place = Place::kOutOfLine;
  return type;
}

void TypeParser::translations(Type& type) {
  for (;;) {
    if (tokens_.take_keyword("ctype")) {
      type.ctype = c_name();
    } else if (tokens_.take_keyword("cusertype")) {
      type.cusertype = c_name();
    } else if (tokens_.take_keyword("cservertype")) {
      type.cservertype = c_name();
    } else if (tokens_.take_keyword("intran")) {
      type.intran = translation(true);
    } else if (tokens_.take_keyword("outtran")) {
      type.outtran = translation(true);
    } else if (tokens_.take_keyword("destructor")) {
      type.destructor = translation(false);
    } else {
      return;
    }
  }
}

std::string TypeParser::c_name() {
  tokens_.expect(":");
  std::string name = tokens_.identifier("a C type");
  std::string last = name;
  // "unsigned long long", "struct foo": words that can go on.
  while ((last == "unsigned" || last == "signed" || last == "long" || last == "short" ||
          last == "struct" || last == "enum") &&
         tokens_.peek().kind == TokenKind::kIdentifier && !at_translation()) {
    last = tokens_.next().text;
    name += " " + last;
  }
  return name;
}

bool TypeParser::at_translation() const {
  for (const char* keyword :
       {"ctype", "cusertype", "cservertype", "intran", "outtran", "destructor"}) {
    if (tokens_.at_keyword(keyword)) return true;
  }
  return false;
}

Translation TypeParser::translation(bool with_result) {
  tokens_.expect(":");
  Translation result;
  // The word before '(' is the function; what stands before it is the type, in C++ spelling.
  while (!tokens_.peek(1).is("(")) {
    if (tokens_.peek().is(";") || tokens_.peek().kind == TokenKind::kEnd) break;
    const Token& word = tokens_.next();
    if (!result.result.empty() && word.space_before) result.result += ' ';
    result.result += word.text;
  }
  if (with_result != !result.result.empty()) tokens_.fail("malformed translation");
  result.function = tokens_.identifier("a translation function");
  tokens_.expect("(");
  while (!tokens_.peek().is(")")) {
    if (tokens_.peek().is(";") || tokens_.peek().kind == TokenKind::kEnd) {
      tokens_.fail("malformed translation");
    }
    result.argument += tokens_.next().text;
  }
  tokens_.expect(")");
  return result;
}

uint32_t TypeParser::expression() {
  uint32_t value = term();
  for (;;) {
    if (tokens_.take("+")) {
      value += term();
    } else if (tokens_.take("-")) {
      value -= term();
    } else {
      return value;
    }
  }
}

uint32_t TypeParser::term() {
  uint32_t value = factor();
  for (;;) {
    if (tokens_.take("*")) {
      value *= factor();
    } else if (tokens_.take("/")) {
      const uint32_t divisor = factor();
      if (divisor == 0) tokens_.fail("division by zero");
      value /= divisor;
    } else {
      return value;
    }
  }
}

uint32_t TypeParser::factor() {
  if (tokens_.take("(")) {
    const uint32_t value = expression();
    tokens_.expect(")");
    return value;
  }
  return static_cast<uint32_t>(number_value(tokens_.next()));
}

}  // namespace mig
