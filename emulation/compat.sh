#!/bin/bash
# Writes COMPAT.md from the call table: compat.sh CALL_LIST.
set -euo pipefail
cat << 'TEXT'
# System calls

Made from `entry/call_list.h` by `compat.sh`. Numbers are Linux's on i386. Calls that are not listed answer
ENOSYS and are counted in `/proc/unimplemented`.

| number | call |
|---:|---|
TEXT
sed -n 's/^ *CALL(\([0-9]*\), \([a-z0-9_]*\)).*/| \1 | \2 |/p' "$1"
cat << 'TEXT'

## Known gaps

- Sockets (102, 359 to 373), pseudo terminals, epoll, eventfd, timerfd, signalfd, inotify.
- Threads: `clone` with CLONE_THREAD, `clone3`, `futex`, robust lists of dead threads.
- Extended attributes (226 to 237), `copy_file_range`, `fallocate`, `splice`, `sendfile` (the 32-bit form).
- `ptrace`, SysV IPC, POSIX message queues, capabilities, name spaces, `quotactl`.
- `rseq` and `membarrier`: libc does without.
TEXT
