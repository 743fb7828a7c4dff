#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/mig/parser.h"
#include "libs/mig/preprocessor.h"

namespace mig {

/// Files that exist only in a test, by path.
using FakeFiles = std::map<std::string, std::string>;

inline std::vector<Token> preprocess(const FakeFiles& files, const std::string& path,
                                     const std::vector<std::string>& definitions = {}) {
  Preprocessor preprocessor({"inc"}, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = files.find(name);
    if (found == files.end()) return std::nullopt;
    return found->second;
  });
  for (const std::string& definition : definitions) preprocessor.define(definition);
  return preprocessor.run(path);
}

/// Parses one file called t.defs; throws DefsError.
inline Subsystem parse(const std::string& text, const std::vector<std::string>& definitions = {}) {
  return Parser(preprocess({{"t.defs", text}}, "t.defs", definitions)).parse();
}

/// The error message of parsing, or "" when there is none.
inline std::string parse_error(const std::string& text) {
  try {
    parse(text);
  } catch (const DefsError& error) {
    return error.what();
  }
  return "";
}

}  // namespace mig
