// load DIRECTORY SEED STEPS: performs the operations of a Workload in DIRECTORY, which must be empty,
// and writes the number of each on standard output when it is done.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/power_cut/workload.h"

namespace {

using power_cut::Operation;

int with_file(const std::string& path, int flags, int (*action)(int)) {
  const int fd = open(path.c_str(), flags, 0644);
  if (fd < 0) return -1;
  const int result = action(fd);
  return close(fd) == 0 ? result : -1;
}

int append(const std::string& path, const std::string& text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (fd < 0) return -1;
  for (size_t done = 0; done < text.size();) {
    const ssize_t wrote = write(fd, text.data() + done, text.size() - done);
    if (wrote <= 0) return -1;
    done += static_cast<size_t>(wrote);
  }
  return close(fd);
}

int perform(const Operation& operation) {
  using Kind = Operation::Kind;
  switch (operation.kind) {
    case Kind::kAppend: return append(operation.path, operation.text);
    case Kind::kCut: return truncate(operation.path.c_str(), static_cast<off_t>(operation.size));
    case Kind::kRename: return rename(operation.path.c_str(), operation.to.c_str());
    case Kind::kUnlink: return unlink(operation.path.c_str());
    case Kind::kMakeDirectory: return mkdir(operation.path.c_str(), 0755);
    case Kind::kSyncFile: return with_file(operation.path, O_RDONLY, fsync);
    case Kind::kSyncAll: sync(); return 0;
  }
  return -1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 || chdir(argv[1]) != 0) {
    std::fprintf(stderr, "usage: load DIRECTORY SEED STEPS\n");
    return 2;
  }
  power_cut::Workload workload(static_cast<uint32_t>(std::strtoul(argv[2], nullptr, 10)));
  const unsigned long steps = std::strtoul(argv[3], nullptr, 10);
  for (unsigned long step = 1; step <= steps; ++step) {
    if (perform(workload.next()) != 0) {
      std::printf("failed %lu: %s\n", step, std::strerror(errno));
      return 1;
    }
    char line[32];
    const int size = std::snprintf(line, sizeof(line), "%lu\n", step);
    if (write(STDOUT_FILENO, line, static_cast<size_t>(size)) != size) return 1;
  }
  return 0;
}
