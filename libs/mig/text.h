#pragma once

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace mig {

/// Concatenates printable parts into one string.
template <typename... Parts>
std::string cat(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

/// "0x0012abcd": how descriptor words appear in generated code.
std::string hex(uint32_t value);

/// Lower-case copy (keywords of the language are not case sensitive).
std::string lower(std::string_view text);

/// "memory_object_default" -> "MemoryObjectDefault".
std::string pascal_case(std::string_view name);

/// "a, b, c"
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Collects the lines of an output file; indents by the braces that end and begin lines.
class Writer {
 public:
  /// Appends one line. A line that starts with '}' closes a level, one that ends in '{' opens one.
  template <typename... Parts>
  void line(const Parts&... parts) {
    append(cat(parts...));
  }
  void blank();
  const std::string& text() const { return text_; }

 private:
  void append(const std::string& line);
  std::string text_;
  int depth_ = 0;
};

}  // namespace mig
