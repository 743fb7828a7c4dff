// The descriptor table of the process: all in the library's own memory, copied by fork.
#pragma once

#include <array>
#include <cstdint>

#include "emulation/files/open_file.h"

namespace emulation {

class DescriptorTable {
 public:
  static constexpr int kSize = 1024;  // RLIMIT_NOFILE

  // The open file of descriptor `fd`, or null (EBADF).
  OpenFile* get(int fd) {
    return static_cast<uint32_t>(fd) < kSize ? entry(fd).file : nullptr;
  }
  // The same for calls that need real input or output: O_PATH descriptors do not count.
  OpenFile* get_io(int fd) {
    OpenFile* file = get(fd);
    return file != nullptr && (file->flags() & linux_abi::O_PATH) == 0 ? file : nullptr;
  }

  // Makes an open file for `port` (takes the send right over, also on error) and the lowest free
  // descriptor for it. `flags`: Linux O_*; `slot`: the file's, if it has one. Returns the descriptor, -EMFILE or -ENOMEM.
  int32_t open(mach_port_t port, int kind, int flags, int lowest = 0, uint32_t slot = 0);
  // As open, with a chosen number; closes what was there.
  int32_t open_at(int fd, mach_port_t port, int kind, int flags);

  // The lowest descriptor from `lowest` on becomes another name of the open file. -EMFILE.
  int32_t duplicate(OpenFile& file, int lowest, bool close_on_exec);
  // The same for the descriptor `fd`, closing what was there.
  int32_t duplicate_at(OpenFile& file, int fd, bool close_on_exec);

  // -EBADF when not open.
  int32_t close(int fd);
  void close_all_on_exec();
  void close_all();

  bool close_on_exec(int fd) { return entry(fd).close_on_exec; }
  void set_close_on_exec(int fd, bool value) { entry(fd).close_on_exec = value; }

  // Before task_create: counts the child as a user of every open file.
  void share_with_child();
  // When the fork failed after all.
  void unshare_from_child();
  // Copies the rights of all open files to the child task under the same names.
  kern_return_t insert_rights(mach_port_t child);
  // No file server shows anything of the open files any more.
  void forget_file_slots();
  // In the child: files opened from now on get pages of their own.
  void after_fork_in_child() { own_page_ = nullptr; }

 private:
  struct Entry {
    OpenFile* file;
    bool close_on_exec;
  };
  // Descriptors and open files lie in blocks of both, so that one page holds all that most
  // processes have: each further one would be copied by every fork.
  static constexpr int kBlockSize = 64;
  struct Block {
    std::array<Entry, kBlockSize> entries;
    std::array<OpenFile, kBlockSize> files;
  };
  static constexpr int kSlotsPerPage = 4096 / sizeof(SharedState);

  Entry& entry(int fd) { return blocks_[fd / kBlockSize].entries[fd % kBlockSize]; }
  OpenFile& file_at(int i) { return blocks_[i / kBlockSize].files[i % kBlockSize]; }
  // Calls visit(file) for every open file.
  template <typename Visit>
  void for_each_file(Visit visit) {
    for (int i = 0; i < files_end_; ++i) {
      if (OpenFile& file = file_at(i); file.shared != nullptr) visit(file);
    }
  }
  void clear_entry(int fd);
  int find_free(int lowest);
  OpenFile* make_file(mach_port_t port, int kind, int flags);
  SharedState* make_shared_state();
  void drop(OpenFile& file);

  SharedState* own_page_;  // where new open files get their shared state; null: none yet
  int descriptors_end_;    // all descriptors in use are below
  int files_end_;          // the same for open files
  std::array<Block, kSize / kBlockSize> blocks_;
};

extern DescriptorTable descriptors;

}  // namespace emulation
