#include "servers/bootstrap/config.h"

#include <algorithm>
#include <optional>

namespace bootstrap {
namespace {

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  constexpr std::string_view kBlank = " \t\r";
  while (true) {
    const size_t begin = line.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const size_t end = std::min(line.find_first_of(kBlank), line.size());
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

// Sets what a word like "restart,required" names; what is wrong with it otherwise.
std::optional<std::string> parse_flags(std::string_view word, ServerEntry& entry) {
  if (word == "ignore") return std::nullopt;
  while (true) {
    const size_t end = std::min(word.find(','), word.size());
    const std::string_view flag = word.substr(0, end);
    if (flag == "restart") {
      entry.restart = true;
    } else if (flag == "required") {
      entry.required = true;
    } else if (flag == "unnamed") {
      entry.unnamed = true;
    } else {
      return "expected ignore, restart, required or unnamed, found '" + std::string(flag) + "'";
    }
    if (end == word.size()) return std::nullopt;
    word.remove_prefix(end + 1);
  }
}

// Fills `entry` from the words of one line, or says what is wrong with them.
std::optional<std::string> parse_entry(const std::vector<std::string>& words, ServerEntry& entry) {
  constexpr std::string_view kModule = "module:";
  if (words.size() < 3) return "expected NAME PROGRAM FLAGS [ARGUMENT...]";
  entry.name = words[0];
  entry.program = words[1];
  if (entry.program.starts_with(kModule)) {
    entry.from_module = true;
    entry.program.erase(0, kModule.size());
  } else if (!entry.program.starts_with('/')) {
    return "program must be module:NAME or an absolute path: " + entry.program;
  }
  if (entry.program.empty()) return "empty program name";
  if (auto error = parse_flags(words[2], entry)) return error;
  entry.arguments.assign(words.begin() + 3, words.end());
  return std::nullopt;
}

}  // namespace

std::variant<std::vector<ServerEntry>, ConfigError> parse_config(std::string_view text) {
  std::vector<ServerEntry> servers;
  for (int line_number = 1; !text.empty(); ++line_number) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::vector<std::string> words = split_words(line.substr(0, line.find('#')));
    if (words.empty()) continue;
    ServerEntry entry;
    if (auto error = parse_entry(words, entry)) return ConfigError{line_number, *error};
    const bool duplicate = std::ranges::any_of(
        servers, [&](const ServerEntry& other) { return other.name == entry.name; });
    if (duplicate) return ConfigError{line_number, "server named twice: " + entry.name};
    servers.push_back(std::move(entry));
  }
  return servers;
}

}  // namespace bootstrap
