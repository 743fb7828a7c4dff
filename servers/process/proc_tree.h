// /proc: processes and the system as text.
#pragma once

#include <functional>
#include <string>

#include "servers/process/process_table.h"
#include "servers/process/pseudo_fs.h"
#include "servers/process/task_control.h"

namespace process {

// Figures of the whole system, in pages of 4 KiB and seconds.
struct SystemFigures {
  int64_t uptime = 0;
  int64_t boot_time = 0;  // seconds since 1970
  uint32_t loads[3] = {};  // scale 1000
  uint32_t total_pages = 0;
  uint32_t free_pages = 0;
  uint32_t inactive_pages = 0;
  uint32_t swap_pages = 0;
  uint32_t free_swap_pages = 0;
};

// Where the texts come from that the tree cannot know.
struct ProcSources {
  std::function<SystemFigures()> figures;
  std::function<std::string()> mounts;
  std::function<std::string()> services;
  std::function<std::string()> swaps;
  std::function<std::string()> unimplemented;
  std::function<uint32_t(const Process&)> memory_bytes;  // virtual size of a task
};

class ProcTree {
 public:
  ProcTree(ProcessTable& table, TaskControl& control, ProcSources sources);

  server::FileSystem& file_system() { return fs_; }
  // The root as the process sees it: "self" is its own directory.
  server::NodeRef root_for(int pid);

  // Contents, for tests: /proc/PID/stat and so on.
  [[nodiscard]] std::string stat_of(const Process& process) const;
  [[nodiscard]] std::string status_of(const Process& process) const;

 private:
  [[nodiscard]] std::vector<PseudoEntry> list_root(int pid);
  server::NodeRef find_in_root(int pid, std::string_view name);
  server::NodeRef process_directory(const Process& process);
  server::NodeRef process_text(const Process& process, unsigned index,
                               std::string (ProcTree::*text)(const Process&) const,
                               uint32_t permissions = 0444);
  [[nodiscard]] std::string command_line_of(const Process& process) const;
  [[nodiscard]] std::string command_of(const Process& process) const;
  [[nodiscard]] std::string memory_info() const;
  [[nodiscard]] std::string uptime() const;
  [[nodiscard]] std::string load_average() const;
  [[nodiscard]] std::string system_stat() const;

  ProcessTable& table_;
  TaskControl& control_;
  ProcSources sources_;
  PseudoFileSystem fs_{"proc", 4, PseudoFileSystem::Names::kComeAndGo};
};

}  // namespace process
