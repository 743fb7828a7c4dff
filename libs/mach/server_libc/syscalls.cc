// The one function every system call of musl ends in.
#include <mach.h>

#include "libs/mach/server_libc/clock.h"
#include "libs/mach/server_libc/console.h"
#include "libs/mach/server_libc/futex.h"
#include "libs/mach/server_libc/linux_abi.h"
#include "libs/mach/server_libc/memory.h"
#include "libs/mach/server_libc/threads.h"

namespace server_libc {
namespace {

// Arguments of a call, as musl passes them.
struct Arguments {
  long a, b, c, d, e, f;
};

template <typename T>
T* pointer(long value) {
  return reinterpret_cast<T*>(value);
}

using Handler = long (*)(const Arguments&);

// Milliseconds of a relative timeout, rounded up; negative without one.
template <typename Time>
long long timeout_of(long address) {
  if (address == 0) return -1;
  const auto* const time = pointer<const Time>(address);
  if (time->seconds < 0) return 0;
  return time->seconds * 1000LL + (time->nanoseconds + 999'999) / 1'000'000;
}

template <typename Time>
long futex(const Arguments& args) {
  const int* const word = pointer<const int>(args.a);
  switch (args.b & kFutexOpMask) {
    case kFutexWait:
      return futex_wait(word, static_cast<int>(args.c), timeout_of<Time>(args.d));
    case kFutexWake:
      return futex_wake(word, static_cast<int>(args.c));
    case kFutexRequeue:
      return futex_requeue(word, static_cast<int>(args.c), static_cast<int>(args.d),
                           pointer<const int>(args.e));
    default:
      return -kEnosys;
  }
}

template <typename Time>
long clock_gettime(const Arguments& args) {
  long long now;
  if (!read_clock(args.a, &now)) return -kEinval;
  auto* const time = pointer<Time>(args.b);
  time->seconds = static_cast<decltype(time->seconds)>(now / 1'000'000);
  time->nanoseconds = static_cast<decltype(time->nanoseconds)>(now % 1'000'000 * 1000);
  return 0;
}

long gettimeofday(const Arguments& args) {
  long long now;
  if (!read_clock(kClockRealtime, &now)) return -kEinval;
  auto* const time = pointer<Timespec32>(args.a);  // the second word is microseconds here
  *time = {static_cast<long>(now / 1'000'000), static_cast<long>(now % 1'000'000)};
  return 0;
}

long time_of_day(const Arguments& args) {
  long long now;
  if (!read_clock(kClockRealtime, &now)) return -kEinval;
  const long seconds = static_cast<long>(now / 1'000'000);
  if (args.a != 0) *pointer<long>(args.a) = seconds;
  return seconds;
}

template <typename Time>
long clock_nanosleep(const Arguments& args) {
  const auto* const time = pointer<const Time>(args.c);
  return sleep_on(args.a, args.b, {time->seconds, time->nanoseconds});
}

long nanosleep(const Arguments& args) {
  const auto* const time = pointer<const Timespec32>(args.a);
  return sleep_on(kClockMonotonic, 0, {time->seconds, time->nanoseconds});
}

long getrandom(const Arguments& args) {
  fill_random(pointer<unsigned char>(args.a), static_cast<unsigned long>(args.b));
  return args.b;
}

// Signals do not exist: handlers are never called, masks never matter.
long rt_sigprocmask(const Arguments& args) {
  if (args.c != 0) __builtin_memset(pointer<char>(args.c), 0, static_cast<unsigned long>(args.d));
  return 0;
}

long rt_sigaction(const Arguments& args) {
  constexpr unsigned long kActionSize = 3 * sizeof(long);  // and the mask
  if (args.c != 0) {
    __builtin_memset(pointer<char>(args.c), 0,
                     kActionSize + static_cast<unsigned long>(args.d));
  }
  return 0;
}

// The only signals a server sends are to itself, to die of (abort).
long kill_self(const Arguments&) {
  complain("server_libc: the program gave up\n");
  end_task();
}

struct Entry {
  long number;
  Handler handler;
};

constexpr Entry kTable[] = {
    {kSysBrk, [](const Arguments&) -> long { return 0; }},  // always refused: libc uses mmap
    {kSysMmap2,
     [](const Arguments& args) {
       return map_memory(static_cast<unsigned long>(args.a), static_cast<unsigned long>(args.b),
                         args.c, args.d, args.e);
     }},
    {kSysMunmap,
     [](const Arguments& args) {
       return unmap_memory(static_cast<unsigned long>(args.a),
                           static_cast<unsigned long>(args.b));
     }},
    {kSysMprotect,
     [](const Arguments& args) {
       return protect_memory(static_cast<unsigned long>(args.a),
                             static_cast<unsigned long>(args.b), args.c);
     }},
    {kSysMadvise,
     [](const Arguments& args) {
       return advise_memory(static_cast<unsigned long>(args.a),
                            static_cast<unsigned long>(args.b), args.c);
     }},
    {kSysMremap, [](const Arguments&) -> long { return -kEnomem; }},  // libc copies instead

    {kSysWrite,
     [](const Arguments& args) {
       return write_console(args.a, pointer<const char>(args.b),
                            static_cast<unsigned long>(args.c));
     }},
    {kSysWritev,
     [](const Arguments& args) {
       return write_console(args.a, pointer<const Iovec>(args.b),
                            static_cast<unsigned long>(args.c));
     }},
    {kSysIoctl,
     [](const Arguments& args) {
       return console_control(args.a, args.b, pointer<void>(args.c));
     }},
    {kSysRead, [](const Arguments& args) -> long { return args.a == 0 ? 0 : -kEbadf; }},
    {kSysOpen, [](const Arguments&) -> long { return -kEnoent; }},
    {kSysOpenat, [](const Arguments&) -> long { return -kEnoent; }},
    {kSysClose, [](const Arguments& args) -> long { return args.a <= 2 ? 0 : -kEbadf; }},

    {kSysFutex, futex<Timespec32>},
    {kSysFutex64, futex<Timespec64>},
    {kSysSchedYield,
     [](const Arguments&) -> long {
       (void)swtch_pri(0);
       return 0;
     }},
    {kSysSetTidAddress,
     [](const Arguments& args) { return set_clear_address(pointer<int>(args.a)); }},
    {kSysGettid, [](const Arguments&) { return thread_number(); }},
    {kSysExit, [](const Arguments&) -> long { end_thread(nullptr, 0); }},
    {kSysExitGroup, [](const Arguments&) -> long { end_task(); }},
    {kSysSetRobustList, [](const Arguments&) -> long { return 0; }},
    {kSysMembarrier, [](const Arguments&) -> long { return -kEnosys; }},
    {kSysSchedGetaffinity, [](const Arguments&) -> long { return -kEnosys; }},

    {kSysClockGettime, clock_gettime<Timespec32>},
    {kSysClockGettime64, clock_gettime<Timespec64>},
    {kSysGettimeofday, gettimeofday},
    {kSysTime, time_of_day},
    {kSysNanosleep, nanosleep},
    {kSysClockNanosleep, clock_nanosleep<Timespec32>},
    {kSysClockNanosleep64, clock_nanosleep<Timespec64>},
    {kSysGetrandom, getrandom},

    {kSysRtSigprocmask, rt_sigprocmask},
    {kSysRtSigaction, rt_sigaction},
    {kSysTkill, kill_self},
    {kSysTgkill, kill_self},

    {kSysGetpid, [](const Arguments&) -> long { return 1; }},
    {kSysGetuid, [](const Arguments&) -> long { return 0; }},
    {kSysGetgid, [](const Arguments&) -> long { return 0; }},
    {kSysGeteuid, [](const Arguments&) -> long { return 0; }},
    {kSysGetegid, [](const Arguments&) -> long { return 0; }},
    {kSysGetuid32, [](const Arguments&) -> long { return 0; }},
    {kSysGetgid32, [](const Arguments&) -> long { return 0; }},
    {kSysGeteuid32, [](const Arguments&) -> long { return 0; }},
    {kSysGetegid32, [](const Arguments&) -> long { return 0; }},
};

// Handlers by number, filled from kTable by the compiler.
struct Dispatch {
  static constexpr unsigned kSize = 512;
  Handler handlers[kSize] = {};
  constexpr Dispatch() {
    for (const Entry& entry : kTable) handlers[entry.number] = entry.handler;
  }
};
constexpr Dispatch kDispatch;

// Says so once for each number.
long unknown_call(unsigned long number) {
  static unsigned char told[Dispatch::kSize];
  if (number >= Dispatch::kSize || told[number] != 0) return -kEnosys;
  told[number] = 1;
  if (thread_storage_ready()) complain("server_libc: no system call ", number);
  return -kEnosys;
}

}  // namespace
}  // namespace server_libc

extern "C" long __mach_syscall(long n, long a, long b, long c, long d, long e, long f) {
  using namespace server_libc;
  const auto number = static_cast<unsigned long>(n);
  const Handler handler = number < Dispatch::kSize ? kDispatch.handlers[number] : nullptr;
  if (handler == nullptr) return unknown_call(number);
  return handler({a, b, c, d, e, f});
}

// Cancellation is by signals, which do not exist here: its entry is a plain call, and the places
// where a signal handler would look for it are nowhere.
extern "C" [[gnu::visibility("hidden")]] long __syscall_cp_asm(volatile int*, long n, long a,
                                                               long b, long c, long d, long e,
                                                               long f) {
  return __mach_syscall(n, a, b, c, d, e, f);
}

__asm__(
    ".text\n"
    ".globl __cp_begin, __cp_end, __cp_cancel, __restore, __restore_rt\n"
    ".hidden __cp_begin, __cp_end, __cp_cancel, __restore, __restore_rt\n"
    "__cp_begin:\n"
    "__cp_end:\n"
    "__cp_cancel:\n"
    "__restore:\n"
    "__restore_rt:\n"
    "  hlt\n");
