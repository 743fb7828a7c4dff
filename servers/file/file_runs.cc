#include "servers/file/file_runs.h"

#include <cerrno>

namespace file {

base::Result<std::vector<server::DiskPlace::Run>> file_runs(Volume& volume, Inode& inode) {
  const uint32_t sectors = volume.block_size() / BlockDevice::kSectorSize;
  const uint64_t blocks = inode.size() >> volume.block_bits();
  std::vector<server::DiskPlace::Run> runs;
  for (uint64_t i = 0; i < blocks;) {
    const Volume::Run run = TRY(volume.map_run(inode, i, blocks - i));
    if (run.block == 0) return base::Error(EINVAL);
    const auto first = static_cast<uint32_t>(run.block * sectors);
    const auto count = static_cast<uint32_t>(run.count * sectors);
    if (!runs.empty() && runs.back().first + runs.back().count == first) {
      runs.back().count += count;
    } else {
      runs.push_back({first, count});
    }
    i += run.count;
  }
  return runs;
}

}  // namespace file
