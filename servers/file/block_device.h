// BlockDevice: what a volume stands on. A Mach device in the system, memory or a file in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "libs/base/result.h"

namespace file {

inline constexpr uint32_t kPageSize = 4096;

// A read that has been started. Ended unfinished, what it reads is thrown away.
class PendingRead {
 public:
  virtual ~PendingRead() = default;
  // How much is being read, in bytes.
  [[nodiscard]] virtual size_t size() const = 0;
  // Waits for the device. The memory becomes the caller's (vm_deallocate): nothing is copied. Once.
  virtual base::Result<void*> finish() = 0;
};

// A write that has been started. Ended unfinished, it goes on.
class PendingWrite {
 public:
  virtual ~PendingWrite() = default;
  // Waits for the device. Once.
  virtual base::Status finish() = 0;
};

// Bytes on a medium, addressed in whole sectors. Errors are errno values (EIO, ENXIO, EROFS, ENOMEM).
class BlockDevice {
 public:
  static constexpr uint32_t kSectorSize = 512;

  virtual ~BlockDevice() = default;

  // Size of the medium in bytes, a multiple of kSectorSize.
  [[nodiscard]] virtual uint64_t size() const = 0;

  // Transfers data.size() bytes at byte `offset`; both are multiples of kSectorSize.
  virtual base::Status read(uint64_t offset, std::span<uint8_t> data) = 0;
  virtual base::Status write(uint64_t offset, std::span<const uint8_t> data) = 0;
  // Begins to read `size` bytes, whole pages, into new memory. Null: the device cannot.
  virtual std::unique_ptr<PendingRead> start_read(uint64_t offset, size_t size) {
    (void)offset;
    (void)size;
    return nullptr;
  }

  // Begins to write whole pages, whose memory goes with them (vm_deallocate). What is read or written there later comes
  // later. Null: the device cannot, and the pages are where they were.
  virtual std::unique_ptr<PendingWrite> start_write(uint64_t offset, std::span<uint8_t> pages) {
    (void)offset;
    (void)pages;
    return nullptr;
  }

  // What the kernel calls it ("hd0s1"); empty: nothing.
  [[nodiscard]] virtual std::string_view name() const { return {}; }

  // Returns when everything written before is on the medium.
  virtual base::Status flush() = 0;
};

}  // namespace file
