/* File data, and making and removing files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/bench/posix/bench.h"

#define MAX_BLOCK 65536ul

static int read_again(unsigned long block_size) {
  static char block[MAX_BLOCK];
  const int fd = make_file("br", MEBIBYTE);
  CHECK(fd);
  operations = MEBIBYTE / block_size;
  REPEAT {
    begin_measuring();
    REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
    for (unsigned long i = 0; i < operations; i++) {
      REQUIRE(read(fd, block, block_size) == (long)block_size);
    }
    end_measuring();
  }
  close(fd);
  unlink(work_file("br"));
  return 0;
}

static int read_4k(void) { return read_again(4096); }
static int read_64k(void) { return read_again(MAX_BLOCK); }

static int write_4k(void) {
  static char block[4096];
  const int fd = make_file("bw", MEBIBYTE);
  CHECK(fd);
  operations = MEBIBYTE / sizeof block;
  REPEAT {
    begin_measuring();
    REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
    for (unsigned long i = 0; i < operations; i++) {
      REQUIRE(write(fd, block, sizeof block) == sizeof block);
    }
    end_measuring();
  }
  close(fd);
  unlink(work_file("bw"));
  return 0;
}

static const char *numbered_file(unsigned long number) {
  static char path[300];
  snprintf(path, sizeof path, "%s/cd/f%lu", work_directory, number);
  return path;
}

static int create_files(unsigned long size) {
  static char block[16384];
  memset(block, 3, sizeof block);
  for (unsigned long i = 0; i < operations; i++) {
    const int fd = open(numbered_file(i), O_CREAT | O_WRONLY | O_TRUNC, 0644);
    CHECK(fd);
    REQUIRE(size == 0 || write(fd, block, size) == (long)size);
    close(fd);
  }
  return 0;
}

static int delete_files(void) {
  for (unsigned long i = 0; i < operations; i++) CHECK(unlink(numbered_file(i)));
  return 0;
}

enum what { CREATION, DELETION };

static int many_files(unsigned long size, enum what what) {
  operations = scaled(1000);
  if (mkdir(work_file("cd"), 0755) != 0 && errno != EEXIST) return -1;
  REPEAT {
    if (what == CREATION) begin_measuring();
    CHECK(create_files(size));
    if (what == CREATION) {
      end_measuring();
    } else {
      begin_measuring();
    }
    CHECK(delete_files());
    if (what == DELETION) end_measuring();
  }
  rmdir(work_file("cd"));
  return 0;
}

static int create_empty(void) { return many_files(0, CREATION); }
static int delete_empty(void) { return many_files(0, DELETION); }
static int create_10k(void) { return many_files(10240, CREATION); }

const struct benchmark kFileBenchmarks[] = {
    {"reread_4k", read_4k},        {"reread_64k", read_64k},   {"rewrite_4k", write_4k},
    {"create_0k", create_empty},   {"delete_0k", delete_empty}, {"create_10k", create_10k},
    {0, 0},
};
