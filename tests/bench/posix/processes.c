/* Processes: fork, exec, the shell. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/posix/bench.h"

static int fork_and_wait(void) {
  MEASURE(60, {
    int status;
    const pid_t child = fork();
    CHECK(child);
    if (child == 0) _exit(0);
    CHECK(waitpid(child, &status, 0));
  });
  return 0;
}

enum how { FORK, VFORK };

static int run_program(enum how how) {
  char *const arguments[] = {(char *)this_program, "_hello", 0};
  char *const environment[] = {0};
  MEASURE(40, {
    int status;
    const pid_t child = how == VFORK ? vfork() : fork();
    CHECK(child);
    if (child == 0) {
      execve(this_program, arguments, environment);
      _exit(99);
    }
    CHECK(waitpid(child, &status, 0));
    REQUIRE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  });
  return 0;
}

static int fork_exec(void) { return run_program(FORK); }
static int vfork_exec(void) { return run_program(VFORK); }

static int run_shell(const char *script) {
  int status;
  const pid_t child = fork();
  CHECK(child);
  if (child == 0) {
    execl(busybox, "sh", "-c", script, (char *)0);
    _exit(127);
  }
  CHECK(waitpid(child, &status, 0));
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static int shell_nothing(void) {
  MEASURE(10, CHECK(run_shell(":")));
  return 0;
}

/* One shell runs a loop; an operation is one round of it. */
static int shell_loop(unsigned long rounds, const char *body) {
  char script[256];
  snprintf(script, sizeof script, "i=0; while [ $i -lt %lu ]; do %s; i=$((i+1)); done", rounds,
           body);
  operations = rounds;
  REPEAT {
    begin_measuring();
    CHECK(run_shell(script));
    end_measuring();
  }
  return 0;
}

static int shell_forks(void) { return shell_loop(scaled(50), "( : )"); }

static int shell_execs(void) {
  char command[128];
  snprintf(command, sizeof command, "%s true", busybox);
  return shell_loop(scaled(30), command);
}

const struct benchmark kProcessBenchmarks[] = {
    {"fork_exit", fork_and_wait}, {"fork_exec", fork_exec},      {"vfork_exec", vfork_exec},
    {"sh_c_nop", shell_nothing},  {"sh_fork_loop", shell_forks}, {"sh_exec_loop", shell_execs},
    {0, 0},
};
