// Open files and the descriptors that name them.
#pragma once

#include <cstdint>

#include <mach/port.h>
#include <servers/posix_types.h>

#include "emulation/linux_abi.h"

namespace emulation {

// The part of an open file that processes share after fork: lives in a page of inheritance SHARE.
// Several processes write it; nothing in it is trusted by anybody else.
struct SharedState {
  uint32_t users;  // processes that have the file open; 0: the slot is free
  int32_t flags;   // O_ACCMODE and what F_SETFL changes
  int64_t offset;
  uint32_t offset_lock;
  uint32_t reserved[3];
};

// An open file of this process. Several descriptors may name it (dup).
struct OpenFile {
  SharedState* shared;  // null: the entry is free
  mach_port_t port;     // one send right
  uint16_t kind;        // IO_KIND_*
  uint16_t descriptors; // how many descriptors name it
  uint16_t slot;        // in the server's file_slots or pipe_slots; 0: none
  uint8_t window;       // of file_windows, used last
  uint8_t messages;     // how much was moved by messages, for file_windows

  int32_t flags() const { return shared->flags; }
  bool readable() const { return (flags() & linux_abi::O_ACCMODE) != linux_abi::O_WRONLY; }
  bool writable() const { return (flags() & linux_abi::O_ACCMODE) != linux_abi::O_RDONLY; }
  bool is_terminal() const { return kind == IO_KIND_TERMINAL; }
  // /dev/null and /dev/zero, which the library is itself.
  bool is_void() const { return kind == IO_KIND_NULL || kind == IO_KIND_ZERO; }
  bool has_offset() const { return kind != IO_KIND_STREAM && !is_terminal() && !is_void(); }
};

// Holds an open file's offset against other threads and processes while it is used and moved.
// Waits by giving the processor away; gives up after a while, since a process may have been killed
// while it held the lock.
class OffsetLock {
 public:
  explicit OffsetLock(SharedState& state);
  ~OffsetLock();
  OffsetLock(const OffsetLock&) = delete;
  OffsetLock& operator=(const OffsetLock&) = delete;

 private:
  SharedState& state_;
};

}  // namespace emulation
