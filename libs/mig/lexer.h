#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/mig/diagnostics.h"

namespace mig {

enum class TokenKind { kIdentifier, kNumber, kString, kPunctuation, kEnd };

/// One token of a .defs file. Strings come without their quotes.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  SourcePos pos;
  bool space_before = false;  // needed to read <file/names> back from their tokens

  bool is(std::string_view punctuation) const {
    return kind == TokenKind::kPunctuation && text == punctuation;
  }
};

/// Splits one line (without comments) into tokens and appends them. Names may contain "::", so
/// that translations can name C++ types. Throws DefsError for characters outside the language.
void tokenize_line(std::string_view line, const SourcePos& pos, std::vector<Token>& out);

/// Decimal, octal (0...) or hexadecimal (0x...) value. Throws DefsError when it is none.
long long number_value(const Token& token);

}  // namespace mig
