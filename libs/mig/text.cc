#include "libs/mig/text.h"

#include <cctype>
#include <cstdio>

namespace mig {

std::string hex(uint32_t value) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "0x%08xu", value);
  return buffer;
}

std::string lower(std::string_view text) {
  std::string result;
  for (char c : text) result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string pascal_case(std::string_view name) {
  std::string result;
  bool start = true;
  for (char c : name) {
    if (c == '_') {
      start = true;
      continue;
    }
    result += start ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    start = false;
  }
  return result;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string result;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) result += separator;
    result += parts[i];
  }
  return result;
}

void Writer::append(const std::string& line) {
  if (!line.empty() && line.front() == '}' && depth_ > 0) --depth_;
  const bool flush_left = !line.empty() && line.front() == '#';
  const bool label = line == "public:" || line == "private:" || line == "protected:";
  if (label) {
    text_ += std::string(static_cast<size_t>(depth_) * 2 - 1, ' ');
  } else if (!flush_left) {
    text_ += std::string(static_cast<size_t>(depth_) * 2, ' ');
  }
  text_ += line;
  text_ += '\n';
  if (!line.empty() && line.back() == '{' && line.rfind("namespace", 0) != 0 &&
      line.rfind("extern \"C\"", 0) != 0) {
    ++depth_;
  }
}

void Writer::blank() { text_ += '\n'; }

}  // namespace mig
