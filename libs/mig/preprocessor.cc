#include "libs/mig/preprocessor.h"

#include <algorithm>
#include <sstream>

#include "libs/mig/condition.h"
#include "libs/mig/text.h"

namespace mig {
namespace {

constexpr int kMaxIncludeDepth = 32;

/// Replaces comments by blanks, keeps line breaks; `pos` is only for the error.
std::string strip_comments(const std::string& text, const std::string& path) {
  std::string out;
  int line = 1;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      const size_t end = text.find_first_of("\"\n", i + 1);
      if (end == std::string::npos) throw DefsError({path, line}, "string without closing quote");
      out += text.substr(i, end - i);
      i = end;
    } else if (text.compare(i, 2, "//") == 0) {
      i = std::min(text.find('\n', i), text.size() - 1);
    } else if (text.compare(i, 2, "/*") == 0) {
      const size_t end = text.find("*/", i + 2);
      if (end == std::string::npos) throw DefsError({path, line}, "comment without end");
      const auto breaks = std::count(text.begin() + static_cast<long>(i),
                                     text.begin() + static_cast<long>(end), '\n');
      out += breaks > 0 ? std::string(static_cast<size_t>(breaks), '\n') : " ";
      line += static_cast<int>(breaks);
      i = end + 1;
      continue;
    }
    out += text[i];
    if (text[i] == '\n') ++line;
  }
  return out;
}

std::string directory_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

}  // namespace

Preprocessor::Preprocessor(std::vector<std::string> include_dirs, FileReader reader)
    : include_dirs_(std::move(include_dirs)), reader_(std::move(reader)) {}

void Preprocessor::define(const std::string& definition) {
  const size_t equals = definition.find('=');
  const std::string value = equals == std::string::npos ? "1" : definition.substr(equals + 1);
  std::vector<Token> tokens;
  tokenize_line(value, {"command line", 0}, tokens);
  macros_[definition.substr(0, equals)] = tokens;
}

std::vector<Token> Preprocessor::run(const std::string& path) {
  const auto text = reader_(path);
  if (!text) throw DefsError({path, 0}, "cannot read the file");
  tokens_.clear();
  conditions_.clear();
  files_.push_back(path);
  read(path, *text, 0);
  const SourcePos end = tokens_.empty() ? SourcePos{path, 1} : tokens_.back().pos;
  tokens_.push_back({TokenKind::kEnd, "end of file", end, true});
  return tokens_;
}

void Preprocessor::read(const std::string& path, const std::string& text, int depth) {
  if (depth > kMaxIncludeDepth) throw DefsError({path, 1}, "files include each other");
  const size_t conditions_before = conditions_.size();
  std::istringstream lines(strip_comments(text, path));
  std::string line;
  SourcePos pos{path, 0};
  while (std::getline(lines, line)) {
    ++pos.line;
    const size_t first = line.find_first_not_of(" \t");
    if (first == std::string::npos) continue;
    std::vector<Token> tokens;
    if (line[first] == '#') {
      tokenize_line(line.substr(first + 1), pos, tokens);
      directive(tokens, pos, depth);
    } else if (active()) {
      tokenize_line(line, pos, tokens);
      std::set<std::string> busy;
      for (const Token& token : tokens) expand(token, busy, tokens_);
    }
  }
  if (conditions_.size() != conditions_before) {
    throw DefsError(conditions_.back().pos, "conditional without #endif");
  }
}

void Preprocessor::expand(const Token& token, std::set<std::string>& busy,
                          std::vector<Token>& out) const {
  const auto macro = macros_.find(token.text);
  if (token.kind != TokenKind::kIdentifier || macro == macros_.end() || busy.contains(token.text)) {
    out.push_back(token);
    return;
  }
  busy.insert(token.text);
  for (Token replacement : macro->second) {
    replacement.pos = token.pos;
    expand(replacement, busy, out);
  }
  busy.erase(token.text);
}

void Preprocessor::directive(const std::vector<Token>& line, const SourcePos& pos, int depth) {
  if (line.empty()) return;
  const std::string& name = line[0].text;
  if (name == "if" || name == "ifdef" || name == "ifndef" || name == "elif" || name == "else" ||
      name == "endif") {
    conditional(name, line, pos);
    return;
  }
  if (!active() || name == "pragma" || name == "line") return;
  if (name == "include") {
    include(line, pos, depth);
  } else if (name == "define" || name == "undef") {
    if (line.size() < 2 || line[1].kind != TokenKind::kIdentifier) {
      throw DefsError(pos, "#" + name + " needs a name");
    }
    if (name == "undef") {
      macros_.erase(line[1].text);
    } else if (line.size() > 2 && line[2].is("(") && !line[2].space_before) {
      throw DefsError(pos, "macros with parameters are not part of the language");
    } else {
      macros_[line[1].text] = {line.begin() + 2, line.end()};
    }
  } else if (name == "error") {
    throw DefsError(pos, line.size() > 1 ? line[1].text : "#error");
  } else {
    throw DefsError(pos, "unknown directive #" + name);
  }
}

void Preprocessor::conditional(const std::string& name, const std::vector<Token>& line,
                               const SourcePos& pos) {
  if (name == "if" || name == "ifdef" || name == "ifndef") {
    const bool outer = active();
    bool value = false;
    if (outer && name == "if") {
      value = evaluate(line, 1, pos);
    } else if (outer) {
      if (line.size() != 2) throw DefsError(pos, "#" + name + " needs one name");
      value = macros_.contains(line[1].text) == (name == "ifdef");
    }
    conditions_.push_back({value, value, outer, pos});
    return;
  }
  if (conditions_.empty()) throw DefsError(pos, "#" + name + " without #if");
  Condition& top = conditions_.back();
  if (name == "endif") {
    conditions_.pop_back();
  } else if (name == "else") {
    top.active = top.outer_active && !top.taken;
    top.taken = true;
  } else {
    top.active = top.outer_active && !top.taken && evaluate(line, 1, pos);
    top.taken = top.taken || top.active;
  }
}

void Preprocessor::include(const std::vector<Token>& line, const SourcePos& pos, int depth) {
  std::string name;
  bool own_folder_first = false;
  if (line.size() == 2 && line[1].kind == TokenKind::kString) {
    name = line[1].text;
    own_folder_first = true;
  } else if (line.size() > 3 && line[1].is("<") && line.back().is(">")) {
    for (size_t i = 2; i + 1 < line.size(); ++i) name += line[i].text;
  } else {
    throw DefsError(pos, "#include needs \"file\" or <file>");
  }
  std::vector<std::string> candidates;
  if (own_folder_first) candidates.push_back(directory_of(pos.file) + name);
  for (const std::string& dir : include_dirs_) candidates.push_back(dir + "/" + name);
  for (const std::string& path : candidates) {
    if (const auto text = reader_(path)) {
      // An interface's types are declared once however many files include them.
      if (std::find(files_.begin(), files_.end(), path) != files_.end()) return;
      files_.push_back(path);
      read(path, *text, depth + 1);
      return;
    }
  }
  throw DefsError(pos, "cannot find \"" + name + "\"");
}

bool Preprocessor::evaluate(const std::vector<Token>& line, size_t from,
                            const SourcePos& pos) const {
  std::vector<Token> expanded;
  for (size_t i = from; i < line.size(); ++i) {
    if (line[i].text == "defined") {
      const bool paren = i + 1 < line.size() && line[i + 1].is("(");
      const size_t name_at = i + (paren ? 2 : 1);
      if (name_at >= line.size()) throw DefsError(pos, "defined needs a name");
      const char* value = macros_.contains(line[name_at].text) ? "1" : "0";
      expanded.push_back({TokenKind::kNumber, value, pos, true});
      i = name_at + (paren ? 1 : 0);
    } else {
      std::set<std::string> busy;
      expand(line[i], busy, expanded);
    }
  }
  return ConditionEvaluator(expanded, pos).value() != 0;
}

}  // namespace mig
