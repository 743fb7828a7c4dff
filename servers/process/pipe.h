// Pipes and fifos.
#pragma once

#include <memory>
#include <vector>

#include "libs/base/ref.h"
#include "libs/server/open_object.h"
#include "servers/process/byte_queue.h"
#include "servers/process/pipe_slots.h"

namespace process {

class PipeEnd;

// The bytes between a pipe's ends. Lives as long as one of its ends.
class Pipe : public base::RefCounted<Pipe> {
 public:
  static constexpr size_t kCapacity = 65536;
  static constexpr size_t kAtomic = 4096;  // PIPE_BUF

  // `slots`: where its ends show what they are ready for, or null.
  explicit Pipe(PipeSlots* slots = nullptr) : slots_(slots) {}

  // An open end. `flags`: O_RDONLY, O_WRONLY or (fifos) O_RDWR.
  static base::Ref<PipeEnd> open(const base::Ref<Pipe>& pipe, int flags);

  [[nodiscard]] bool has_readers() const { return readers_ != 0; }
  [[nodiscard]] bool has_writers() const { return writers_ != 0; }

 private:
  friend class PipeEnd;
  void wake_all();

  PipeSlots* slots_;
  ByteQueue bytes_;
  std::vector<PipeEnd*> ends_;
  int readers_ = 0;
  int writers_ = 0;
};

class PipeEnd final : public server::OpenObject {
 public:
  PipeEnd(base::Ref<Pipe> pipe, int flags);
  ~PipeEnd() override;

  [[nodiscard]] int kind() const override { return IO_KIND_STREAM; }
  base::Result<io_stat_t> attributes() override;
  [[nodiscard]] size_t readable(size_t amount) const override;
  // 0 when there is no writer left; EAGAIN when empty.
  base::Result<size_t> read(int64_t position, std::span<uint8_t> data) override;
  // EPIPE without readers; at most PIPE_BUF bytes go in whole or not at all.
  base::Result<size_t> write(int64_t position, bool append, std::span<const uint8_t> data,
                             int64_t* end) override;
  base::Result<server::IoctlResult> ioctl(const server::IoctlRequest& request) override;
  int poll(int events) override;
  void closed() override;
  [[nodiscard]] uint32_t pipe_slot() const { return slot_; }

 private:
  friend class Pipe;
  [[nodiscard]] int ready_events() const;
  void show();
  [[nodiscard]] bool reads() const;
  [[nodiscard]] bool writes() const;
  void leave();

  base::Ref<Pipe> pipe_;
  bool open_ = true;
  uint32_t slot_ = 0;
  bool shown_ = false;  // somebody asked: the slot follows every change
};

}  // namespace process
