/* thrash SECONDS PROGRAMS MEBIBYTES: so many programs use so much memory each, for so long, in random order, and verify
 * all they find there. Reports TAP. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kPage = 4096, kWords = kPage / sizeof(uint32_t), kMaxPrograms = 64 };

static uint32_t random_state;

static uint32_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return random_state;
}

static uint32_t word(uint32_t page, uint32_t index, uint32_t generation) {
  return generation == 0 ? 0 : (page * kWords + index) * 2654435761u + generation;
}

static void fill(uint32_t *words, uint32_t page, uint32_t generation) {
  for (uint32_t i = 0; i < kWords; ++i) words[i] = word(page, i, generation);
}

static int is_filled(const uint32_t *words, uint32_t page, uint32_t generation) {
  for (uint32_t i = 0; i < kWords; ++i) {
    if (words[i] == word(page, i, generation)) continue;
    printf("# page %u word %u: 0x%x instead of 0x%x\n", page, i, words[i], word(page, i, generation));
    return 0;
  }
  return 1;
}

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (long)time.tv_sec;
}

/* One of the programs. Its status: whether everything was as written. */
static int work(long seconds, uint32_t number, uint32_t pages) {
  const long end = now() + seconds;
  uint32_t *memory = mmap(NULL, (size_t)pages * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  uint32_t *generations = calloc(pages, sizeof *generations);
  uint32_t *order = calloc(pages, sizeof *order);
  if (memory == MAP_FAILED || generations == NULL || order == NULL) return 2;
  random_state = 12345 + number * 977;
  for (uint32_t i = 0; i < pages; ++i) {
    const uint32_t j = next_random() % (i + 1);
    order[i] = order[j];
    order[j] = i;
  }
  unsigned long visits = 0;
  /* Each page once, whatever that takes; then any until the time is over; at last all of them. */
  for (uint32_t i = 0; i < pages || now() < end; ++i, ++visits) {
    const uint32_t page = i < pages ? order[i] : next_random() % pages;
    uint32_t *words = memory + (size_t)page * kWords;
    if (!is_filled(words, page, generations[page])) return 1;
    /* Never 0, and no two programs' contents are alike. */
    generations[page] = (uint32_t)(visits + 1) * kMaxPrograms + number;
    fill(words, page, generations[page]);
  }
  for (uint32_t page = 0; page < pages; ++page) {
    if (!is_filled(memory + (size_t)page * kWords, page, generations[page])) return 1;
  }
  printf("# program %u: %u pages, %lu visits\n", number, pages, visits);
  return fflush(stdout) == 0 ? 0 : 2;
}

int main(int argc, char **argv) {
  if (argc == 5 && strcmp(argv[1], "worker") == 0) {
    return work(atol(argv[2]), (uint32_t)atol(argv[3]), (uint32_t)atol(argv[4]) << 8);
  }
  const int programs = argc == 4 ? atoi(argv[2]) : 0;
  if (programs < 1 || programs > kMaxPrograms) {
    fprintf(stderr, "usage: thrash SECONDS PROGRAMS MEBIBYTES\n");
    return 2;
  }
  pid_t pids[kMaxPrograms];
  for (int i = 0; i < programs; ++i) {
    pids[i] = fork();
    if (pids[i] != 0) continue;
    char number[16];
    snprintf(number, sizeof number, "%d", i);
    execl(argv[0], argv[0], "worker", argv[1], number, argv[3], (char *)NULL);
    perror(argv[0]);
    _exit(2);
  }
  int failures = 0;
  for (int i = 0; i < programs; ++i) {
    int status = 0;
    const int ended = pids[i] > 0 && waitpid(pids[i], &status, 0) == pids[i];
    const int good = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    printf("%sok %d - program %d found what it had written (status 0x%x)\n", good ? "" : "not ", i + 1, i, status);
    failures += !good;
  }
  printf("1..%d\n", programs);
  return failures != 0;
}
