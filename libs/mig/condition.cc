#include "libs/mig/condition.h"

#include <array>

namespace mig {
namespace {

struct Operator {
  std::string_view text;
  long long (*apply)(long long, long long);
};

constexpr int kLevels = 6;

// Outer operators bind less.
const std::array<std::vector<Operator>, kLevels> kOperators = {{
    {{"||", [](long long a, long long b) -> long long { return a || b; }}},
    {{"&&", [](long long a, long long b) -> long long { return a && b; }}},
    {{"==", [](long long a, long long b) -> long long { return a == b; }},
     {"!=", [](long long a, long long b) -> long long { return a != b; }}},
    {{"<=", [](long long a, long long b) -> long long { return a <= b; }},
     {">=", [](long long a, long long b) -> long long { return a >= b; }},
     {"<", [](long long a, long long b) -> long long { return a < b; }},
     {">", [](long long a, long long b) -> long long { return a > b; }}},
    {{"+", [](long long a, long long b) { return a + b; }},
     {"-", [](long long a, long long b) { return a - b; }}},
    {{"*", [](long long a, long long b) { return a * b; }}},
}};

}  // namespace

bool ConditionEvaluator::take(std::string_view punctuation) {
  if (at_ >= tokens_.size() || !tokens_[at_].is(punctuation)) return false;
  ++at_;
  return true;
}

long long ConditionEvaluator::value() {
  const long long result = binary(0);
  if (at_ != tokens_.size()) throw DefsError(pos_, "malformed #if expression");
  return result;
}

long long ConditionEvaluator::binary(int level) {
  if (level == kLevels) return unary();
  long long left = binary(level + 1);
  for (bool again = true; again;) {
    again = false;
    for (const Operator& op : kOperators[static_cast<size_t>(level)]) {
      if (!take(op.text)) continue;
      left = op.apply(left, binary(level + 1));
      again = true;
      break;
    }
  }
  return left;
}

long long ConditionEvaluator::unary() {
  if (take("!")) return !unary();
  if (take("-")) return -unary();
  if (take("(")) {
    const long long inner = binary(0);
    if (!take(")")) throw DefsError(pos_, "missing ) in #if expression");
    return inner;
  }
  if (at_ >= tokens_.size()) throw DefsError(pos_, "#if expression ends too early");
  const Token& token = tokens_[at_++];
  if (token.kind == TokenKind::kIdentifier) return 0;
  return number_value(token);
}

}  // namespace mig
