// The power goes at any write of a busy file system with a journal. What a mount finds afterwards
// must be one moment of its history, no older than the last sync, with the contents that were synced.
#include <fcntl.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "libs/server/names.h"
#include "servers/file/crash_block_device.h"
#include "servers/file/ext2_file_system.h"
#include "servers/file/fake_page_cache.h"
#include "servers/file/test_image.h"

namespace file {
namespace {

using server::At;
using server::Names;

constexpr Names::For kUse = Names::For::kUse;
Time test_clock() { return {1'700'000'000, 0}; }

// A mounted file system and short names for what a program does with it.
class Mount {
 public:
  explicit Mount(BlockDevice& device) : pages_(lock_) {
    lock_.lock();
    auto volume = Volume::mount(device, {.cache_blocks = 128, .clock = test_clock});
    mounted_ = volume.ok();
    if (!mounted_) return;
    fs_ = std::make_unique<Ext2FileSystem>(volume.take(), pages_, lock_, 0x301);
    tree_ = std::make_unique<server::Tree>(*fs_);
    names_ = std::make_unique<Names>(*tree_);
    root_ = {tree_->make_view({}), fs_->root()};
  }
  ~Mount() {
    if (mounted_) {
      root_ = {};
      tree_->dentries().clear();
      EXPECT_TRUE(fs_->sync(server::FileSystem::Shutdown::kYes).ok());
      pages_.settle();
      names_.reset();
      tree_.reset();
      fs_.reset();
    }
    lock_.unlock();
  }

  [[nodiscard]] bool ok() const { return mounted_; }
  base::Result<Names::Opened> open(const std::string& path, int flags) {
    return names_->open(root_, path, flags, 0644, kUse);
  }
  Names& names() { return *names_; }
  At& root() { return root_; }
  FakePageCache& pages() { return pages_; }
  base::Status sync() { return fs_->sync(server::FileSystem::Shutdown::kNo); }
  // Lets go of what only the page cache holds.
  void settle() { pages_.settle(); }

  std::string read(const std::string& path) {
    auto opened = open(path, O_RDONLY);
    if (!opened.ok()) return "error " + std::to_string(opened.code());
    std::string text(static_cast<size_t>(opened->attributes.st_size), '?');
    const auto got =
        opened->object->read(0, {reinterpret_cast<uint8_t*>(text.data()), text.size()});
    if (!got.ok()) return "error " + std::to_string(got.code());
    return text;
  }
  // Every path with its inode number and number of links, below `path`.
  void list(const std::string& path, std::map<std::string, std::string>& found) {
    auto opened = open(path.empty() ? "/" : path, O_RDONLY | O_DIRECTORY);
    ASSERT_TRUE(opened.ok()) << path << opened.code();
    struct Sink final : server::DirectorySink {
      std::vector<std::pair<std::string, uint8_t>> names;
      bool add(const server::DirectoryEntry& entry) override {
        if (entry.name != "." && entry.name != ".." && entry.name != "lost+found") {
          names.emplace_back(entry.name, entry.type);
        }
        return true;
      }
    } sink;
    auto node = server::NodeRef(opened->object->node());
    ASSERT_TRUE(node->read_directory(0, sink).ok());
    for (const auto& [name, type] : sink.names) {
      const std::string full = path + "/" + name;
      auto stat = names_->stat(root_, full, O_NOFOLLOW);
      ASSERT_TRUE(stat.ok()) << full << " " << stat.code();
      found[full] = std::to_string(stat->attributes.st_ino) + "*" +
                    std::to_string(stat->attributes.st_nlink);
      if (S_ISDIR(stat->attributes.st_mode)) list(full, found);
    }
  }

 private:
  server::Mutex lock_;
  FakePageCache pages_;
  bool mounted_ = false;
  std::unique_ptr<server::FileSystem> fs_;
  std::unique_ptr<server::Tree> tree_;
  std::unique_ptr<Names> names_;
  At root_;
};

// What the file of an inode contained at times. Bytes are only ever appended or cut off.
struct Version {
  size_t step;
  std::string contents;
};

struct History {
  std::vector<size_t> event_after;                        // of each step
  std::vector<std::map<std::string, std::string>> names;  // after each step
  std::vector<size_t> syncs;                              // steps that made names durable
  std::map<std::string, std::vector<Version>> versions;   // by inode number
  std::map<std::string, std::vector<size_t>> fsyncs;      // steps that made the contents durable
};

class Workload {
 public:
  Workload(CrashBlockDevice& device, uint32_t seed) : device_(device), random_(seed) {}

  History run(int steps) {
    Mount mount(device_);
    mount_ = &mount;
    note(true);
    for (int i = 0; i < steps; ++i) {
      const bool synced = step();
      if (random_() % 8 == 0) mount.settle();
      note(synced);
    }
    return std::move(history_);
  }

 private:
  std::string pick() {
    static const char* const kDirectories[] = {"", "", "/d", "/e"};
    return kDirectories[random_() % 4] + std::string("/") + static_cast<char>('a' + random_() % 10);
  }
  size_t now() const { return history_.event_after.size(); }

  // One operation; whether everything so far is durable after it.
  bool step() {
    Names& names = mount_->names();
    At& root = mount_->root();
    const std::string path = pick();
    switch (random_() % 16) {
      case 0: (void)names.make(root, random_() % 2 == 0 ? "/d" : "/e", S_IFDIR | 0755, 0); break;
      case 1: (void)names.remove(root, path, Names::Remove::kFile); break;
      case 2: rename(path, pick()); break;
      case 3: rename("/d", random_() % 2 == 0 ? "/e" : "/e/a"); break;
      case 4: link(path, pick()); break;
      case 5:
        (void)names.make(root, path, S_IFLNK | 0777, 0, std::string(20 + random_() % 100, 't'));
        break;
      case 6: cut(path); break;
      case 7: mount_->pages().evict(); break;
      case 8: return mount_->sync().ok();
      case 9:
      case 10: return fsync(path);
      case 11: (void)names.remove(root, "/e", Names::Remove::kDirectory); break;
      default: append(path);
    }
    return false;
  }

  At directory(const std::string& path) {
    auto opened = mount_->open(path.substr(0, path.rfind('/') + 1), O_RDONLY | O_DIRECTORY);
    if (!opened.ok()) return {};
    return {mount_->root().view, server::NodeRef(opened->object->node())};
  }
  static std::string last(const std::string& path) { return path.substr(path.rfind('/') + 1); }
  void rename(const std::string& from, const std::string& to) {
    const At source = directory(from);
    const At target = directory(to);
    if (source.directory == nullptr || target.directory == nullptr) return;
    (void)mount_->names().rename(source, last(from), target, last(to), 0);
  }
  void link(const std::string& from, const std::string& to) {
    auto opened = mount_->open(from, O_RDONLY | O_NOFOLLOW);
    const At target = directory(to);
    if (!opened.ok() || target.directory == nullptr) return;
    (void)mount_->names().link(target, last(to), *opened->object->node());
  }
  void append(const std::string& path) {
    auto opened = mount_->open(path, O_WRONLY | O_CREAT | O_NOFOLLOW);
    if (!opened.ok() || !S_ISREG(opened->attributes.st_mode)) return;
    std::string text(1 + random_() % 9000, ' ');
    for (char& c : text) c = static_cast<char>('a' + random_() % 26);
    int64_t end = 0;
    const auto size = static_cast<size_t>(opened->attributes.st_size);
    const std::span<const uint8_t> data(reinterpret_cast<const uint8_t*>(text.data()), text.size());
    auto written = opened->object->write(static_cast<int64_t>(size), false, data, &end);
    ASSERT_TRUE(written.ok()) << written.code();
    auto& versions = history_.versions[std::to_string(opened->attributes.st_ino)];
    if (size == 0) versions.push_back({now(), ""});
    std::string contents = versions.empty() || size == 0 ? "" : versions.back().contents;
    contents.resize(size);
    versions.push_back({now(), contents + text.substr(0, written.value())});
  }
  void cut(const std::string& path) {
    auto opened = mount_->open(path, O_WRONLY | O_NOFOLLOW);
    if (!opened.ok() || !S_ISREG(opened->attributes.st_mode)) return;
    const auto size = static_cast<uint64_t>(opened->attributes.st_size);
    const uint64_t to = random_() % 2 == 0 ? 0 : random_() % (size + 1);
    ASSERT_TRUE(opened->object->change({.which = FS_SET_SIZE, .size = to}).ok());
    auto& versions = history_.versions[std::to_string(opened->attributes.st_ino)];
    if (versions.empty()) return;
    versions.push_back({now(), versions.back().contents.substr(0, static_cast<size_t>(to))});
  }
  bool fsync(const std::string& path) {
    auto opened = mount_->open(path, O_RDONLY | O_NOFOLLOW);
    if (!opened.ok()) return false;
    EXPECT_TRUE(server::NodeRef(opened->object->node())->sync(server::Node::Sync::kAll).ok());
    history_.fsyncs[std::to_string(opened->attributes.st_ino)].push_back(now());
    // Names are durable with any sync; contents of other files are not.
    return true;
  }
  void note(bool synced) {
    std::map<std::string, std::string> names;
    mount_->list("", names);
    if (synced) history_.syncs.push_back(now());
    history_.names.push_back(std::move(names));
    history_.event_after.push_back(device_.events());
  }

  CrashBlockDevice& device_;
  std::mt19937 random_;
  Mount* mount_ = nullptr;
  History history_;
};

// Compares a medium after a cut with the history.
class Judge {
 public:
  Judge(const History& history, size_t events) : history_(history) {
    // The step that was going on, and the last one that made names durable.
    while (current_ + 1 < history.event_after.size() && history.event_after[current_] <= events) {
      ++current_;
    }
    for (const size_t step : history.syncs) {
      if (history.event_after[step] <= events) durable_ = step;
    }
  }

  std::string check(std::vector<uint8_t> medium) {
    MemoryBlockDevice device(std::move(medium));
    std::string fault;
    {
      Mount mount(device);
      if (!mount.ok()) return "does not mount";
      fault = check_names(mount);
    }
    if (fault.empty()) fault = check_image(device.bytes());
    return fault;
  }

 private:
  std::string check_names(Mount& mount) {
    std::map<std::string, std::string> found;
    mount.list("", found);
    for (size_t step = durable_; step <= current_; ++step) {
      if (history_.names[step] == found) return check_contents(mount, found, step);
    }
    return "the names are those of no moment between the last sync and the cut:" +
           difference(history_.names[durable_], found) + " from then," +
           difference(history_.names[current_], found) + " from now";
  }
  static std::string difference(const std::map<std::string, std::string>& wanted,
                                const std::map<std::string, std::string>& found) {
    std::string text;
    for (const auto& [path, identity] : wanted) {
      const auto at = found.find(path);
      if (at == found.end()) text += " -" + path + "=" + identity;
      if (at != found.end() && at->second != identity) {
        text += " " + path + "=" + identity + "/" + at->second;
      }
    }
    for (const auto& [path, identity] : found) {
      if (!wanted.contains(path)) text += " +" + path + "=" + identity;
    }
    return text;
  }
  std::string check_contents(Mount& mount, const std::map<std::string, std::string>& names,
                             size_t) {
    for (const auto& [path, identity] : names) {
      const std::string inode = identity.substr(0, identity.find('*'));
      auto opened = mount.open(path, O_RDONLY | O_NOFOLLOW);
      if (!opened.ok() || !S_ISREG(opened->attributes.st_mode)) continue;
      if (!fits(inode, mount.read(path))) return "wrong contents of " + path;
    }
    return "";
  }
  // Some version since the last fsync begins with `contents`; what was durable and not cut off is
  // there.
  bool fits(const std::string& inode, const std::string& contents) {
    const auto found = history_.versions.find(inode);
    if (found == history_.versions.end()) return contents.empty();
    size_t synced = 0;
    if (const auto fsyncs = history_.fsyncs.find(inode); fsyncs != history_.fsyncs.end()) {
      for (const size_t step : fsyncs->second) {
        if (step <= durable_) synced = step;
      }
    }
    // The version at the fsync, and all that came after it.
    size_t first = 0;
    for (size_t i = 0; i < found->second.size(); ++i) {
      if (found->second[i].step <= synced) first = i;
    }
    const bool any_synced = found->second[first].step <= synced;
    size_t least = any_synced ? found->second[first].contents.size() : 0;
    for (size_t i = first; i < found->second.size() && found->second[i].step <= current_; ++i) {
      const std::string& version = found->second[i].contents;
      least = std::min(least, version.size());
      if (contents.size() >= least && version.starts_with(contents)) return true;
    }
    return contents.empty() && least == 0;
  }

  const History& history_;
  size_t current_ = 0;
  size_t durable_ = 0;
};

struct Case {
  uint32_t block_size;
  uint32_t seed;
  int steps;
};

class CrashTest : public testing::TestWithParam<Case> {};

TEST_P(CrashTest, AnyCutLeavesAMomentOfTheHistory) {
  const auto [block_size, seed, steps] = GetParam();
  const uint32_t size = block_size == 1024 ? 4u << 20 : 8u << 20;
  CrashBlockDevice device(make_image({.size = size, .block_size = block_size, .journal = true}));
  const History history = Workload(device, seed).run(steps);
  std::mt19937 random(seed);
  const char* cuts = std::getenv("MACHINA_CRASH_CUTS");
  const size_t wanted = cuts != nullptr ? std::strtoul(cuts, nullptr, 10) : 60;
  const size_t stride = std::max<size_t>(2 * device.events() / wanted, 2);
  size_t tried = 0;
  for (size_t events = random() % stride; events <= device.events();
       events += 1 + random() % stride, ++tried) {
    const std::vector<uint8_t> medium = device.after_cut(events, random);
    EXPECT_EQ(Judge(history, events).check(medium), "")
        << "cut after " << events << " of " << device.events();
    if (tried % 4 != 0) continue;
    // e2fsck replays the same log to the same result.
    std::vector<uint8_t> recovered = medium;
    EXPECT_EQ(recover_with_e2fsck(recovered), "") << "e2fsck, cut after " << events;
    EXPECT_EQ(Judge(history, events).check(recovered), "") << "e2fsck, cut after " << events;
  }
  std::printf("%zu cuts; %zu events, %zu flushes, %llu bytes written by %d steps\n", tried,
              device.events(), device.flushes(),
              static_cast<unsigned long long>(device.bytes_written()), steps);
}

INSTANTIATE_TEST_SUITE_P(Workloads, CrashTest,
                         testing::Values(Case{1024, 1, 400}, Case{4096, 3, 400},
                                         Case{1024, 4, 2000}));

}  // namespace
}  // namespace file
