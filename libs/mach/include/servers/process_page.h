/* What a process shares with the process server: one page, mapped read-write in both. Each side
 * treats what the other writes as untrusted. */
#ifndef SERVERS_PROCESS_PAGE_H
#define SERVERS_PROCESS_PAGE_H

#ifdef __cplusplus
extern "C" {
#endif

/* Where things are in every POSIX task. The emulation library's image begins at
 * EMULATION_BASE with a struct emulation_header. */
#define EMULATION_BASE 0xb8000000u
#define EMULATION_LIMIT 0xbc000000u
#define PROCESS_PAGE_ADDRESS 0xbbfff000u
#define TIME_PAGE_ADDRESS 0xbbffe000u /* the mapped "time" device, read-only, inherited */
#define PIPE_SLOTS_ADDRESS 0xbbffd000u /* struct pipe_slots, read-only, see proc_pipe_slots */
#define PROCESS_PORT_NAME 0x00ffff01u /* the process port's name in every POSIX task */

#define EMULATION_FS 0x6b
#define EMULATION_MAGIC 0x4d656d75u

/* First words of the emulation library: entries the process server needs. All are addresses. */
struct emulation_header {
  unsigned int magic;
  unsigned int version;
  unsigned int text_end;     /* the library's code is [EMULATION_BASE, text_end) */
  unsigned int start;        /* entry of a first process: see docs/posix.md */
  unsigned int first_block;  /* base of the segment to be in %fs (selector EMULATION_FS) then */
  unsigned int signal_entry; /* where a thread in user code is diverted for a signal */
  unsigned int block_begin;  /* a thread in [block_begin, block_end) is about to wait: */
  unsigned int block_end;    /* set its EIP to block_abort to make it look at signals first */
  unsigned int block_abort;
  unsigned int exit_begin;   /* a thread in [exit_begin, exit_end) is leaving the library: */
  unsigned int exit_end;     /* set its EIP to exit_again to make it look at signals first */
  unsigned int exit_again;
  unsigned int copy_begin; /* a thread that faults in [copy_begin, copy_end) touched bad memory of */
  unsigned int copy_end;   /* the program on its behalf: set its EIP to copy_fault */
  unsigned int copy_fault;
  unsigned int call_entry;    /* AT_SYSINFO: system calls by a plain call */
  unsigned int clock_gettime; /* int (*)(int clock, struct timespec64 *): no system call */
  unsigned int syscall_entry; /* for the emulation vector: int 0x80 and lcall arrive here */
  unsigned int first_call;    /* lowest and highest + 1 system call number */
  unsigned int end_call;
};

/* proc_terminal */
#define PROC_TTY_DROP 0
#define PROC_TTY_SET 1
/* proc_fork */
#define PROC_FORK_VFORK 1

struct process_page {
  /* Written by the server. */
  int pid;
  int ppid;
  int pgid;
  int sid;
  unsigned int uid, euid, suid, gid, egid, sgid;
  /* Signals posted and not yet taken: bit n-1 of the 64. The server sets, proc_take_signal clears. */
  volatile unsigned int pending[2];
  /* Written by the library: blocked signals, and those whose action is to be ignored. The server
   * does not disturb the thread for a signal that is blocked, and drops an ignored one. */
  volatile unsigned int blocked[2];
  volatile unsigned int ignored[2];
  /* Signals with a handler; a default action that ends the process is still the library's. */
  volatile unsigned int caught[2];
  /* Written by the server: the foreground process group of the controlling terminal; 0: the process
   * has none. The library sends SIGTTIN and SIGTTOU by it. */
  int foreground;
  /* The rest of the page is zero. */
};

/* What the ends of pipes are ready for, as poll(2) says; written by the server. 0: ask the end once
 * (io_poll), from then on it is shown. */
#define PIPE_SLOT_COUNT 2048
#define PIPE_SLOT_SHOWN 0x8000
struct pipe_slots {
  volatile unsigned short ready[PIPE_SLOT_COUNT];
};

/* What ESP points to when the first process starts at emulation_header.start. Strings follow the
 * structure, inside the same mapping; pointers are addresses in the new task. */
struct emulation_start {
  unsigned int root_port;      /* send right: root and current directory */
  unsigned int descriptor[3];  /* send rights: descriptors 0, 1, 2; MACH_PORT_NULL: closed */
  unsigned int host_port;      /* send right: the host's name port */
  const char *program;
  const char *const *arguments;   /* null-terminated arrays */
  const char *const *environment;
};

#ifdef __cplusplus
}
#endif
#endif
