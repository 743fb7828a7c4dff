#pragma once

#include <map>
#include <string>

#include "libs/mig/model.h"
#include "libs/mig/token_stream.h"

namespace mig {

/// Parses types and keeps the named ones.
class TypeParser {
 public:
  explicit TypeParser(TokenStream& tokens) : tokens_(tokens) {}

  /// "type" is read already: NAME = specification ;
  void declaration();

  /// Whether a named type is used as it is, or is what a new type is derived from: the new type
  /// has the old one's bits but neither its C type nor its translations.
  enum class Use { kAsIs, kDerive };

  /// A type specification with its translations. Throws DefsError.
  Type specification(Use use = Use::kAsIs);

  /// What follows an argument's colon: a specification, or "name = specification".
  Type argument_type();

  /// Completes a type whose flags may have changed after parsing (form of the descriptor).
  static void finish(Type& type);

 private:
  Type plain(Use use);
  Type primitive();
  Type array();
  Type structure();
  Type string();
  Type reference();
  void translations(Type& type);
  Translation translation(bool with_result);
  uint32_t expression();
  uint32_t term();
  uint32_t factor();
  struct Names {
    int sent, received;
    uint32_t bits;
  };
  Names message_type();
  std::string c_name();
  bool at_translation() const;

  TokenStream& tokens_;
  std::map<std::string, Type> types_;
};

}  // namespace mig
