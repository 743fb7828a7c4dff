// Fresh file systems in memory for tests, and the check of what became of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace file {

struct ImageOptions {
  uint32_t size = 8u << 20;
  uint32_t block_size = 1024;
  uint32_t inode_size = 256;
  bool journal = false;  // the smallest there is, 1024 blocks
};

// An empty ext2 or ext3 file system with a root directory and lost+found.
std::vector<uint8_t> make_image(const ImageOptions& options = {});

// What `e2fsck -fn` says about the image when it finds faults; empty when it finds none.
std::string check_image(const std::vector<uint8_t>& image);

// Lets e2fsck recover the image; what it says if it finds more to do than to replay the journal and
// free nameless inodes.
std::string recover_with_e2fsck(std::vector<uint8_t>& image);

// Runs debugfs commands, one a line, on the image; its output.
std::string debugfs(const std::string& commands, std::vector<uint8_t>& image);

// Whether the superblock carries the clean mark.
bool marked_clean(const std::vector<uint8_t>& image);

}  // namespace file
