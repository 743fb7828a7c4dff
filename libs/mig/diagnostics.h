#pragma once

#include <stdexcept>
#include <string>

namespace mig {

/// A place in a .defs file, for messages of the form "file:line: text".
struct SourcePos {
  std::string file;
  int line = 0;
};

/// The interface description is wrong; what() carries "file:line: text".
class DefsError : public std::runtime_error {
 public:
  DefsError(const SourcePos& pos, const std::string& text)
      : std::runtime_error(pos.file + ":" + std::to_string(pos.line) + ": " + text) {}
};

}  // namespace mig
