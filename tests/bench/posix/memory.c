/* Memory: mapping, page faults, and how fast the C library moves bytes. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/posix/bench.h"

/* Volatile: what is measured is the library's routine, not the compiler's. */
static void *(*volatile copy_bytes)(void *, const void *, size_t) = memcpy;
static void *(*volatile fill_bytes)(void *, int, size_t) = memset;

static char *map_private(unsigned long size) {
  char *const memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

static int map_and_unmap(void) {
  MEASURE(4000, {
    char *const memory = map_private(65536);
    REQUIRE(memory != NULL);
    munmap(memory, 65536);
  });
  return 0;
}

static int touch_new_pages(void) {
  const unsigned long pages = operations = scaled(512);
  REPEAT {
    char *memory;
    begin_measuring();
    memory = map_private(pages * PAGE_BYTES);
    REQUIRE(memory != NULL);
    for (unsigned long i = 0; i < pages; i++) memory[i * PAGE_BYTES] = 1;
    munmap(memory, pages * PAGE_BYTES);
    end_measuring();
  }
  return 0;
}

static int touch_file_pages(void) {
  const unsigned long pages = operations = scaled(256);
  const int fd = make_file("bm", pages * PAGE_BYTES);
  CHECK(fd);
  REPEAT {
    volatile char *memory;
    begin_measuring();
    memory = mmap(0, pages * PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
    REQUIRE(memory != MAP_FAILED);
    for (unsigned long i = 0; i < pages; i++) (void)memory[i * PAGE_BYTES];
    munmap((void *)memory, pages * PAGE_BYTES);
    end_measuring();
  }
  close(fd);
  unlink(work_file("bm"));
  return 0;
}

/* The parent writes every page while a child waits: each write copies. */
static int copy_on_write(void) {
  const unsigned long pages = operations = scaled(256);
  char *const memory = map_private(pages * PAGE_BYTES);
  int gate[2];
  REQUIRE(memory != NULL);
  memset(memory, 1, pages * PAGE_BYTES);
  CHECK(pipe(gate));
  REPEAT {
    char byte = 0;
    const pid_t child = fork();
    CHECK(child);
    if (child == 0) _exit(read(gate[0], &byte, 1) != 1);
    begin_measuring();
    for (unsigned long i = 0; i < pages; i++) memory[i * PAGE_BYTES] = 2;
    end_measuring();
    REQUIRE(write(gate[1], &byte, 1) == 1);
    waitpid(child, 0, 0);
  }
  munmap(memory, pages * PAGE_BYTES);
  close(gate[0]);
  close(gate[1]);
  return 0;
}

static int copy_mebibyte(void) {
  char *const from = malloc(MEBIBYTE), *const to = malloc(MEBIBYTE);
  REQUIRE(from != NULL && to != NULL);
  memset(from, 1, MEBIBYTE);
  memset(to, 2, MEBIBYTE);
  MEASURE(4, copy_bytes(to, from, MEBIBYTE));
  free(from);
  free(to);
  return 0;
}

static int fill_mebibyte(void) {
  char *const memory = malloc(MEBIBYTE);
  REQUIRE(memory != NULL);
  memset(memory, 1, MEBIBYTE);
  MEASURE(8, fill_bytes(memory, 3, MEBIBYTE));
  free(memory);
  return 0;
}

const struct benchmark kMemoryBenchmarks[] = {
    {"mmap_munmap_64k", map_and_unmap}, {"anon_fault", touch_new_pages},
    {"file_fault", touch_file_pages},   {"cow_fault", copy_on_write},
    {"memcpy_1m", copy_mebibyte},       {"memset_1m", fill_mebibyte},
    {0, 0},
};
