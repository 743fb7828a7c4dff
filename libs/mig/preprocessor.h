#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "libs/mig/lexer.h"

namespace mig {

/// The part of the C preprocessor that interface descriptions need: comments, #include of other
/// .defs files, #define/#undef of names without parameters, and conditionals.
class Preprocessor {
 public:
  /// Returns the text of a file, or nothing when it cannot be read.
  using FileReader = std::function<std::optional<std::string>(const std::string& path)>;

  Preprocessor(std::vector<std::string> include_dirs, FileReader reader);

  /// "NAME" (value 1) or "NAME=value", as given with -D.
  void define(const std::string& definition);

  /// Tokens of the file with everything included and replaced; ends with one kEnd token.
  /// Throws DefsError.
  std::vector<Token> run(const std::string& path);

  /// Every file that was read, in order of first reading (for dependency files).
  const std::vector<std::string>& files() const { return files_; }

 private:
  struct Condition {
    bool active;  // lines of the current branch count
    bool taken;   // some branch was active already
    bool outer_active;
    SourcePos pos;
  };

  void read(const std::string& path, const std::string& text, int depth);
  void directive(const std::vector<Token>& line, const SourcePos& pos, int depth);
  void conditional(const std::string& name, const std::vector<Token>& line, const SourcePos& pos);
  void include(const std::vector<Token>& line, const SourcePos& pos, int depth);
  void expand(const Token& token, std::set<std::string>& busy, std::vector<Token>& out) const;
  bool evaluate(const std::vector<Token>& line, size_t from, const SourcePos& pos) const;
  bool active() const { return conditions_.empty() || conditions_.back().active; }

  std::vector<std::string> include_dirs_;
  FileReader reader_;
  std::map<std::string, std::vector<Token>> macros_;
  std::vector<Condition> conditions_;
  std::vector<Token> tokens_;
  std::vector<std::string> files_;
};

}  // namespace mig
