#include "servers/process/pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace process {

using base::Error;
using base::Result;

base::Ref<PipeEnd> Pipe::open(const base::Ref<Pipe>& pipe, int flags) {
  return base::adopt_ref(new PipeEnd(pipe, flags));
}

void Pipe::wake_all() {
  for (PipeEnd* end : ends_) {
    if (end->shown_) end->show();
    end->ready();
  }
}

PipeEnd::PipeEnd(base::Ref<Pipe> pipe, int flags) : OpenObject(flags), pipe_(std::move(pipe)) {
  if (pipe_->slots_ != nullptr) slot_ = pipe_->slots_->allocate();
  pipe_->ends_.push_back(this);
  if (reads()) ++pipe_->readers_;
  if (writes()) ++pipe_->writers_;
  pipe_->wake_all();
}

PipeEnd::~PipeEnd() { leave(); }

void PipeEnd::closed() { leave(); }

void PipeEnd::leave() {
  if (!open_) return;
  open_ = false;
  if (slot_ != 0) pipe_->slots_->free(slot_);
  slot_ = 0;
  shown_ = false;
  std::erase(pipe_->ends_, this);
  if (reads()) --pipe_->readers_;
  if (writes()) --pipe_->writers_;
  pipe_->wake_all();
}

bool PipeEnd::reads() const { return (flags() & O_ACCMODE) != O_WRONLY; }
bool PipeEnd::writes() const { return (flags() & O_ACCMODE) != O_RDONLY; }

Result<io_stat_t> PipeEnd::attributes() {
  io_stat_t attributes{};
  attributes.st_mode = S_IFIFO | 0600;
  attributes.st_nlink = 1;
  attributes.st_blksize = Pipe::kAtomic;
  attributes.st_dev = 0xb;
  attributes.st_ino = reinterpret_cast<uintptr_t>(pipe_.get());
  return attributes;
}

size_t PipeEnd::readable(size_t amount) const {
  // Room for one byte tells an empty pipe from a read of nothing.
  return std::min(amount, std::max<size_t>(pipe_->bytes_.size(), 1));
}

Result<size_t> PipeEnd::read(int64_t, std::span<uint8_t> data) {
  if (!reads()) return Error(EBADF);
  auto& bytes = pipe_->bytes_;
  if (bytes.empty()) {
    if (data.empty() || !pipe_->has_writers()) return size_t{0};
    return Error(EAGAIN);
  }
  const size_t count = bytes.pop(data);
  pipe_->wake_all();
  return count;
}

Result<size_t> PipeEnd::write(int64_t, bool, std::span<const uint8_t> data, int64_t* end) {
  *end = 0;
  if (!writes()) return Error(EBADF);
  if (!pipe_->has_readers()) return Error(EPIPE);
  const size_t room = Pipe::kCapacity - pipe_->bytes_.size();
  const size_t least = data.size() <= Pipe::kAtomic ? data.size() : 1;
  if (room < least) return Error(EAGAIN);
  const size_t count = std::min(room, data.size());
  pipe_->bytes_.push(data.first(count));
  if (count != 0) pipe_->wake_all();
  return count;
}

Result<server::IoctlResult> PipeEnd::ioctl(const server::IoctlRequest& request) {
  constexpr uint32_t kFionread = 0x541b;
  if (request.request != kFionread) return Error(ENOTTY);
  const auto available = static_cast<uint32_t>(pipe_->bytes_.size());
  server::IoctlResult result;
  result.data.resize(sizeof available);
  std::memcpy(result.data.data(), &available, sizeof available);
  return result;
}

void PipeEnd::show() { pipe_->slots_->show(slot_, ready_events()); }

int PipeEnd::poll(int events) {
  if (slot_ != 0 && !shown_) {
    shown_ = true;
    show();
  }
  return ready_events() & (events | POLLERR | POLLHUP);
}

int PipeEnd::ready_events() const {
  int ready = 0;
  if (reads()) {
    if (!pipe_->bytes_.empty()) ready |= POLLIN | POLLRDNORM;
    if (!pipe_->has_writers()) ready |= POLLHUP;
  }
  if (writes()) {
    if (pipe_->bytes_.size() + Pipe::kAtomic <= Pipe::kCapacity) ready |= POLLOUT | POLLWRNORM;
    if (!pipe_->has_readers()) ready |= POLLERR;
  }
  return ready;
}

}  // namespace process
