#pragma once

#include <string_view>
#include <vector>

#include "libs/mig/lexer.h"

namespace mig {

/// Value of an #if expression whose macros are replaced already: integers, names that are not
/// defined (0), parentheses and ! && || == != < > <= >= + - *.
class ConditionEvaluator {
 public:
  ConditionEvaluator(const std::vector<Token>& tokens, SourcePos pos)
      : tokens_(tokens), pos_(std::move(pos)) {}

  /// Throws DefsError when the expression is not well-formed.
  long long value();

 private:
  long long binary(int level);
  long long unary();
  bool take(std::string_view punctuation);

  const std::vector<Token>& tokens_;
  SourcePos pos_;
  size_t at_ = 0;
};

}  // namespace mig
