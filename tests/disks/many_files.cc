// many_files DIRECTORY TREE-FILES: what names cost in directories of different sizes, in instructions when
// the clock counts them (QEMU -icount); then a tree of TREE-FILES files, 1000 a directory. TAP.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <x86intrin.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

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

// Instructions for one of `count` calls; ends the program when one fails.
template <typename F>
uint64_t cost(int count, const char* what, F operation) {
  const uint64_t start = __rdtsc();
  for (int i = 0; i < count; ++i) {
    if (operation(i)) continue;
    std::printf("Bail out! %s %d: %s\n", what, i, std::strerror(errno));
    std::exit(1);
  }
  return (__rdtsc() - start) / static_cast<uint64_t>(count);
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

void measure_fsync() {
  const int fd = open("synced", O_CREAT | O_WRONLY | O_APPEND, 0644);
  char block[4096] = {};
  const uint64_t small = cost(100, "append and fsync", [&](int) {
    return write(fd, block, 100) == 100 && fsync(fd) == 0;
  });
  const uint64_t large = cost(100, "append 4096 and fsync", [&](int) {
    return write(fd, block, sizeof(block)) == sizeof(block) && fsync(fd) == 0;
  });
  const uint64_t made = cost(100, "create and fsync", [&](int i) {
    const int file = open(name_of(i).c_str(), O_CREAT | O_WRONLY, 0644);
    return file >= 0 && write(file, block, 100) == 100 && fsync(file) == 0 && close(file) == 0;
  });
  std::printf("# fsync: append 100 %llu, append 4096 %llu, create 100 %llu\n",
              static_cast<unsigned long long>(small), static_cast<unsigned long long>(large),
              static_cast<unsigned long long>(made));
  close(fd);
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

// Twice the cost in a directory ten times as large would be logarithmic at worst.
bool flat(uint64_t small, uint64_t large) { return large < small * 2; }

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
  measure_fsync();
  const int files = std::atoi(argv[2]);
  check(make_tree(files), "a tree of " + std::to_string(files) + " files");
  std::printf("1..%d\n", cases);
  return failed ? 1 : 0;
}
