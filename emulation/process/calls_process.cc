// Process ids, groups, sessions, credentials, wait, limits.
#include <cerrno>

#include "emulation/entry/calls.h"
#include "emulation/files/names.h"
#include "emulation/linux_abi.h"
#include "emulation/mach/interruptible.h"
#include "emulation/mach/servers.h"
#include "emulation/mach/traps.h"
#include "emulation/memory/user_memory.h"
#include "emulation/process/renew.h"
#include "emulation/process/process_state.h"
#include "libs/mach/process_user.h"

namespace emulation {

constinit ProcessState process_state{};

void renew_directories() {
  mach_port_t root = MACH_PORT_NULL;
  if (proc_get_root(process_port(), 0, &root) != KERN_SUCCESS) return;
  directories.set_root(root);
  // The current directory is found again by its path, or stays.
  char path[POSIX_PATH_MAX];
  mach_msg_type_number_t size = sizeof path;
  if (current_path(path, &size) != 0) return;
  Path here;
  here.set(path, size);
  Found found;
  const int32_t error =
      look_up(linux_abi::AT_FDCWD, here, linux_abi::O_PATH | linux_abi::O_DIRECTORY, 0, found);
  if (error == 0) directories.set_current(found.port);
}

namespace {

using namespace linux_abi;

constexpr uint32_t kRusageBytes = 72;

int32_t wait_for_child(int which, uint32_t status_address, uint32_t options,
                       uint32_t rusage_address) {
  int pid = 0, status = 0;
  int words[64];
  mach_msg_type_number_t count = 64;
  int32_t error;
  {
    const int cookie = wait_cookie();
    const InterruptibleWait wait(PendingWait::Kind::kProcess, process_port(), cookie);
    error = error_from(proc_wait(process_port(), which, static_cast<int>(options), cookie, &pid,
                                 &status, words, &count));
  }
  if (error != 0) return error;
  if (pid == 0) return 0;
  if (status_address != 0 && !copy_out(status_address, status)) return -EFAULT;
  if (rusage_address != 0 && !copy_out(rusage_address, words, kRusageBytes)) return -EFAULT;
  return pid;
}

// A change of ids makes the file servers' ports of the old ids useless.
int32_t ids_changed(kern_return_t kr) {
  const int32_t error = error_from(kr);
  if (error == 0) renew_directories();
  return error;
}

int32_t set_uids(uint32_t real, uint32_t effective, uint32_t saved) {
  return ids_changed(proc_setresuid(process_port(), static_cast<int>(real),
                                    static_cast<int>(effective), static_cast<int>(saved)));
}
int32_t set_gids(uint32_t real, uint32_t effective, uint32_t saved) {
  return ids_changed(proc_setresgid(process_port(), static_cast<int>(real),
                                    static_cast<int>(effective), static_cast<int>(saved)));
}

constexpr uint32_t kKeep = ~0u;

int32_t store_three(Registers& r, uint32_t a, uint32_t b, uint32_t c) {
  return copy_out(r.ebx, a) && copy_out(r.ecx, b) && copy_out(r.edx, c) ? 0 : -EFAULT;
}

}  // namespace

namespace calls {

int32_t getpid(Registers&) { return shared_page().pid; }
int32_t getppid(Registers&) { return shared_page().ppid; }
int32_t getpgrp(Registers&) { return shared_page().pgid; }
int32_t getuid32(Registers&) { return static_cast<int32_t>(shared_page().uid); }
int32_t geteuid32(Registers&) { return static_cast<int32_t>(shared_page().euid); }
int32_t getgid32(Registers&) { return static_cast<int32_t>(shared_page().gid); }
int32_t getegid32(Registers&) { return static_cast<int32_t>(shared_page().egid); }
int32_t getresuid32(Registers& r) {
  const process_page& p = shared_page();
  return store_three(r, p.uid, p.euid, p.suid);
}
int32_t getresgid32(Registers& r) {
  const process_page& p = shared_page();
  return store_three(r, p.gid, p.egid, p.sgid);
}

int32_t setuid32(Registers& r) {
  const bool privileged = shared_page().euid == 0;
  return set_uids(privileged ? r.ebx : kKeep, r.ebx, privileged ? r.ebx : kKeep);
}
int32_t setgid32(Registers& r) {
  const bool privileged = shared_page().euid == 0;
  return set_gids(privileged ? r.ebx : kKeep, r.ebx, privileged ? r.ebx : kKeep);
}
int32_t setreuid32(Registers& r) { return set_uids(r.ebx, r.ecx, r.ecx); }
int32_t setregid32(Registers& r) { return set_gids(r.ebx, r.ecx, r.ecx); }
int32_t setresuid32(Registers& r) { return set_uids(r.ebx, r.ecx, r.edx); }
int32_t setresgid32(Registers& r) { return set_gids(r.ebx, r.ecx, r.edx); }

int32_t getgroups32(Registers& r) {
  constexpr int kIds = 6;
  int words[64];
  mach_msg_type_number_t count = 64;
  const int32_t error = error_from(proc_getids(process_port(), words, &count));
  if (error != 0) return error;
  const uint32_t groups = count > kIds ? count - kIds : 0;
  if (r.ebx == 0) return static_cast<int32_t>(groups);
  if (r.ebx < groups) return -EINVAL;
  return copy_out(r.ecx, words + kIds, groups * sizeof(int)) ? static_cast<int32_t>(groups)
                                                             : -EFAULT;
}

int32_t setgroups32(Registers& r) {
  int words[POSIX_NGROUPS];
  if (r.ebx > POSIX_NGROUPS) return -EINVAL;
  if (!copy_in(words, r.ecx, r.ebx * sizeof(int))) return -EFAULT;
  return ids_changed(proc_setgroups(process_port(), words, r.ebx));
}

int32_t setpgid(Registers& r) {
  return error_from(proc_setpgid(process_port(), static_cast<int>(r.ebx), static_cast<int>(r.ecx)));
}
int32_t getpgid(Registers& r) {
  int pgid = 0;
  const int32_t error = error_from(proc_getpgid(process_port(), static_cast<int>(r.ebx), &pgid));
  return error != 0 ? error : pgid;
}
int32_t setsid(Registers&) {
  int sid = 0;
  const int32_t error = error_from(proc_setsid(process_port(), &sid));
  return error != 0 ? error : sid;
}
int32_t getsid(Registers& r) {
  int sid = 0;
  const int32_t error = error_from(proc_getsid(process_port(), static_cast<int>(r.ebx), &sid));
  return error != 0 ? error : sid;
}

int32_t wait4(Registers& r) {
  return wait_for_child(static_cast<int>(r.ebx), r.ecx, r.edx, r.esi);
}
int32_t waitpid(Registers& r) { return wait_for_child(static_cast<int>(r.ebx), r.ecx, r.edx, 0); }

int32_t getrusage(Registers& r) {
  int words[64];
  mach_msg_type_number_t count = 64;
  const auto who = static_cast<int>(r.ebx);
  if (who != 0 && who != -1 && who != 1) return -EINVAL;
  const int32_t error =
      error_from(proc_getrusage(process_port(), who == 1 ? 0 : who, words, &count));
  if (error != 0) return error;
  return copy_out(r.ecx, words, kRusageBytes) ? 0 : -EFAULT;
}

int32_t getpriority(Registers& r) {
  int nice = 0;
  const int32_t error = error_from(proc_getpriority(process_port(), static_cast<int>(r.ebx),
                                                    static_cast<int>(r.ecx), &nice));
  return error != 0 ? error : 20 - nice;
}
int32_t setpriority(Registers& r) {
  return error_from(proc_setpriority(process_port(), static_cast<int>(r.ebx),
                                     static_cast<int>(r.ecx), static_cast<int>(r.edx)));
}
int32_t nice(Registers& r) {
  int current = 0;
  int32_t error = error_from(proc_getpriority(process_port(), 0, 0, &current));
  if (error != 0) return error;
  error = error_from(
      proc_setpriority(process_port(), 0, 0, current + static_cast<int>(r.ebx)));
  return error;
}

}  // namespace calls
}  // namespace emulation
