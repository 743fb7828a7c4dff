/* Signals: installing a handler, sending to oneself, a page fault that a handler repairs. */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/bench/posix/bench.h"

static volatile unsigned long handled;
static char *protected_page;

static void count(int number) {
  (void)number;
  handled++;
}

static void unprotect(int number) {
  (void)number;
  handled++;
  mprotect(protected_page, PAGE_BYTES, PROT_READ | PROT_WRITE);
}

static int install(int number, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  return sigaction(number, &action, 0);
}

static int install_handler(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = count;
  MEASURE(10000, CHECK(sigaction(SIGUSR1, &action, 0)));
  return 0;
}

static int deliver(void) {
  const int self = getpid();
  CHECK(install(SIGUSR1, count));
  handled = 0;
  MEASURE(4000, CHECK(kill(self, SIGUSR1)));
  return handled < operations ? -1 : 0;
}

static int repair_fault(void) {
  CHECK(install(SIGSEGV, unprotect));
  protected_page = mmap(0, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  REQUIRE(protected_page != MAP_FAILED);
  handled = 0;
  MEASURE(2000, {
    mprotect(protected_page, PAGE_BYTES, PROT_READ);
    *(volatile char *)protected_page = 1;
  });
  signal(SIGSEGV, SIG_DFL);
  munmap(protected_page, PAGE_BYTES);
  return handled < operations ? -1 : 0;
}

const struct benchmark kSignalBenchmarks[] = {
    {"sig_install", install_handler},
    {"sig_deliver", deliver},
    {"prot_fault_sig", repair_fault},
    {0, 0},
};
