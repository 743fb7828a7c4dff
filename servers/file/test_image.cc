#include "servers/file/test_image.h"

#include "servers/file/libext2fs.h"
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
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

// The command line that starts a locked tool, or the machine's where Bazel is not.
std::string tool(const std::string& name) {
  const char* runfiles = std::getenv("TEST_SRCDIR");
  const std::string folder = std::string(runfiles != nullptr ? runfiles : "") + "/disktools";
  if (access((folder + "/bin/" + name).c_str(), X_OK) != 0) return "/sbin/" + name;
  return folder + "/libs/ld-linux-x86-64.so.2 --library-path " + folder + "/libs " + folder +
         "/bin/" + name;
}

// Runs a tool on a copy of the image, which it may change; its status, and its words in `output`.
int run_tool(const std::string& name, const std::string& options, std::vector<uint8_t>& image,
             std::string& output) {
  const char* directory = std::getenv("TEST_TMPDIR");
  std::string path = std::string(directory != nullptr ? directory : "/tmp") + "/imageXXXXXX";
  const int fd = mkstemp(path.data());
  if (fd < 0) return -1;
  int status = -1;
  if (write(fd, image.data(), image.size()) == static_cast<ssize_t>(image.size())) {
    const std::string command = tool(name) + " " + options + " " + path + " 2>&1";
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

}  // namespace

std::vector<uint8_t> make_image(const ImageOptions& options) {
  MemoryBlockDevice device(options.size);
  BlockCache cache(device);
  // libext2fs opens the medium before it writes anything there.
  ext2_super_block parameters = {};
  ext2fs_blocks_count_set(&parameters, options.size / options.block_size);
  parameters.s_log_block_size = static_cast<uint32_t>(std::countr_zero(options.block_size / 1024));
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
  std::vector<uint8_t> copy = image;
  std::string output;
  return run_tool("e2fsck", "-fn", copy, output) == 0 ? "" : output + "e2fsck failed";
}

std::string recover_with_e2fsck(std::vector<uint8_t>& image) {
  std::string output;
  // 1: something was corrected, which replaying is. Then there must be nothing left.
  const int status = run_tool("e2fsck", "-p", image, output);
  if (status != 0 && status != 1) return output + "e2fsck failed";
  return check_image(image);
}

std::string debugfs(const std::string& commands, std::vector<uint8_t>& image) {
  const char* directory = std::getenv("TEST_TMPDIR");
  std::string path = std::string(directory != nullptr ? directory : "/tmp") + "/commandsXXXXXX";
  const int fd = mkstemp(path.data());
  if (fd < 0) return "no temporary file";
  const bool written =
      write(fd, commands.data(), commands.size()) == static_cast<ssize_t>(commands.size());
  close(fd);
  std::string output = written ? "" : "commands not written";
  (void)run_tool("debugfs", "-w -f " + path, image, output);
  unlink(path.c_str());
  return output;
}

bool marked_clean(const std::vector<uint8_t>& image) {
  const auto* super =
      reinterpret_cast<const ext2_super_block*>(image.data() + SUPERBLOCK_OFFSET);
  return (super->s_state & EXT2_VALID_FS) != 0 &&
         (super->s_feature_incompat & EXT3_FEATURE_INCOMPAT_RECOVER) == 0;
}

}  // namespace file
