#include "kernel/device/tty_device.h"

#include <algorithm>
#include <array>
#include <utility>

namespace device {
namespace {

// Fails the requests of a list that `matches` picks.
template <typename Matches>
void fail_matching(IoRequestList& list, io_return_t result, Matches matches) {
  IoRequest* next = nullptr;
  for (IoRequest* request = list.front(); request; request = next) {
    next = list.next(request);
    if (!matches(*request)) continue;
    list.remove(request);
    const uint32_t bytes = request->bytes_done;
    IoRequest::finish(IoRequestPtr(request), result, bytes);
  }
}

}  // namespace

void TtyDevice::close() {
  input_.clear();
  stop_output(false);
}

void TtyDevice::cancel(const OpenDevice& opener) {
  const auto of_opener = [&](const IoRequest& request) { return &request.opener() == &opener; };
  fail_matching(waiting_reads_, D_DEVICE_DOWN, of_opener);
  fail_matching(waiting_writes_, D_DEVICE_DOWN, of_opener);
}

void TtyDevice::read(IoRequestPtr request) {
  drop_unwanted_reads();
  if (request->size() == 0) return IoRequest::finish(std::move(request), D_SUCCESS, 0);
  if (!request->may_wait() && (input_.empty() || !waiting_reads_.empty())) {
    return IoRequest::fail(std::move(request), D_WOULD_BLOCK);
  }
  waiting_reads_.push_back(request.release());
  serve_reads();
}

void TtyDevice::write(IoRequestPtr request) {
  if (waiting_writes_.empty() && write_some(*request)) {
    const uint32_t bytes = request->bytes_done;
    return IoRequest::finish(std::move(request), D_SUCCESS, bytes);
  }
  if (!request->may_wait()) {
    const uint32_t bytes = request->bytes_done;
    return IoRequest::finish(std::move(request), bytes == 0 ? D_WOULD_BLOCK : D_SUCCESS, bytes);
  }
  waiting_writes_.push_back(request.release());
}

void TtyDevice::receive(uint8_t byte) {
  // When the ring is full the newest input is lost, as on any line without flow control.
  if (input_.push(byte)) schedule_work(*this);
}

void TtyDevice::run_work() {
  serve_reads();
  serve_writes();
}

void TtyDevice::serve_reads() {
  drop_unwanted_reads();
  while (!input_.empty()) {
    IoRequest* request = waiting_reads_.pop_front();
    if (!request) return;
    const size_t count = input_.pop(request->small_buffer());
    IoRequest::finish(IoRequestPtr(request), D_SUCCESS, static_cast<uint32_t>(count));
  }
}

void TtyDevice::serve_writes() {
  while (IoRequest* request = waiting_writes_.front()) {
    if (!write_some(*request)) return;
    waiting_writes_.remove(request);
    const uint32_t bytes = request->bytes_done;
    IoRequest::finish(IoRequestPtr(request), D_SUCCESS, bytes);
  }
}

bool TtyDevice::write_some(IoRequest& request) {
  std::array<uint8_t, 256> chunk;
  while (request.bytes_done < request.size()) {
    const auto part =
        std::span(chunk).first(std::min<size_t>(chunk.size(), request.size() - request.bytes_done));
    request.copy_data(request.bytes_done, part);
    const size_t taken = output(part);
    request.bytes_done += static_cast<uint32_t>(taken);
    if (taken < part.size()) return false;
  }
  return true;
}

void TtyDevice::drop_unwanted_reads() {
  fail_matching(waiting_reads_, D_DEVICE_DOWN,
                [](const IoRequest& request) { return !request.wanted(); });
}

io_return_t TtyDevice::get_status(int flavor, std::span<int> status, size_t& count) {
  switch (flavor) {
    case TTY_STATUS: {
      const int words[] = {speed(), speed(), break_character_, flags_};
      return store_status(status, count, words);
    }
    case TTY_MODEM: {
      const int words[] = {modem_lines()};
      return store_status(status, count, words);
    }
    default:
      return D_INVALID_OPERATION;
  }
}

io_return_t TtyDevice::set_status(int flavor, std::span<const int> status) {
  switch (flavor) {
    case TTY_STATUS:
      return set_line(status);
    case TTY_FLUSH:
      return flush(status);
    case TTY_STOP:
    case TTY_START:
      stop_output(flavor == TTY_STOP);
      return D_SUCCESS;
    case TTY_SET_BREAK:
    case TTY_CLEAR_BREAK:
      send_break(flavor == TTY_SET_BREAK);
      return D_SUCCESS;
    default:
      return D_INVALID_OPERATION;
  }
}

// One speed for both directions: that is what the hardware has.
io_return_t TtyDevice::set_line(std::span<const int> status) {
  if (status.size() < TTY_STATUS_COUNT) return D_INVALID_SIZE;
  const int out_speed = status[1];
  if (out_speed != speed() && !set_speed(out_speed)) return D_INVALID_OPERATION;
  break_character_ = status[2];
  flags_ = status[3];
  return D_SUCCESS;
}

io_return_t TtyDevice::flush(std::span<const int> status) {
  if (status.size() < TTY_FLUSH_COUNT) return D_INVALID_SIZE;
  if (status[0] & D_READ) input_.clear();
  if (status[0] & D_WRITE) {
    discard_output();
    fail_matching(waiting_writes_, D_SUCCESS, [](const IoRequest&) { return true; });
  }
  return D_SUCCESS;
}

}  // namespace device
