// Numbers of the system-call interface musl is compiled for, as far as servers meet them.
#pragma once

namespace server_libc {

enum Errno : long {
  kEperm = 1,
  kEnoent = 2,
  kEintr = 4,
  kEio = 5,
  kEbadf = 9,
  kEagain = 11,
  kEnomem = 12,
  kEfault = 14,
  kEinval = 22,
  kEnotty = 25,
  kEnodev = 19,
  kEnosys = 38,
  kEtimedout = 110,
};

enum SyscallNumber : long {
  kSysExit = 1,
  kSysRead = 3,
  kSysWrite = 4,
  kSysOpen = 5,
  kSysClose = 6,
  kSysTime = 13,
  kSysGetpid = 20,
  kSysGetuid = 24,
  kSysBrk = 45,
  kSysGetgid = 47,
  kSysGeteuid = 49,
  kSysGetegid = 50,
  kSysIoctl = 54,
  kSysGettimeofday = 78,
  kSysMunmap = 91,
  kSysMprotect = 125,
  kSysWritev = 146,
  kSysSchedYield = 158,
  kSysNanosleep = 162,
  kSysMremap = 163,
  kSysRtSigaction = 174,
  kSysRtSigprocmask = 175,
  kSysMmap2 = 192,
  kSysGetuid32 = 199,
  kSysGetgid32 = 200,
  kSysGeteuid32 = 201,
  kSysGetegid32 = 202,
  kSysMadvise = 219,
  kSysGettid = 224,
  kSysTkill = 238,
  kSysFutex = 240,
  kSysSchedGetaffinity = 242,
  kSysExitGroup = 252,
  kSysSetTidAddress = 258,
  kSysClockGettime = 265,
  kSysClockNanosleep = 267,
  kSysTgkill = 270,
  kSysOpenat = 295,
  kSysSetRobustList = 311,
  kSysGetrandom = 355,
  kSysMembarrier = 375,
  kSysClockGettime64 = 403,
  kSysClockNanosleep64 = 407,
  kSysFutex64 = 422,
};

// A time as the calls without and with "64" in their name have it.
struct Timespec32 {
  long seconds;
  long nanoseconds;
};
struct Timespec64 {
  long long seconds;
  long long nanoseconds;
};

struct Iovec {
  const char* base;
  unsigned long size;
};

enum Protection : long { kProtRead = 1, kProtWrite = 2, kProtExec = 4 };
enum MapFlag : long { kMapFixed = 0x10, kMapAnonymous = 0x20 };
enum Advice : long { kAdviceDontNeed = 4 };
enum FutexOp : long { kFutexWait = 0, kFutexWake = 1, kFutexRequeue = 3, kFutexOpMask = 127 };
enum CloneFlag : long { kCloneVm = 0x100, kCloneThread = 0x10000, kCloneSettls = 0x80000 };
enum Clock : long { kClockRealtime = 0, kClockMonotonic = 1, kClockLast = 7 };
enum TimerFlag : long { kTimerAbsolute = 1 };

}  // namespace server_libc
