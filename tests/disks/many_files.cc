// many_files DIRECTORY TREE-FILES: what names cost in directories of different sizes, in instructions when
// the clock counts them (QEMU -icount); then a tree of TREE-FILES files, 1000 a directory. TAP.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <x86intrin.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

int cases = 0;
bool failed = false;

void check(bool good, const std::string& what) {
  std::printf("%sok %d - %s\n", good ? "" : "not ", ++cases, what.c_str());
  failed = failed || !good;
}

std::string name_of(int i) { return "file-" + std::to_string(i); }

int create(const std::string& name) {
  const int fd = open(name.c_str(), O_CREAT | O_WRONLY | O_EXCL, 0644);
  return fd < 0 ? -1 : close(fd);
}

// Instructions for one of `count` calls, the lower quartile of batches: the clock also counts while some
// of them wait for the disk. Ends the program when a call fails.
template <typename F>
uint64_t cost(int count, const char* what, F operation) {
  constexpr int kBatch = 10;
  std::vector<uint64_t> batches;
  for (int i = 0; i < count;) {
    const uint64_t start = __rdtsc();
    for (const int end = i + kBatch; i < end; ++i) {
      if (operation(i)) continue;
      std::printf("Bail out! %s %d: %s\n", what, i, std::strerror(errno));
      std::exit(1);
    }
    batches.push_back((__rdtsc() - start) / kBatch);
  }
  std::ranges::sort(batches);
  return batches[batches.size() / 4];
}

struct Costs {
  uint64_t create, find, miss, remove;
};

Costs measure(int count) {
  Costs costs = {};
  struct stat s;
  costs.create = cost(count, "create", [](int i) { return create(name_of(i)) == 0; });
  costs.find = cost(count, "stat", [&](int i) { return stat(name_of(i).c_str(), &s) == 0; });
  costs.miss = cost(count, "stat of nothing", [&](int i) {
    return stat(("no" + name_of(i)).c_str(), &s) < 0 && errno == ENOENT;
  });
  costs.remove = cost(count, "unlink", [=](int i) {
    return unlink(name_of(static_cast<int>(int64_t{i} * 7919 % count)).c_str()) == 0;
  });
  std::printf("# %d names: create %llu, find %llu, miss %llu, remove %llu\n", count,
              static_cast<unsigned long long>(costs.create),
              static_cast<unsigned long long>(costs.find),
              static_cast<unsigned long long>(costs.miss),
              static_cast<unsigned long long>(costs.remove));
  return costs;
}

bool make_tree(int files) {
  for (int i = 0; i < files; ++i) {
    const std::string directory = "tree-" + std::to_string(i / 1000);
    if (i % 1000 == 0 && mkdir(directory.c_str(), 0755) != 0) return false;
    if (create(directory + "/" + name_of(i)) != 0) return false;
  }
  sync();
  struct stat s;
  for (int i = 0; i < files; i += 37) {
    const std::string directory = "tree-" + std::to_string(i / 1000);
    if (stat((directory + "/" + name_of(i)).c_str(), &s) != 0) return false;
  }
  return true;
}

// In a directory ten times as large a linear search would cost ten times as much. Some growth comes from
// caches that hold a thousand names and not ten thousand.
bool flat(uint64_t small, uint64_t large) { return large < small * 4; }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || chdir(argv[1]) != 0) return 2;
  (void)measure(100);
  const Costs small = measure(1000);
  const Costs large = measure(10'000);
  check(flat(small.create, large.create), "creating a name does not depend on how many there are");
  check(flat(small.find, large.find), "finding a name does not depend on how many there are");
  check(flat(small.miss, large.miss), "missing a name does not depend on how many there are");
  check(flat(small.remove, large.remove), "removing a name does not depend on how many there are");
  const int files = std::atoi(argv[2]);
  check(make_tree(files), "a tree of " + std::to_string(files) + " files");
  std::printf("1..%d\n", cases);
  return failed ? 1 : 0;
}
