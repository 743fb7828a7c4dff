// The load of the power-cut test: a sequence of file operations that a seed determines, and what the
// files are after each of them. Shared by the program in the guest, which performs it, and the judge
// on the build machine, which knows what must have become of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace power_cut {

// One operation. The paths are below the directory the load works in.
struct Operation {
  enum class Kind { kAppend, kCut, kRename, kUnlink, kMakeDirectory, kSyncFile, kSyncAll };
  Kind kind;
  std::string path;
  std::string to = {};    // kRename
  std::string text = {};  // kAppend
  size_t size = 0;        // kCut

  [[nodiscard]] bool is_sync() const { return kind == Kind::kSyncFile || kind == Kind::kSyncAll; }
};

struct File {
  uint32_t id = 0;  // 0: a directory
  std::string contents = {};
};

class Workload {
 public:
  explicit Workload(uint32_t seed) : state_(seed * 2654435761u + 1) {}

  // Chooses the next operation and applies it to files().
  Operation next() {
    ++step_;
    Operation operation = choose();
    apply(operation);
    return operation;
  }
  [[nodiscard]] const std::map<std::string, File>& files() const { return files_; }

 private:
  uint32_t random(uint32_t limit) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_ % limit;
  }
  std::string any_path() {
    const std::string name(1, static_cast<char>('a' + random(20)));
    const uint32_t directory = random(4);
    const std::string parent = "d" + std::to_string(directory);
    return directory < 3 && files_.contains(parent) ? parent + "/" + name : name;
  }
  // An existing file, or nothing.
  std::string any_file() {
    uint32_t left = files_.empty() ? 0 : random(static_cast<uint32_t>(files_.size()));
    for (const auto& [path, file] : files_) {
      if (left > 0) {
        --left;
      } else if (file.id != 0) {
        return path;
      }
    }
    return {};
  }
  Operation append(const std::string& path) {
    std::string text(1 + random(random(8) == 0 ? 40'000 : 3000), ' ');
    const uint32_t salt = random(1u << 30) + step_;
    for (size_t i = 0; i < text.size(); ++i) {
      text[i] = static_cast<char>('!' + (salt + i * 7 + (i >> 6) * 31 + (i >> 12)) % 90);
    }
    return {.kind = Operation::Kind::kAppend, .path = path, .text = std::move(text)};
  }
  Operation choose() {
    using Kind = Operation::Kind;
    const std::string file = any_file();
    if (step_ <= 3) return {.kind = Kind::kMakeDirectory, .path = "d" + std::to_string(step_ - 1)};
    if (file.empty()) return append(any_path());
    const uint32_t what = random(20);
    if (what < 2) return {.kind = Kind::kUnlink, .path = file};
    if (what < 5) {
      std::string to = any_path();
      if (to != file) return {.kind = Kind::kRename, .path = file, .to = std::move(to)};
    }
    if (what == 5) {
      const auto size = static_cast<uint32_t>(files_[file].contents.size());
      return {.kind = Kind::kCut, .path = file, .size = random(size + 1)};
    }
    if (what < 9) return {.kind = Kind::kSyncFile, .path = file};
    if (what == 9 && random(4) == 0) return {.kind = Kind::kSyncAll, .path = {}};
    return append(random(3) == 0 ? file : any_path());
  }
  void apply(const Operation& operation) {
    switch (operation.kind) {
      case Operation::Kind::kMakeDirectory: files_[operation.path] = {}; break;
      case Operation::Kind::kUnlink: files_.erase(operation.path); break;
      case Operation::Kind::kCut: files_[operation.path].contents.resize(operation.size); break;
      case Operation::Kind::kRename: {
        File moved = std::move(files_[operation.path]);
        files_.erase(operation.path);
        files_[operation.to] = std::move(moved);
        break;
      }
      case Operation::Kind::kAppend: {
        File& file = files_[operation.path];
        if (file.id == 0) file.id = ++last_id_;
        file.contents += operation.text;
        break;
      }
      case Operation::Kind::kSyncFile:
      case Operation::Kind::kSyncAll: break;
    }
  }

  uint32_t state_;
  uint32_t step_ = 0;
  uint32_t last_id_ = 0;
  std::map<std::string, File> files_;
};

}  // namespace power_cut
