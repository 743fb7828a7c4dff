// poll, select and their relatives, all on wait_until_ready().
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/files/readiness.h"
#include "emulation/linux_abi.h"
#include "emulation/memory/user_memory.h"
#include "emulation/signals/signals.h"

namespace emulation {
namespace {

using namespace linux_abi;

constexpr int64_t kMillion = 1000000;

int32_t poll_descriptors(uint32_t address, uint32_t count, int64_t timeout) {
  if (count > DescriptorTable::kSize) return -EINVAL;
  Interest interests[DescriptorTable::kSize];
  for (uint32_t i = 0; i < count; ++i) {
    PollFd fd;
    if (!copy_in(fd, address + i * sizeof fd)) return -EFAULT;
    interests[i] = {fd.fd, fd.events, 0};
  }
  const int32_t ready = wait_until_ready(interests, count, timeout);
  if (ready < 0) return ready;
  for (uint32_t i = 0; i < count; ++i) {
    if (!copy_out(address + i * sizeof(PollFd) + offsetof(PollFd, revents), interests[i].ready)) {
      return -EFAULT;
    }
  }
  return ready;
}

// The three sets of select(2), as bit masks of `count` descriptors.
struct SelectSets {
  static constexpr int kWords = DescriptorTable::kSize / 32;
  static constexpr int16_t kEvents[3] = {POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI};
  uint32_t bits[3][kWords];

  bool has(int set, int fd) const { return (bits[set][fd / 32] >> fd % 32 & 1) != 0; }
};

int32_t load_sets(const uint32_t (&addresses)[3], uint32_t bytes, SelectSets& sets) {
  for (int s = 0; s < 3; ++s) {
    __builtin_memset(sets.bits[s], 0, sizeof sets.bits[s]);
    if (addresses[s] != 0 && !copy_in(sets.bits[s], addresses[s], bytes)) return -EFAULT;
  }
  return 0;
}

uint32_t collect(const SelectSets& sets, int count, Interest* interests) {
  uint32_t used = 0;
  for (int fd = 0; fd < count; ++fd) {
    int16_t events = 0;
    for (int s = 0; s < 3; ++s) {
      if (sets.has(s, fd)) events |= SelectSets::kEvents[s];
    }
    if (events != 0) interests[used++] = {fd, events, 0};
  }
  return used;
}

// Turns what is ready into the result sets; returns the number of bits set, or -EBADF.
int32_t distribute(SelectSets& sets, const Interest* interests, uint32_t used) {
  SelectSets result{};
  int32_t total = 0;
  for (uint32_t i = 0; i < used; ++i) {
    if (interests[i].ready == POLLNVAL) return -EBADF;
    for (int s = 0; s < 3; ++s) {
      if (!sets.has(s, interests[i].fd) || (interests[i].ready & SelectSets::kEvents[s]) == 0) continue;
      result.bits[s][interests[i].fd / 32] |= 1u << interests[i].fd % 32;
      ++total;
    }
  }
  sets = result;
  return total;
}

int32_t select_descriptors(uint32_t count, const uint32_t (&addresses)[3], int64_t timeout) {
  if (static_cast<int32_t>(count) < 0) return -EINVAL;
  if (count > DescriptorTable::kSize) count = DescriptorTable::kSize;
  const uint32_t bytes = (count + 31) / 32 * 4;
  SelectSets sets;
  Interest interests[DescriptorTable::kSize];
  int32_t error = load_sets(addresses, bytes, sets);
  if (error != 0) return error;
  const uint32_t used = collect(sets, static_cast<int>(count), interests);
  for (uint32_t i = 0; i < used; ++i) {
    if (descriptors.get(interests[i].fd) == nullptr) return -EBADF;
  }
  const int32_t ready = wait_until_ready(interests, used, timeout);
  if (ready < 0) return ready;
  const int32_t total = distribute(sets, interests, used);
  if (total < 0) return total;
  for (int s = 0; s < 3; ++s) {
    if (addresses[s] != 0 && !copy_out(addresses[s], sets.bits[s], bytes)) return -EFAULT;
  }
  return total;
}

template <typename Time>
int32_t load_timeout(uint32_t address, int64_t* timeout) {
  *timeout = kNoTimeout;
  if (address == 0) return 0;
  Time time;
  if (!copy_in(time, address)) return -EFAULT;
  if (time.sec < 0 || time.nsec < 0 || time.nsec >= 1000000000) return -EINVAL;
  constexpr int64_t kLongest = 100LL * 365 * 86400;
  *timeout = (time.sec < kLongest ? time.sec : kLongest) * kMillion + (time.nsec + 999) / 1000;
  return 0;
}

int32_t load_timeval(uint32_t address, int64_t* timeout) {
  *timeout = kNoTimeout;
  if (address == 0) return 0;
  Timeval time;
  if (!copy_in(time, address)) return -EFAULT;
  if (time.sec < 0 || time.usec < 0) return -EINVAL;
  *timeout = static_cast<int64_t>(time.sec) * kMillion + time.usec;
  return 0;
}

// Runs `wait` with the signal mask at `mask_address` (0: unchanged) in place.
template <typename Wait>
int32_t with_mask(uint32_t mask_address, uint32_t mask_size, Wait wait) {
  if (mask_address == 0) return wait();
  SignalSet mask;
  if (mask_size != sizeof mask) return -EINVAL;
  if (!copy_in(mask, mask_address)) return -EFAULT;
  replace_mask_until_signal(mask);
  const int32_t result = wait();
  if (result != -EINTR) restore_replaced_mask();
  return result;
}

template <typename Time>
int32_t ppoll_of(Registers& r) {
  int64_t timeout;
  const int32_t error = load_timeout<Time>(r.edx, &timeout);
  if (error != 0) return error;
  return with_mask(r.esi, r.edi, [&] { return poll_descriptors(r.ebx, r.ecx, timeout); });
}

// pselect6's last argument points to {mask address, mask size}.
template <typename Time>
int32_t pselect_of(Registers& r) {
  int64_t timeout;
  int32_t error = load_timeout<Time>(r.edi, &timeout);
  if (error != 0) return error;
  uint32_t mask[2] = {0, 0};
  if (r.ebp != 0 && !copy_in(mask, r.ebp)) return -EFAULT;
  return with_mask(mask[0], mask[1], [&] {
    return select_descriptors(r.ebx, {r.ecx, r.edx, r.esi}, timeout);
  });
}

}  // namespace

namespace calls {

int32_t poll(Registers& r) {
  const auto milliseconds = static_cast<int32_t>(r.edx);
  return poll_descriptors(r.ebx, r.ecx,
                          milliseconds < 0 ? kNoTimeout : static_cast<int64_t>(milliseconds) * 1000);
}
int32_t ppoll(Registers& r) { return ppoll_of<Timespec32>(r); }
int32_t ppoll_time64(Registers& r) { return ppoll_of<Timespec64>(r); }
int32_t pselect6(Registers& r) { return pselect_of<Timespec32>(r); }
int32_t pselect6_time64(Registers& r) { return pselect_of<Timespec64>(r); }

int32_t newselect(Registers& r) {
  int64_t timeout;
  const int32_t error = load_timeval(r.edi, &timeout);
  return error != 0 ? error : select_descriptors(r.ebx, {r.ecx, r.edx, r.esi}, timeout);
}

// The oldest form: one pointer to the five arguments.
int32_t select(Registers& r) {
  uint32_t a[5];
  if (!copy_in(a, r.ebx)) return -EFAULT;
  int64_t timeout;
  const int32_t error = load_timeval(a[4], &timeout);
  return error != 0 ? error : select_descriptors(a[0], {a[1], a[2], a[3]}, timeout);
}

}  // namespace calls
}  // namespace emulation
