#include "servers/process/proc_tree.h"

#include <algorithm>
#include <charconv>
#include <format>

namespace process {
namespace {

using server::NodeRef;

constexpr uint64_t kRootNumber = 1;
constexpr uint64_t kSelfNumber = 2;
constexpr uint64_t kFirstFileNumber = 3;
constexpr int kTicksPerSecond = 100;

int64_t ticks(int64_t microseconds) { return microseconds * kTicksPerSecond / 1000000; }

char state_letter(const Process& process) {
  switch (process.state) {
    case RunState::kStopped: return 'T';
    case RunState::kZombie: return 'Z';
    case RunState::kRunning: return 'S';
  }
  return '?';
}

// As /proc/PID/status has it.
const char* state_words(const Process& process) {
  switch (process.state) {
    case RunState::kStopped: return "T (stopped)";
    case RunState::kZombie: return "Z (zombie)";
    case RunState::kRunning: return "S (sleeping)";
  }
  return "?";
}

uint64_t number_of(const Process& process, unsigned index) {
  return 0x10000 + static_cast<uint64_t>(process.pid) * 16 + index;
}

Owner owner_of(const Process& process) {
  return {process.identity.euid, process.identity.egid};
}

constexpr const char* kVersion = "Linux version 6.1.0-machina (Mach 3) #1 Machina\n";
constexpr const char* kCpuInfo =
    "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel name\t: i386\n\n";
constexpr const char* kFileSystems = "nodev\tproc\nnodev\ttmpfs\nnodev\tdevtmpfs\n\text2\n";

}  // namespace

ProcTree::ProcTree(ProcessTable& table, TaskControl& control, ProcSources sources)
    : table_(table), control_(control), sources_(std::move(sources)) {
  fs_.set_root(root_for(0));
}

NodeRef ProcTree::root_for(int pid) {
  return base::adopt_ref(new PseudoDirectory(
      fs_, kRootNumber, nullptr, [this, pid] { return list_root(pid); },
      [this, pid](std::string_view name) { return find_in_root(pid, name); }));
}

std::vector<PseudoEntry> ProcTree::list_root(int pid) {
  std::vector<PseudoEntry> entries;
  uint64_t number = kFirstFileNumber;
  const auto add = [&](const char* name, PseudoText::Text text) {
    entries.push_back({name, base::adopt_ref(new PseudoText(fs_, number++, std::move(text)))});
  };
  add("cpuinfo", [] { return std::string(kCpuInfo); });
  add("filesystems", [] { return std::string(kFileSystems); });
  add("loadavg", [this] { return load_average(); });
  add("meminfo", [this] { return memory_info(); });
  add("mounts", sources_.mounts);
  add("services", sources_.services);
  add("stat", [this] { return system_stat(); });
  add("swaps", sources_.swaps);
  add("unimplemented", sources_.unimplemented);
  add("uptime", [this] { return uptime(); });
  add("version", [] { return std::string(kVersion); });
  if (pid != 0) {
    entries.push_back(
        {"self", base::adopt_ref(new PseudoLink(fs_, kSelfNumber, std::to_string(pid)))});
  }
  table_.for_each([&](Process& process) {
    entries.push_back({std::to_string(process.pid), process_directory(process)});
  });
  return entries;
}

NodeRef ProcTree::find_in_root(int pid, std::string_view name) {
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error == std::errc() && end == name.data() + name.size()) {
    const Process* process = table_.find(number);
    return process != nullptr ? process_directory(*process) : NodeRef();
  }
  for (PseudoEntry& entry : list_root(pid)) {
    if (entry.name == name) return std::move(entry.node);
  }
  return {};
}

// The texts look the process up again when they are opened: it may be gone by then.
NodeRef ProcTree::process_text(const Process& process, unsigned index,
                               std::string (ProcTree::*text)(const Process&) const,
                               uint32_t permissions) {
  const int pid = process.pid;
  return base::adopt_ref(new PseudoText(
      fs_, number_of(process, index),
      [this, pid, text] {
        const Process* now = table_.find(pid);
        return now != nullptr ? (this->*text)(*now) : std::string();
      },
      owner_of(process), permissions));
}

NodeRef ProcTree::process_directory(const Process& process) {
  const int pid = process.pid;
  return base::adopt_ref(new PseudoDirectory(
      fs_, number_of(process, 0), static_cast<PseudoDirectory*>(fs_.root().get()),
      [this, pid] {
        std::vector<PseudoEntry> entries;
        const Process* now = table_.find(pid);
        if (now == nullptr) return entries;
        entries.push_back({"cmdline", process_text(*now, 1, &ProcTree::command_line_of)});
        entries.push_back({"comm", process_text(*now, 2, &ProcTree::command_of)});
        entries.push_back({"stat", process_text(*now, 3, &ProcTree::stat_of)});
        entries.push_back({"status", process_text(*now, 4, &ProcTree::status_of)});
        return entries;
      },
      {}, owner_of(process)));
}

std::string ProcTree::command_line_of(const Process& process) const {
  return process.alive() ? process.arguments : std::string();
}

std::string ProcTree::command_of(const Process& process) const { return process.command + "\n"; }

// The 52 fields of proc(5); those that have no meaning here are 0.
std::string ProcTree::stat_of(const Process& process) const {
  const CpuTime used = process.alive() ? control_.cpu_time(process) : process.used;
  const uint32_t memory = process.alive() ? sources_.memory_bytes(process) : 0;
  const int terminal = process.terminal != nullptr ? static_cast<int>(process.page->foreground) : -1;
  const int64_t start = ticks(process.started_us - sources_.figures().boot_time * 1000000);
  return std::format(
      "{} ({}) {} {} {} {} {} {} 0 0 0 0 0 {} {} {} {} {} {} 1 0 {} {} {} "
      "4294967295 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 {}\n",
      process.pid, process.command, state_letter(process),
      process.parent != nullptr ? process.parent->pid : 0, process.pgid, process.sid,
      process.terminal != nullptr ? 0x501 : 0, terminal, ticks(used.user_us), ticks(used.system_us),
      ticks(process.children_used.user_us), ticks(process.children_used.system_us),
      20 + process.nice, process.nice, start, memory, memory / 4096, process.wait_status);
}

std::string ProcTree::status_of(const Process& process) const {
  const Identity& id = process.identity;
  std::string text = std::format(
      "Name:\t{}\nState:\t{}\nTgid:\t{}\nPid:\t{}\nPPid:\t{}\n"
      "Uid:\t{}\t{}\t{}\t{}\nGid:\t{}\t{}\t{}\t{}\nGroups:\t",
      process.command, state_words(process), process.pid, process.pid,
      process.parent != nullptr ? process.parent->pid : 0, id.uid, id.euid, id.suid, id.euid,
      id.gid, id.egid, id.sgid, id.egid);
  for (const uint32_t group : id.groups) text += std::format("{} ", group);
  const uint32_t memory = process.alive() ? sources_.memory_bytes(process) : 0;
  text += std::format("\nVmSize:\t{} kB\nThreads:\t1\nSigPnd:\t{:016x}\n", memory / 1024,
                      process.pending);
  return text;
}

std::string ProcTree::memory_info() const {
  const SystemFigures f = sources_.figures();
  const auto kilobytes = [](uint32_t pages) { return static_cast<uint64_t>(pages) * 4; };
  return std::format(
      "MemTotal:       {:8} kB\nMemFree:        {:8} kB\nMemAvailable:   {:8} kB\n"
      "Buffers:        {:8} kB\nCached:         {:8} kB\nSwapTotal:      {:8} kB\n"
      "SwapFree:       {:8} kB\n",
      kilobytes(f.total_pages), kilobytes(f.free_pages),
      kilobytes(f.free_pages + f.inactive_pages), 0, kilobytes(f.inactive_pages),
      kilobytes(f.swap_pages), kilobytes(f.free_swap_pages));
}

std::string ProcTree::uptime() const {
  return std::format("{}.00 0.00\n", sources_.figures().uptime);
}

std::string ProcTree::load_average() const {
  const SystemFigures f = sources_.figures();
  const auto part = [](uint32_t load) { return std::format("{}.{:02}", load / 1000, load % 1000 / 10); };
  return std::format("{} {} {} 1/{} {}\n", part(f.loads[0]), part(f.loads[1]), part(f.loads[2]),
                     table_.size(), table_.last_pid());
}

std::string ProcTree::system_stat() const {
  CpuTime total;
  table_.for_each([&](Process& p) { total += p.alive() ? control_.cpu_time(p) : p.used; });
  const SystemFigures f = sources_.figures();
  const int64_t busy = ticks(total.user_us) + ticks(total.system_us);
  const int64_t idle = std::max<int64_t>(f.uptime * kTicksPerSecond - busy, 0);
  const std::string times =
      std::format("{} 0 {} {} 0 0 0 0 0 0\n", ticks(total.user_us), ticks(total.system_us), idle);
  return std::format("cpu  {}cpu0 {}btime {}\nprocesses {}\n", times, times, f.boot_time,
                     table_.last_pid());
}

}  // namespace process
