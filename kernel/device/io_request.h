// IoRequest: one device_read or device_write on its way.
#pragma once

#include <device/device_types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "kernel/arch/phys.h"
#include "kernel/device/reply.h"
#include "kernel/vm/dma.h"
#include "libs/base/list.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace device {

class OpenDevice;
class IoRequest;

using IoRequestPtr = std::unique_ptr<IoRequest>;

// Life of a request:
//   (1) rpc::ds_device_... makes it from the message and gives it to Device::read or ::write.
//   (2) The device finishes it at once, or keeps it and returns. It keeps no borrowed memory: data
//       to write is in the request itself or in wired pages.
//   (3) Somebody calls finish(), in a thread (never in an interrupt handler): the reply is sent and
//       the request is gone.
class IoRequest {
 public:
  enum class Kind : uint8_t { kRead, kReadInband, kWrite, kWriteInband };

  // What was asked.
  struct Parameters {
    Kind kind = Kind::kRead;
    dev_mode_t mode = 0;
    recnum_t record = 0;
    uint32_t size = 0;  // bytes wanted or bytes to write
  };

  // Takes the reply right over. KERN_RESOURCE_SHORTAGE: it is still with the caller.
  static base::Result<IoRequestPtr> create(base::Ref<OpenDevice> opener, Parameters parameters,
                                           Reply::Port& reply_port);
  ~IoRequest();

  [[nodiscard]] const OpenDevice& opener() const { return *opener_; }
  [[nodiscard]] bool may_wait() const { return (parameters_.mode & D_NOWAIT) == 0; }
  [[nodiscard]] recnum_t record() const { return parameters_.record; }
  [[nodiscard]] uint32_t size() const { return parameters_.size; }
  [[nodiscard]] bool is_inband() const {
    return parameters_.kind == Kind::kReadInband || parameters_.kind == Kind::kWriteInband;
  }
  [[nodiscard]] bool is_read() const {
    return parameters_.kind == Kind::kRead || parameters_.kind == Kind::kReadInband;
  }
  // False when nobody waits for the answer any more.
  [[nodiscard]] bool wanted() const { return reply_.wanted(); }

  // --- data to write; set once after create()
  void set_inband_data(std::span<const char> data);
  // Wires the memory, which may block. Errors of the page-ins, D_NO_MEMORY.
  io_return_t set_data(vm::MapCopyPtr data);
  // Copies data at `offset` to `to`, all of which must exist. Never blocks.
  void copy_data(uint32_t offset, std::span<uint8_t> to);

  // --- data that was read: either a few bytes ...
  static constexpr size_t kSmallSize = 512;
  // Room for as many bytes as wanted, at most kSmallSize.
  std::span<uint8_t> small_buffer();
  // ... or pages to be filled; data starts at the first one.
  io_return_t allocate_pages(uint32_t bytes);
  // Copies physical memory to the start of the pages.
  void fill_pages(arch::PhysAddr from, uint32_t bytes);
  // The pages, of either direction; none for in-band data.
  vm::DmaBuffer& pages() { return pages_; }
  // Moves the data to write to pages where it starts at the beginning of the first one, for devices
  // that need it so. D_NO_MEMORY.
  io_return_t align_data();

  // Sends the answer: `bytes` were moved (all reads: available in the buffer).
  static void finish(IoRequestPtr request, io_return_t result, uint32_t bytes);
  // finish() without data.
  static void fail(IoRequestPtr request, io_return_t result) {
    finish(std::move(request), result, 0);
  }

  base::ListLink link;        // the device's
  uint32_t bytes_done = 0;    // the device's: progress of a write

 private:
  IoRequest(base::Ref<OpenDevice> opener, Parameters parameters, Reply reply);
  void send_read_reply(io_return_t result, uint32_t bytes);

  base::Ref<OpenDevice> opener_;
  Parameters parameters_;
  Reply reply_;
  vm::DmaBuffer pages_;
  bool has_pages_ = false;
  std::array<uint8_t, kSmallSize> small_;
};

using IoRequestList = base::List<IoRequest, &IoRequest::link>;

// The D_ code for an error of the kernel proper.
io_return_t to_io_return(int code);

}  // namespace device
