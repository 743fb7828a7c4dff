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
    return static_cast<uint32_t>(fd) < kSize ? entries_[fd].file : nullptr;
  }
  // The same for calls that need real input or output: O_PATH descriptors do not count.
  OpenFile* get_io(int fd) {
    OpenFile* file = get(fd);
    return file != nullptr && (file->flags() & linux_abi::O_PATH) == 0 ? file : nullptr;
  }

  // Makes an open file for `port` (takes the send right over, also on error) and the lowest free
  // descriptor for it. `flags`: Linux O_*. Returns the descriptor, -EMFILE or -ENOMEM.
  int32_t open(mach_port_t port, int kind, int flags, int lowest = 0);
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

  bool close_on_exec(int fd) const { return entries_[fd].close_on_exec; }
  void set_close_on_exec(int fd, bool value) { entries_[fd].close_on_exec = value; }

  // Before task_create: counts the child as a user of every open file.
  void share_with_child();
  // When the fork failed after all.
  void unshare_from_child();
  // Copies the rights of all open files to the child task under the same names.
  kern_return_t insert_rights(mach_port_t child);
  // In the child: files opened from now on get pages of their own.
  void after_fork_in_child() { own_page_ = nullptr; }

 private:
  struct Entry {
    OpenFile* file;
    bool close_on_exec;
  };
  static constexpr int kSlotsPerPage = 4096 / sizeof(SharedState);

  int find_free(int lowest) const;
  OpenFile* make_file(mach_port_t port, int kind, int flags);
  SharedState* make_shared_state();
  void drop(OpenFile& file);

  std::array<Entry, kSize> entries_;
  std::array<OpenFile, kSize> files_;
  SharedState* own_page_;  // where new open files get their shared state; null: none yet
};

extern DescriptorTable descriptors;

}  // namespace emulation
