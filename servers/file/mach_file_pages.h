// MachFilePages: one file's memory object as the server uses it.
#pragma once

#include <mach/port.h>

#include <condition_variable>
#include <cstdint>

#include "servers/file/file_pages.h"
#include "servers/file/pager.h"

namespace file {

// Made by Pager::attach. The fields are under the tree lock; which thread calls what is told in
// pager.h.
class MachFilePages final : public FilePages {
 public:
  // `port`: the memory object, a receive right with one send right.
  MachFilePages(Pager& pager, PageStore& store, mach_port_t port)
      : pager_(pager), store_(store), port_(port) {}
  ~MachFilePages() override;

  base::Status read(uint64_t offset, std::span<uint8_t> data) override;
  base::Status write(uint64_t offset, std::span<const uint8_t> data) override;
  base::Status zero(uint64_t offset, size_t size) override;
  base::Status clean() override;
  base::Status discard_from(uint64_t offset) override;
  void retire() override;
  mach_port_t memory_object() override { return port_; }
  base::Status map_into(const server::WindowRequest& request, bool writable) override;

  // For the pager, with the tree lock.
  [[nodiscard]] PageStore& store() { return store_; }
  void initialized(mach_port_t control);
  // The kernel let go of the object it had given `control` for. May delete this.
  void terminated(mach_port_t control);
  void lock_completed();
  void page_out_failed(int error) { write_error_ = error; }
  // Requests that come in the order of the file's pages: where the next one would be.
  [[nodiscard]] bool comes_next(uint64_t offset) const { return offset == next_ && offset != 0; }
  void set_next(uint64_t offset) { next_ = offset; }

 private:
  // Calls copy(address, done, part) for each piece of [offset, offset + size) that lies in one
  // window. EIO when one answers false.
  template <typename F>
  base::Status for_each_window(uint64_t offset, size_t size, F copy);
  enum class Flush { kNo, kYes };
  base::Status lock_request(uint64_t offset, Flush flush);

  Pager& pager_;
  PageStore& store_;
  mach_port_t port_;
  mach_port_t control_ = MACH_PORT_NULL;
  std::condition_variable completed_;
  uint32_t locks_asked_ = 0;
  uint32_t locks_done_ = 0;
  int write_error_ = 0;
  uint64_t next_ = 0;
};

}  // namespace file
