// judge DIRECTORY SEED DONE: whether DIRECTORY is what the first DONE operations of a Workload, and
// perhaps some later ones, may have left after a power cut. Status 0: it is; else it says what is wrong.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "tests/power_cut/workload.h"

namespace {

using power_cut::File;
using power_cut::Operation;
using power_cut::Workload;

// Operations that may have been finished without having been heard of.
constexpr size_t kAhead = 300;

struct Version {
  size_t step;
  std::string contents;
};

// What the operations do, step by step.
struct History {
  std::vector<std::map<std::string, uint32_t>> names{{}};  // path to file id, after each step
  std::map<uint32_t, std::vector<Version>> versions;       // of each file
  std::map<uint32_t, std::vector<size_t>> synced;          // steps that synced the file
  std::vector<size_t> syncs{0};

  History(uint32_t seed, size_t steps) {
    Workload workload(seed);
    for (size_t step = 1; step <= steps; ++step) add(workload.next(), workload.files(), step);
  }
  void add(const Operation& operation, const std::map<std::string, File>& files, size_t step) {
    std::map<std::string, uint32_t> now;
    for (const auto& [path, file] : files) {
      now[path] = file.id;
      if (operation.kind == Operation::Kind::kSyncAll) synced[file.id].push_back(step);
    }
    names.push_back(std::move(now));
    if (operation.is_sync()) syncs.push_back(step);
    const auto file = files.find(operation.path);
    if (file == files.end()) return;
    if (operation.kind == Operation::Kind::kSyncFile) synced[file->second.id].push_back(step);
    if (operation.kind == Operation::Kind::kAppend || operation.kind == Operation::Kind::kCut) {
      versions[file->second.id].push_back({step, file->second.contents});
    }
  }
};

template <typename Steps>
size_t last_not_after(const Steps& steps, size_t limit) {
  size_t last = 0;
  for (const size_t step : steps) {
    if (step <= limit) last = step;
  }
  return last;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Bytes are appended or cut off: what is found must be the beginning of some version since the last
// sync, and as long as what was synced, unless that was cut.
bool fits(const History& history, uint32_t id, size_t done, const std::string& found) {
  const auto versions = history.versions.find(id);
  if (versions == history.versions.end()) return found.empty();
  size_t synced = 0;
  if (const auto steps = history.synced.find(id); steps != history.synced.end()) {
    synced = last_not_after(steps->second, done);
  }
  size_t first = 0;
  for (size_t i = 0; i < versions->second.size(); ++i) {
    if (versions->second[i].step <= synced) first = i;
  }
  size_t least = synced == 0 ? 0 : versions->second[first].contents.size();
  for (size_t i = first; i < versions->second.size(); ++i) {
    const std::string& version = versions->second[i].contents;
    least = std::min(least, version.size());
    if (found.size() >= least && version.starts_with(found)) return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::filesystem::path root = argv[1];
  const auto seed = static_cast<uint32_t>(std::strtoul(argv[2], nullptr, 10));
  const size_t done = std::strtoul(argv[3], nullptr, 10);
  const History history(seed, done + kAhead);

  std::map<std::string, bool> found;  // path to whether it is a directory
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    found[entry.path().lexically_relative(root).string()] = entry.is_directory();
  }
  const size_t durable = last_not_after(history.syncs, done);
  std::string fault = "the names are those of no moment since the last sync";
  for (size_t step = durable; step <= done + kAhead; ++step) {
    const auto& names = history.names[step];
    if (names.size() != found.size()) continue;
    bool same = true;
    for (const auto& [path, id] : names) {
      const auto at = found.find(path);
      same = same && at != found.end() && at->second == (id == 0);
    }
    if (!same) continue;
    fault.clear();
    for (const auto& [path, id] : names) {
      if (id != 0 && !fits(history, id, done, read(root / path))) fault = "wrong contents of " + path;
    }
    if (fault.empty()) {
      std::printf("%zu operations heard of, last sync at %zu, found those up to %zu\n", done,
                  durable, step);
      return 0;
    }
  }
  std::printf("%s (%zu operations done, last sync at %zu)\n", fault.c_str(), done, durable);
  return 1;
}
