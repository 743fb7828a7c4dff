// FilePages and PageStore: the two sides of a file's pages in the kernel's cache.
#pragma once

#include <mach/port.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "libs/base/result.h"
#include "libs/server/node.h"
#include "servers/file/block_device.h"
#include "servers/file/file_slots.h"

namespace file {

// The volume's side: where pages come from and go to. Called with the tree lock held, by the thread
// that serves the kernel. Offsets are multiples of kPageSize. Errors are errno values.
class PageStore {
 public:
  enum class Content { kData, kZeros };

  // Fills `data` unless it says kZeros: then the range has never been written.
  virtual base::Result<Content> page_in(uint64_t offset, std::span<uint8_t> data) = 0;
  // Begins the same into new memory, for what lies together on the device of it, at least a page. What
  // lies behind the end is not zeroed. Null: not this time.
  virtual std::unique_ptr<PendingRead> start_page_in(uint64_t offset, size_t size) {
    (void)offset;
    (void)size;
    return nullptr;
  }
  // Where pages at `offset` and behind it have nothing because they are beyond the end and somebody is about to write them
  // (Node::grow): up to where. `offset`: they may have something.
  [[nodiscard]] virtual uint64_t empty_until(uint64_t offset) const { return offset; }
  // Writes pages the kernel evicts or was asked to return. May change `data`. True: the memory of `data` belongs to the
  // store now, which is still writing it; if that fails it calls `failed` with the error, before settle() returns.
  using Failed = std::function<void(int error)>;
  virtual base::Result<bool> page_out(uint64_t offset, std::span<uint8_t> data, Failed failed) = 0;
  // Waits for what is being written.
  virtual void settle() {}
  // The file's, in bytes.
  [[nodiscard]] virtual uint64_t size() const = 0;
  // The kernel has begun, or ended, to keep pages of the file.
  virtual void pages_attached() = 0;
  virtual void pages_detached() = 0;

 protected:
  ~PageStore() = default;
};

// The user's side: the same pages as anybody sees who maps the file. Except for retire() and
// memory_object(), call *without* the tree lock: each call may fault, and the fault is served under
// that lock. Errors are errno values: EIO, ENOMEM.
class FilePages {
 public:
  virtual ~FilePages() = default;

  virtual base::Status read(uint64_t offset, std::span<uint8_t> data) = 0;
  virtual base::Status write(uint64_t offset, std::span<const uint8_t> data) = 0;
  virtual base::Status zero(uint64_t offset, size_t size) = 0;
  // Has all changed pages written to the store, and returns when that is done.
  virtual base::Status clean() = 0;
  // Throws the pages from `offset` on away, changed or not. A multiple of kPageSize.
  virtual base::Status discard_from(uint64_t offset) = 0;

  // Asks the kernel to let go of the file as soon as nobody maps it. With the tree lock.
  virtual void retire() = 0;
  // The name of a send right for the memory object. With the tree lock.
  virtual mach_port_t memory_object() = 0;
  // Maps a part of the file into a client's task, as io_window says. ENOMEM, EINVAL when the address
  // is taken.
  virtual base::Status map_into(const server::WindowRequest& request, bool writable) = 0;
};

// Makes the user's side for a store, which must outlive it.
class PageCache {
 public:
  virtual base::Result<std::unique_ptr<FilePages>> attach(PageStore& store) = 0;

  // With the tree lock.
  FileSlots& slots() { return slots_; }
  // Maps the slots read-only into a client's task. Gives the tree lock up meanwhile.
  virtual base::Status map_slots(mach_port_t task, uint32_t address) = 0;

 protected:
  ~PageCache() = default;

 private:
  FileSlots slots_;
};

}  // namespace file
