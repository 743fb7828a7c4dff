#pragma once

#include <string>
#include <vector>

#include "libs/mig/layout.h"
#include "libs/mig/model.h"
#include "libs/mig/text.h"

namespace mig {

// Names in generated functions that are not arguments end in '_', so they never meet one:
//   b0_, b1_ ...  bases of the segments of the request
//   r0_, r1_ ...  bases of the segments of the reply
//   spare_        bytes of the message that no item has claimed yet
//   X_n_          C elements of the variable item of argument X
//   X_bytes_      padded bytes they take in the message

/// How a back-end writes expressions that C and C++ spell differently.
struct Dialect {
  std::string word;  // function-like access to the 32-bit word at (base, offset)
  std::string unsigned32;
  std::string has_nul;  // function-like: (pointer, bytes) contains a NUL
  char base = 'b';      // 'b' for requests, 'r' for replies
  Dialect for_reply() const { return {word, unsigned32, has_nul, 'r'}; }
};

extern const Dialect kDialectC;
extern const Dialect kDialectCxx;

/// What emit_checks needs to know about the message it verifies.
struct CheckContext {
  const Dialect& dialect;
  std::string size;  // expression: bytes of the message
  std::string bits;  // expression: msgh_bits
  std::string fail;  // statement for a message that is not as declared
  bool check_strings = true;
};

/// Emits the comparison of every descriptor, count and size with the layout, and declares the
/// segment bases after the first and the X_n_ and X_bytes_ of variable items. Reads nothing beyond
/// the size of the message.
void emit_checks(Writer& out, const MessageLayout& layout, const CheckContext& context);

/// "b2_"
std::string base(const Dialect& dialect, uint32_t segment);

/// word(b0_, 28)
std::string word_at(const Dialect& dialect, const Item& item, uint32_t extra = 0);

/// The item's data word: word(b0_, 32)
std::string data_word(const Dialect& dialect, const Item& item);

/// Expression for the first data byte: "b0_ + 32".
std::string data_address(const Dialect& dialect, const Item& item);

/// "char *const b1_ __attribute__((__unused__)) = b0_ + 32 + <bytes>;" after a variable item.
void emit_next_segment(Writer& out, const Dialect& dialect, const Item& item,
                       const std::string& bytes);

/// Padded bytes for `count` elements of a variable item.
std::string padded_bytes(const Type& type, const std::string& count);

/// Bytes of `count` C elements: "count * 4u".
std::string element_bytes(const Type& type, const std::string& count);

/// Number for the descriptor: the C count times the elements in each.
std::string number_of(const Type& type, const std::string& count);

/// Stores the sender's descriptor. `name` replaces the message type name of polymorphic items,
/// `count` the number of variable and out-of-line ones, `dealloc` is an expression or empty.
struct DescriptorValues {
  std::string name;
  std::string count;
  std::string dealloc;
  std::string is_inline;  // Place::kEither only
};
void emit_descriptor(Writer& out, const Dialect& dialect, const Item& item, const Descriptor& form,
                     const DescriptorValues& values);

/// C type of a value in the caller's or the server's C code; array types are "element *".
std::string user_type(const Type& type);
std::string server_type(const Type& type);

/// "T name" or "T *name".
std::string declare(const std::string& type, const std::string& name);

/// The element's C type, for "const element *".
std::string element_type(const Type& type);

/// The most C elements that fit in the message itself.
uint32_t most_inline(const Type& type);

/// First lines of every output.
void emit_banner(Writer& out, const Subsystem& subsystem, const std::string& what);

/// "#include" lines for the imports of a side.
void emit_imports(Writer& out, const Subsystem& subsystem, Side side);

}  // namespace mig
