#include "libs/mig/lexer.h"

#include <cctype>
#include <cstdlib>

#include "libs/mig/text.h"

namespace mig {
namespace {

bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

size_t name_end(std::string_view line, size_t at) {
  while (at < line.size()) {
    if (in_name(line[at])) {
      ++at;
    } else if (line.substr(at, 2) == "::" && at + 2 < line.size() && starts_name(line[at + 2])) {
      at += 2;
    } else {
      break;
    }
  }
  return at;
}

size_t punctuation_length(std::string_view rest) {
  for (std::string_view two : {"&&", "||", "==", "!=", "<=", ">="}) {
    if (rest.substr(0, 2) == two) return 2;
  }
  return 1;
}

}  // namespace

void tokenize_line(std::string_view line, const SourcePos& pos, std::vector<Token>& out) {
  size_t at = 0;
  bool space = true;
  while (at < line.size()) {
    const char c = line[at];
    if (std::isspace(static_cast<unsigned char>(c))) {
      ++at;
      space = true;
      continue;
    }
    size_t end = at + 1;
    Token token{TokenKind::kPunctuation, "", pos, space};
    space = false;
    if (starts_name(c)) {
      token.kind = TokenKind::kIdentifier;
      end = name_end(line, at);
    } else if (std::isdigit(static_cast<unsigned char>(c))) {
      token.kind = TokenKind::kNumber;
      while (end < line.size() && in_name(line[end])) ++end;
    } else if (c == '"') {
      end = line.find('"', at + 1);
      if (end == std::string_view::npos) throw DefsError(pos, "string without closing quote");
      token.kind = TokenKind::kString;
      token.text = line.substr(at + 1, end - at - 1);
      out.push_back(token);
      at = end + 1;
      continue;
    } else if (std::string_view("[](){}:;,=*^|+-/<>.!&$").find(c) != std::string_view::npos) {
      end = at + punctuation_length(line.substr(at));
    } else {
      throw DefsError(pos, cat("unexpected character '", c, "'"));
    }
    token.text = line.substr(at, end - at);
    out.push_back(token);
    at = end;
  }
}

long long number_value(const Token& token) {
  char* end = nullptr;
  const long long value = std::strtoll(token.text.c_str(), &end, 0);
  if (token.kind != TokenKind::kNumber || *end != '\0') {
    throw DefsError(token.pos, cat("'", token.text, "' is not a number"));
  }
  return value;
}

}  // namespace mig
