// libext2fs as built here makes and reads back a file system, on the target's and the host's libc.
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
#include "config.h"
#include "ext2fs/ext2_fs.h"
#include "ext2fs/ext2fs.h"
}

namespace {

constexpr char kText[] = "written through libext2fs";

void check(errcode_t error, const char* what) {
  if (error == 0) return;
  std::fprintf(stderr, "%s: %s\n", what, error_message(error));
  std::exit(1);
}

void make(const char* path) {
  ext2_super_block parameters{};
  ext2fs_blocks_count_set(&parameters, 1024);
  parameters.s_log_block_size = 2;
  parameters.s_rev_level = EXT2_DYNAMIC_REV;
  ext2_filsys fs;
  check(ext2fs_initialize(path, EXT2_FLAG_64BITS, &parameters, unix_io_manager, &fs), "initialize");
  check(ext2fs_allocate_tables(fs), "allocate_tables");
  check(ext2fs_mkdir(fs, EXT2_ROOT_INO, EXT2_ROOT_INO, nullptr), "root");
  check(ext2fs_mkdir(fs, EXT2_ROOT_INO, 0, "dir"), "mkdir");
  ext2_ino_t inode_number;
  check(ext2fs_new_inode(fs, EXT2_ROOT_INO, 0100644, nullptr, &inode_number), "new_inode");
  check(ext2fs_link(fs, EXT2_ROOT_INO, "file", inode_number, EXT2_FT_REG_FILE), "link");
  ext2fs_inode_alloc_stats2(fs, inode_number, 1, 0);
  ext2_inode inode{};
  inode.i_mode = 0100644;
  inode.i_links_count = 1;
  check(ext2fs_write_new_inode(fs, inode_number, &inode), "write_new_inode");
  ext2_file_t file;
  check(ext2fs_file_open(fs, inode_number, EXT2_FILE_WRITE, &file), "open for writing");
  check(ext2fs_file_write(file, kText, sizeof kText, nullptr), "write");
  check(ext2fs_file_close(file), "close");
  check(ext2fs_close(fs), "close file system");
}

void verify(const char* path) {
  ext2_filsys fs;
  check(ext2fs_open(path, 0, 0, 0, unix_io_manager, &fs), "reopen");
  ext2_ino_t inode_number;
  check(ext2fs_namei(fs, EXT2_ROOT_INO, EXT2_ROOT_INO, "/dir/../file", &inode_number), "namei");
  ext2_file_t file;
  check(ext2fs_file_open(fs, inode_number, 0, &file), "open for reading");
  char text[sizeof kText + 1] = {};
  unsigned got = 0;
  check(ext2fs_file_read(file, text, sizeof text, &got), "read");
  check(ext2fs_file_close(file), "close");
  check(ext2fs_close(fs), "close file system");
  if (got == sizeof kText && std::strcmp(text, kText) == 0) return;
  std::fprintf(stderr, "read back %u bytes: %s\n", got, text);
  std::exit(1);
}

}  // namespace

int main() {
  const char* directory = std::getenv("TEST_TMPDIR");
  char path[512];
  std::snprintf(path, sizeof path, "%s/ext2", directory ? directory : "/tmp");
  std::FILE* image = std::fopen(path, "w");
  if (!image) return 1;
  std::fseek(image, 4 * 1024 * 1024 - 1, SEEK_SET);
  std::fputc(0, image);
  std::fclose(image);
  make(path);
  verify(path);
  std::puts("ext2fs ok");
  return 0;
}
