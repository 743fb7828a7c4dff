// The list of servers to start: /etc/servers.conf, a plain text file.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bootstrap {

// What to do when a server's task ends.
enum class OnExit {
  kRestart,  // start it again (with a pause when it dies at once, again and again)
  kIgnore,   // say so on the console and go on
};

// One line of the file: how to start one server.
struct ServerEntry {
  std::string name;
  bool from_module = false;  // the program is a boot module; otherwise a path on the root file system
  std::string program;
  OnExit on_exit = OnExit::kRestart;
  std::vector<std::string> arguments;
};

// Why a line was not understood.
struct ConfigError {
  int line;
  std::string message;
};

// Parses the text. Each line: NAME module:PROGRAM|/PATH restart|ignore [ARGUMENT...]; '#' begins a
// comment. Servers are started in the order of their lines.
std::variant<std::vector<ServerEntry>, ConfigError> parse_config(std::string_view text);

}  // namespace bootstrap
