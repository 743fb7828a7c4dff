// Where a file lies on its disk.
#pragma once

#include <vector>

#include "libs/base/result.h"
#include "libs/server/node.h"
#include "servers/file/inode.h"
#include "servers/file/volume.h"

namespace file {

// The whole blocks of the file as runs of sectors of the device. EINVAL: one of its blocks is a hole.
base::Result<std::vector<server::DiskPlace::Run>> file_runs(Volume& volume, Inode& inode);

}  // namespace file
