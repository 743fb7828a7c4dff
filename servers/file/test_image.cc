#include "servers/file/test_image.h"

#include "servers/file/libext2fs.h"
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "servers/file/cache_io_manager.h"
#include "servers/file/memory_block_device.h"

namespace file {
namespace {

void require(errcode_t code, const char* what) {
  if (code == 0) return;
  std::fprintf(stderr, "%s: error %ld\n", what, static_cast<long>(code));
  std::abort();
}

// Runs e2fsck on a copy of the image; its status, and its words in `output`.
int run_e2fsck(const std::string& options, std::vector<uint8_t>& image, std::string& output) {
  const char* directory = std::getenv("TEST_TMPDIR");
  std::string path = std::string(directory != nullptr ? directory : "/tmp") + "/imageXXXXXX";
  const int fd = mkstemp(path.data());
  if (fd < 0) return -1;
  int status = -1;
  if (write(fd, image.data(), image.size()) == static_cast<ssize_t>(image.size())) {
    const std::string command = "/sbin/e2fsck " + options + " " + path + " 2>&1";
    if (FILE* pipe = popen(command.c_str(), "r"); pipe != nullptr) {
      char line[256];
      while (std::fgets(line, sizeof(line), pipe) != nullptr) output += line;
      status = WEXITSTATUS(pclose(pipe));
    }
    if (pread(fd, image.data(), image.size(), 0) != static_cast<ssize_t>(image.size())) status = -1;
  }
  close(fd);
  unlink(path.c_str());
  return status;
}

// Every block of every used inode once, and nothing else, may be marked in the bitmap.
std::string check_bitmaps(const std::vector<uint8_t>& image) {
  MemoryBlockDevice device(image);
  BlockCache cache(device);
  ext2_filsys fs = nullptr;
  require(open_through_cache(cache, EXT2_FLAG_64BITS, &fs), "open");
  require(ext2fs_read_bitmaps(fs), "bitmaps");
  std::string result;
  ext2_inode_scan scan = nullptr;
  require(ext2fs_open_inode_scan(fs, 0, &scan), "scan");
  ext2_ino_t number = 0;
  ext2_inode inode;
  while (ext2fs_get_next_inode(scan, &number, &inode) == 0 && number != 0) {
    const bool used = inode.i_links_count != 0 || number < EXT2_FIRST_INODE(fs->super);
    if (used != (ext2fs_test_inode_bitmap2(fs->inode_map, number) != 0)) {
      result += "inode " + std::to_string(number) + "\n";
    }
  }
  ext2fs_close_inode_scan(scan);
  ext2fs_free(fs);
  return result;
}

}  // namespace

std::vector<uint8_t> make_image(const ImageOptions& options) {
  MemoryBlockDevice device(options.size);
  BlockCache cache(device);
  // libext2fs opens the medium before it writes anything there.
  ext2_super_block parameters = {};
  ext2fs_blocks_count_set(&parameters, options.size / options.block_size);
  parameters.s_log_block_size = options.block_size == 4096 ? 2 : options.block_size == 2048 ? 1 : 0;
  parameters.s_rev_level = EXT2_DYNAMIC_REV;
  parameters.s_inode_size = static_cast<uint16_t>(options.inode_size);
  parameters.s_feature_incompat = EXT2_FEATURE_INCOMPAT_FILETYPE;
  parameters.s_feature_ro_compat = EXT2_FEATURE_RO_COMPAT_LARGE_FILE;
  ext2_filsys fs = nullptr;
  require(initialize_through_cache(cache, &parameters, &fs), "initialize");
  require(ext2fs_allocate_tables(fs), "allocate tables");
  std::vector<char> zeros(fs->blocksize);
  for (dgrp_t group = 0; group < fs->group_desc_count; ++group) {
    for (unsigned i = 0; i < fs->inode_blocks_per_group; ++i) {
      require(io_channel_write_blk64(fs->io, ext2fs_inode_table_loc(fs, group) + i, 1,
                                     zeros.data()),
              "inode table");
    }
  }
  require(ext2fs_mkdir(fs, EXT2_ROOT_INO, EXT2_ROOT_INO, nullptr), "root");
  require(ext2fs_mkdir(fs, EXT2_ROOT_INO, 0, "lost+found"), "lost+found");
  ext2fs_inode_alloc_stats2(fs, EXT2_BAD_INO, +1, 0);
  for (ext2_ino_t i = EXT2_ROOT_INO + 1; i < EXT2_FIRST_INODE(fs->super); ++i) {
    ext2fs_inode_alloc_stats2(fs, i, +1, 0);
  }
  if (options.journal) require(ext2fs_add_journal_inode(fs, 1024, 0), "journal");
  ext2fs_mark_super_dirty(fs);
  require(ext2fs_close_free(&fs), "close");
  return std::move(device.bytes());
}

std::string check_image(const std::vector<uint8_t>& image) {
  if (access("/sbin/e2fsck", X_OK) != 0) return check_bitmaps(image);
  std::vector<uint8_t> copy = image;
  std::string output;
  return run_e2fsck("-fn", copy, output) == 0 ? "" : output;
}

std::string recover_with_e2fsck(std::vector<uint8_t>& image) {
  if (access("/sbin/e2fsck", X_OK) != 0) return "";
  std::string output;
  // 1: something was corrected, which replaying is. Then there must be nothing left.
  const int status = run_e2fsck("-p", image, output);
  if (status != 0 && status != 1) return output;
  return check_image(image);
}

bool marked_clean(const std::vector<uint8_t>& image) {
  const auto* super =
      reinterpret_cast<const ext2_super_block*>(image.data() + SUPERBLOCK_OFFSET);
  return (super->s_state & EXT2_VALID_FS) != 0 &&
         (super->s_feature_incompat & EXT3_FEATURE_INCOMPAT_RECOVER) == 0;
}

}  // namespace file
