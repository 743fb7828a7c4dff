// Names and contents on both file systems, alone and against a model.
#include <fcntl.h>

#include <cerrno>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "libs/server/names.h"
#include "servers/file/ext2_file_system.h"
#include "servers/file/fake_page_cache.h"
#include "servers/file/memory_block_device.h"
#include "servers/file/test_image.h"
#include "servers/file/tmpfs.h"

namespace file {
namespace {

using server::At;
using server::Names;

constexpr Names::For kUse = Names::For::kUse;
Time test_clock() { return {1'700'000'000, 0}; }

enum class Kind { kExt2With1K, kExt2With4K, kExt3With1K, kExt3With4K, kTmpFs };

class NamesTest : public testing::TestWithParam<Kind> {
 protected:
  NamesTest() : cache_(lock_) {
    lock_.lock();
    if (GetParam() != Kind::kTmpFs) {
      const bool small = GetParam() == Kind::kExt2With1K || GetParam() == Kind::kExt3With1K;
      const bool journal = GetParam() == Kind::kExt3With1K || GetParam() == Kind::kExt3With4K;
      device_ = std::make_unique<MemoryBlockDevice>(make_image(
          {.size = 12u << 20, .block_size = small ? 1024u : 4096u, .journal = journal}));
    }
    mount();
  }
  ~NamesTest() override {
    unmount();
    if (device_ != nullptr) {
      EXPECT_EQ(check_image(device_->bytes()), "");
      EXPECT_TRUE(marked_clean(device_->bytes()));
    }
    lock_.unlock();
  }

  void mount() {
    if (device_ != nullptr) {
      auto volume = Volume::mount(*device_, {.cache_blocks = 128, .clock = test_clock});
      ASSERT_TRUE(volume.ok());
      fs_ = std::make_unique<Ext2FileSystem>(volume.take(), cache_, lock_, 0x301);
    } else {
      fs_ = std::make_unique<TmpFs>(test_clock, cache_, lock_);
    }
    tree_ = std::make_unique<server::Tree>(*fs_);
    names_ = std::make_unique<Names>(*tree_);
    root_ = at_root({});
  }
  void unmount() {
    root_ = {};
    tree_->dentries().clear();
    EXPECT_TRUE(fs_->sync(server::FileSystem::Shutdown::kYes).ok());
    cache_.settle();
    names_.reset();
    tree_.reset();
    fs_.reset();
  }

  At at_root(server::Credentials who) { return {tree_->make_view(who), fs_->root()}; }

  int make(const std::string& path, uint32_t mode) {
    return names_->make(root_, path, mode, 0).code();
  }
  int remove(const std::string& path, Names::Remove what = Names::Remove::kFile) {
    return names_->remove(root_, path, what).code();
  }
  base::Result<Names::Opened> open(const std::string& path, int flags, uint32_t mode = 0644) {
    return names_->open(root_, path, flags, mode, kUse);
  }
  int write(const std::string& path, int64_t position, const std::string& text) {
    auto opened = open(path, O_RDWR | O_CREAT);
    if (!opened.ok()) return opened.code();
    int64_t end = 0;
    const std::span<const uint8_t> data(reinterpret_cast<const uint8_t*>(text.data()),
                                        text.size());
    return opened->object->write(position, false, data, &end).code();
  }
  std::string read(const std::string& path) {
    auto opened = open(path, O_RDONLY);
    if (!opened.ok()) return "error " + std::to_string(opened.code());
    std::string text(static_cast<size_t>(opened->attributes.st_size), '?');
    const auto got =
        opened->object->read(0, {reinterpret_cast<uint8_t*>(text.data()), text.size()});
    if (!got.ok()) return "error " + std::to_string(got.code());
    text.resize(got.value());
    return text;
  }
  int truncate(const std::string& path, uint64_t size) {
    auto opened = open(path, O_RDWR);
    if (!opened.ok()) return opened.code();
    return opened->object->change({.which = FS_SET_SIZE, .size = size}).code();
  }
  At directory(const std::string& path) {
    auto opened = open(path, O_RDONLY | O_DIRECTORY);
    EXPECT_TRUE(opened.ok()) << path << " " << opened.code();
    return {root_.view, server::NodeRef(opened->object->node())};
  }
  io_stat_t stat(const std::string& path) {
    auto found = names_->stat(root_, path, O_NOFOLLOW);
    EXPECT_TRUE(found.ok()) << path << " " << found.code();
    return found.ok() ? found->attributes : io_stat_t{};
  }

  server::Mutex lock_;
  FakePageCache cache_;
  std::unique_ptr<MemoryBlockDevice> device_;
  std::unique_ptr<server::FileSystem> fs_;
  std::unique_ptr<server::Tree> tree_;
  std::unique_ptr<Names> names_;
  At root_;
};

TEST_P(NamesTest, FilesAreMadeWrittenAndRead) {
  EXPECT_EQ(read("/f"), "error " + std::to_string(ENOENT));
  EXPECT_EQ(write("/f", 0, "hello"), 0);
  EXPECT_EQ(write("/f", 3, "p!"), 0);
  EXPECT_EQ(read("/f"), "help!");
  EXPECT_EQ(open("/f", O_CREAT | O_EXCL | O_RDWR).code(), EEXIST);
  EXPECT_EQ(open("/f/", O_RDONLY).code(), ENOTDIR);
  EXPECT_EQ(open("/f/x", O_RDONLY).code(), ENOTDIR);
  EXPECT_TRUE(open("/f", O_RDWR | O_TRUNC).ok());
  EXPECT_EQ(read("/f"), "");
}

TEST_P(NamesTest, ShrinkingAndGrowingShowsZeros) {
  const std::string text(10'000, 'x');
  EXPECT_EQ(write("/f", 0, text), 0);
  EXPECT_EQ(truncate("/f", 5), 0);
  EXPECT_EQ(truncate("/f", 9000), 0);
  EXPECT_EQ(read("/f"), "xxxxx" + std::string(8995, '\0'));
  EXPECT_EQ(write("/f", 20'000, "end"), 0);
  cache_.evict();
  EXPECT_EQ(read("/f"), "xxxxx" + std::string(19'995, '\0') + "end");
}

TEST_P(NamesTest, MappedFilesAreReadAndWrittenThroughTheMapping) {
  EXPECT_EQ(write("/f", 0, std::string(9000, 'x')), 0);
  auto opened = open("/f", O_RDWR).take();
  EXPECT_EQ(opened.object->memory_object(7).value(), 77u);
  EXPECT_EQ(write("/f", 100, "mapped"), 0);
  EXPECT_EQ(read("/f").substr(98, 10), "xxmappedxx");
  cache_.evict();
  EXPECT_EQ(read("/f").substr(98, 10), "xxmappedxx");
  EXPECT_EQ(truncate("/f", 102), 0);
  EXPECT_EQ(truncate("/f", 8192), 0);
  EXPECT_EQ(read("/f"), std::string(100, 'x') + "ma" + std::string(8090, '\0'));
  EXPECT_EQ(remove("/f"), 0);
  opened.object = nullptr;
  cache_.settle();
}

TEST_P(NamesTest, LinksAreFollowedToALimit) {
  EXPECT_EQ(make("/d", S_IFDIR | 0755), 0);
  EXPECT_EQ(write("/d/f", 0, "deep"), 0);
  EXPECT_TRUE(names_->make(root_, "/l", S_IFLNK | 0777, 0, "d/f").ok());
  EXPECT_TRUE(names_->make(root_, "/d/up", S_IFLNK | 0777, 0, "/d/../l").ok());
  EXPECT_TRUE(names_->make(root_, "/loop", S_IFLNK | 0777, 0, "loop").ok());
  const std::string far(300, '/');
  EXPECT_TRUE(names_->make(root_, "/far", S_IFLNK | 0777, 0, far + "d").ok());
  EXPECT_EQ(read("/l"), "deep");
  EXPECT_EQ(read("/d/up"), "deep");
  EXPECT_EQ(read("/far/f"), "deep");
  EXPECT_EQ(read("/loop"), "error " + std::to_string(ELOOP));
  EXPECT_EQ(open("/l", O_RDONLY | O_NOFOLLOW).code(), ELOOP);
  EXPECT_EQ(names_->read_link(root_, "/far")->target, far + "d");
  EXPECT_EQ(names_->read_link(root_, "/d").code(), EINVAL);
  EXPECT_EQ(open("/l", O_PATH | O_NOFOLLOW)->object->kind(), IO_KIND_SYMLINK);
  EXPECT_TRUE(names_->make(root_, "/new", S_IFLNK | 0777, 0, "d/made").ok());
  EXPECT_EQ(write("/new", 0, "through"), 0);
  EXPECT_EQ(read("/d/made"), "through");
}

TEST_P(NamesTest, DirectoriesCountTheirLinks) {
  const auto before = stat("/").st_nlink;
  EXPECT_EQ(make("/a", S_IFDIR | 0755), 0);
  EXPECT_EQ(make("/a/b", S_IFDIR | 0755), 0);
  EXPECT_EQ(make("/a", S_IFDIR | 0755), EEXIST);
  EXPECT_EQ(stat("/a").st_nlink, 3u);
  EXPECT_EQ(stat("/").st_nlink, before + 1);
  EXPECT_EQ(remove("/a", Names::Remove::kDirectory), ENOTEMPTY);
  EXPECT_EQ(remove("/a"), EISDIR);
  EXPECT_EQ(names_->path_of(directory("/a/b")).value(), "/a/b");
  const At inside = directory("/a/b");
  EXPECT_EQ(remove("/a/b", Names::Remove::kDirectory), 0);
  EXPECT_EQ(names_->path_of(inside).code(), ENOENT);
  EXPECT_EQ(names_->make(inside, "x", S_IFREG | 0644, 0).code(), ENOENT);
  EXPECT_EQ(remove("/a", Names::Remove::kDirectory), 0);
  EXPECT_EQ(stat("/").st_nlink, before);
}

TEST_P(NamesTest, RenameReplacesMovesAndRefuses) {
  EXPECT_EQ(make("/a", S_IFDIR | 0755), 0);
  EXPECT_EQ(make("/b", S_IFDIR | 0755), 0);
  EXPECT_EQ(make("/a/sub", S_IFDIR | 0755), 0);
  EXPECT_EQ(write("/a/f", 0, "one"), 0);
  EXPECT_EQ(write("/b/g", 0, "two"), 0);
  const At a = directory("/a");
  const At b = directory("/b");
  EXPECT_EQ(names_->rename(a, "f", b, "g", 1).code(), EEXIST);
  EXPECT_TRUE(names_->rename(a, "f", b, "g", 2).ok());
  EXPECT_EQ(read("/b/g"), "one");
  EXPECT_EQ(read("/a/f"), "two");
  EXPECT_TRUE(names_->rename(a, "f", b, "g", 0).ok());
  EXPECT_EQ(read("/b/g"), "two");
  EXPECT_EQ(names_->stat(root_, "/a/f", 0).code(), ENOENT);
  EXPECT_EQ(names_->rename(root_, "a", directory("/a/sub"), "x", 0).code(), EINVAL);
  EXPECT_EQ(names_->rename(b, "g", a, "sub", 0).code(), EISDIR);
  EXPECT_EQ(names_->rename(a, "sub", b, "g", 0).code(), ENOTDIR);
  EXPECT_TRUE(names_->rename(a, "sub", b, "moved", 0).ok());
  EXPECT_EQ(names_->path_of(directory("/b/moved")).value(), "/b/moved");
  EXPECT_EQ(stat("/a").st_nlink, 2u);
  EXPECT_EQ(stat("/b").st_nlink, 3u);
}

TEST_P(NamesTest, HardLinksShareAndUnlinkedFilesLive) {
  EXPECT_EQ(write("/f", 0, "data"), 0);
  auto opened = open("/f", O_RDWR).take();
  EXPECT_TRUE(names_->link(root_, "g", *opened.object->node()).ok());
  EXPECT_EQ(stat("/g").st_nlink, 2u);
  EXPECT_EQ(remove("/f"), 0);
  EXPECT_EQ(remove("/g"), 0);
  std::vector<uint8_t> data(4);
  EXPECT_EQ(opened.object->read(0, data).value(), 4u);
  EXPECT_EQ(data[0], 'd');
  EXPECT_EQ(names_->link(root_, "h", *opened.object->node()).code(), ENOENT);
  const auto before = fs_->statistics()->f_ffree;
  opened.object = nullptr;
  cache_.settle();
  if (GetParam() != Kind::kTmpFs) EXPECT_EQ(fs_->statistics()->f_ffree, before + 1);
}

TEST_P(NamesTest, PermissionsAreChecked) {
  EXPECT_EQ(make("/private", S_IFDIR | 0700), 0);
  EXPECT_EQ(write("/private/f", 0, "x"), 0);
  EXPECT_EQ(write("/shown", 0, "x"), 0);
  const At user = at_root({.uid = 1000, .gid = 1000});
  EXPECT_EQ(names_->stat(user, "/private/f", 0).code(), EACCES);
  EXPECT_EQ(names_->open(user, "/shown", O_RDWR, 0, kUse).code(), EACCES);
  EXPECT_TRUE(names_->open(user, "/shown", O_RDONLY, 0, kUse).ok());
  EXPECT_EQ(names_->open(user, "/shown", O_RDONLY, 0, Names::For::kExecute).code(), EACCES);
  auto shown = names_->open(user, "/shown", O_RDONLY, 0, kUse).take();
  EXPECT_EQ(shown.object->change({.which = FS_SET_MODE, .mode = 0777}).code(), EPERM);
  EXPECT_EQ(make("/tmp", S_IFDIR | S_ISVTX | 0777), 0);
  EXPECT_TRUE(names_->make(user, "/tmp/mine", S_IFREG | 0644, 0).ok());
  EXPECT_EQ(stat("/tmp/mine").st_uid, 1000u);
  const At other = at_root({.uid = 1001, .gid = 1000});
  EXPECT_EQ(names_->remove(other, "/tmp/mine", Names::Remove::kFile).code(), EPERM);
  EXPECT_TRUE(names_->remove(user, "/tmp/mine", Names::Remove::kFile).ok());
  EXPECT_EQ(names_->access(root_, "/shown", 2, 1000, 1000, 0).code(), EACCES);
}

TEST_P(NamesTest, MountsAreCrossedBothWays) {
  EXPECT_EQ(make("/mnt", S_IFDIR | 0755), 0);
  EXPECT_EQ(make("/away", S_IFDIR | 0755), 0);
  EXPECT_TRUE(tree_->add_mount({.covered = directory("/mnt").directory,
                                .path = "/mnt",
                                .source = "none",
                                .file_system = std::make_unique<TmpFs>(test_clock, cache_, lock_)})
                  .ok());
  EXPECT_TRUE(tree_->add_mount({.covered = directory("/away").directory,
                                .path = "/away",
                                .source = "none",
                                .file_system = nullptr,
                                .number = 7})
                  .ok());
  EXPECT_EQ(write("/mnt/f", 0, "inside"), 0);
  EXPECT_EQ(read("/mnt/../mnt/f"), "inside");
  EXPECT_EQ(make("/mnt/d", S_IFDIR | 0755), 0);
  EXPECT_EQ(names_->path_of(directory("/mnt/d")).value(), "/mnt/d");
  EXPECT_EQ(remove("/mnt", Names::Remove::kDirectory), EBUSY);
  auto away = names_->stat(root_, "/away//x/../y", 0).take();
  EXPECT_EQ(away.retry.kind, FS_RETRY_MOUNT);
  EXPECT_EQ(away.retry.mount, 7);
  EXPECT_EQ(away.retry.path, "x/../y");
  EXPECT_EQ(names_->stat(root_, "/away", 0)->retry.path, ".");
  EXPECT_TRUE(tree_->remove_mount(*fs_->root()->lookup("mnt").value()).ok());
  EXPECT_TRUE(tree_->remove_mount(*fs_->root()->lookup("away").value()).ok());
  EXPECT_EQ(names_->stat(root_, "/mnt/f", 0).code(), ENOENT);
}

TEST_P(NamesTest, AMountedServerHandsPathsAboveItselfBack) {
  EXPECT_TRUE(tree_->set_root_path("/dev/").ok());
  root_ = at_root({});
  EXPECT_EQ(make("pts", S_IFDIR | 0755), 0);
  auto up = names_->stat(root_, "pts/../../etc/passwd", 0).take();
  EXPECT_EQ(up.retry.kind, FS_RETRY_ROOT);
  EXPECT_EQ(up.retry.path, "/etc/passwd");
  EXPECT_EQ(names_->stat(root_, "/etc", 0)->retry.path, "/etc");
  EXPECT_EQ(names_->path_of(directory("pts")).value(), "/dev/pts");
}

TEST_P(NamesTest, RandomOperationsAgreeWithAModel) {
  std::mt19937 random(42);
  std::map<std::string, std::string> model;
  for (const char* d : {"/d0", "/d1", "/d2"}) EXPECT_EQ(make(d, S_IFDIR | 0755), 0);
  for (int step = 0; step < 1200; ++step) {
    const auto name = [&] {
      return "d" + std::to_string(random() % 3) + "/f" + std::to_string(random() % 12);
    };
    const std::string path = name();
    const bool known = model.contains(path);
    switch (random() % 7) {
      case 0:
      case 1: {
        const size_t position = random() % 30'000;
        const std::string text(1 + random() % 9000, static_cast<char>('a' + random() % 26));
        ASSERT_EQ(write("/" + path, static_cast<int64_t>(position), text), 0) << step;
        std::string& content = model[path];
        content.resize(std::max(content.size(), position + text.size()));
        content.replace(position, text.size(), text);
        break;
      }
      case 2:
        ASSERT_EQ(remove("/" + path), known ? 0 : ENOENT) << step;
        model.erase(path);
        break;
      case 3: {
        const size_t size = random() % 40'000;
        ASSERT_EQ(truncate("/" + path, size), known ? 0 : ENOENT) << step;
        if (known) model[path].resize(size);
        break;
      }
      case 4: {
        const std::string to = name();
        const auto status =
            names_->rename(directory("/" + path.substr(0, 2)), path.substr(3),
                           directory("/" + to.substr(0, 2)), to.substr(3), 0);
        ASSERT_EQ(status.code(), known ? 0 : ENOENT) << step;
        if (known && to != path) {
          model[to] = model[path];
          model.erase(path);
        }
        break;
      }
      case 5:
        if (known) ASSERT_EQ(read("/" + path), model[path]) << step;
        break;
      case 6:
        if (random() % 8 == 0) {
          if (GetParam() != Kind::kTmpFs && random() % 2 == 0) {
            unmount();
            ASSERT_EQ(check_image(device_->bytes()), "") << step;
            mount();
          } else {
            cache_.evict();
          }
        } else {
          cache_.settle();
        }
        break;
    }
  }
  for (const auto& [path, content] : model) EXPECT_EQ(read("/" + path), content) << path;
}

INSTANTIATE_TEST_SUITE_P(FileSystems, NamesTest,
                         testing::Values(Kind::kExt2With1K, Kind::kExt2With4K, Kind::kExt3With1K,
                                         Kind::kExt3With4K, Kind::kTmpFs));

}  // namespace
}  // namespace file
