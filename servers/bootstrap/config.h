// The list of servers to start: /etc/servers.conf, a plain text file.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bootstrap {

// One line of the file: how to start one server.
struct ServerEntry {
  std::string name;
  bool from_module = false;  // the program is a boot module; otherwise a path on the root file system
  std::string program;
  bool restart = false;    // started again when its task ends, unless it dies at once again and again
  bool required = false;   // the system cannot go on without it
  bool unnamed = false;    // does not check in with the name server
  std::vector<std::string> arguments;
};

// Why a line was not understood.
struct ConfigError {
  int line;
  std::string message;
};

// Parses the text. Each line: NAME module:PROGRAM|/PATH FLAGS [ARGUMENT...]; '#' begins a comment. FLAGS is
// "ignore" for none, or some of "restart", "required" and "unnamed" with commas between them. Servers are
// started in the order of their lines.
std::variant<std::vector<ServerEntry>, ConfigError> parse_config(std::string_view text);

}  // namespace bootstrap
