// WindowCache: parts of files mapped into the server.
#pragma once

#include <mach/port.h>
#include <mach/vm_types.h>

#include <cstdint>
#include <list>

#include "libs/base/result.h"
#include "libs/server/mutex.h"

namespace file {

// A bounded number of mapped windows of kSize bytes, the one unused longest given up for a new one.
// Under the tree lock, except copies within a pinned window.
class WindowCache {
 public:
  static constexpr vm_size_t kSize = 1 << 20;
  static constexpr size_t kMaxWindows = 128;

  struct Window {
    mach_port_t object;
    vm_offset_t offset;  // in the file, a multiple of kSize
    vm_address_t address;
    int pins;
  };

  explicit WindowCache(server::Mutex& lock) : lock_(lock) {}

  // A mapped window with the byte at `offset`, pinned until unpin(). ENOMEM.
  base::Result<Window*> pin(mach_port_t object, uint64_t offset);
  void unpin(Window& window) { --window.pins; }
  // Unmaps an object's windows, which must not be pinned.
  void drop(mach_port_t object);

  server::Mutex& lock() { return lock_; }

 private:
  bool make_room();

  server::Mutex& lock_;
  std::list<Window> windows_;  // most recently used first
};

}  // namespace file
