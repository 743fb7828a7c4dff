#include "servers/file/file_runs.h"

#include <cerrno>

namespace file {

base::Result<std::vector<server::DiskPlace::Run>> file_runs(Volume& volume, Inode& inode) {
  const uint32_t sectors = volume.block_size() / BlockDevice::kSectorSize;
  const uint64_t blocks = inode.size() / volume.block_size();
  std::vector<server::DiskPlace::Run> runs;
  for (uint64_t i = 0; i < blocks; ++i) {
    const blk64_t block = TRY(volume.map(inode, i));
    if (block == 0) return base::Error(EINVAL);
    const auto first = static_cast<uint32_t>(block * sectors);
    if (!runs.empty() && runs.back().first + runs.back().count == first) {
      runs.back().count += sectors;
    } else {
      runs.push_back({first, sectors});
    }
  }
  return runs;
}

}  // namespace file
