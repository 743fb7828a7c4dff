#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/mig/lexer.h"

namespace mig {

/// Cursor over the tokens of an interface description.
class TokenStream {
 public:
  explicit TokenStream(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  const Token& peek(size_t ahead = 0) const;
  const Token& next();
  /// Takes the punctuation if it comes next.
  bool take(std::string_view punctuation);
  /// Takes the keyword (lower case here, any case in the file) if it comes next.
  bool take_keyword(std::string_view keyword);
  bool at_keyword(std::string_view keyword) const;
  void expect(std::string_view punctuation);
  /// The text of the identifier that must come next; `what` names it in the error.
  std::string identifier(std::string_view what);
  [[noreturn]] void fail(const std::string& text) const;

 private:
  std::vector<Token> tokens_;
  size_t at_ = 0;
};

}  // namespace mig
