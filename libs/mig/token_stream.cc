#include "libs/mig/token_stream.h"

#include <algorithm>

#include "libs/mig/text.h"

namespace mig {

const Token& TokenStream::peek(size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

const Token& TokenStream::next() {
  const Token& token = peek();
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool TokenStream::take(std::string_view punctuation) {
  if (!peek().is(punctuation)) return false;
  next();
  return true;
}

bool TokenStream::at_keyword(std::string_view keyword) const {
  return peek().kind == TokenKind::kIdentifier && lower(peek().text) == keyword;
}

bool TokenStream::take_keyword(std::string_view keyword) {
  if (!at_keyword(keyword)) return false;
  next();
  return true;
}

void TokenStream::expect(std::string_view punctuation) {
  if (!take(punctuation)) {
    fail(cat("expected '", punctuation, "' before '", peek().text, "'"));
  }
}

std::string TokenStream::identifier(std::string_view what) {
  if (peek().kind != TokenKind::kIdentifier) {
    fail(cat("expected ", what, " before '", peek().text, "'"));
  }
  return next().text;
}

void TokenStream::fail(const std::string& text) const { throw DefsError(peek().pos, text); }

}  // namespace mig
