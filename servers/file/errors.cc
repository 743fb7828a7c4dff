#include "servers/file/errors.h"

#include <cerrno>

namespace file {

int errno_of(errcode_t code) {
  constexpr errcode_t kLargestErrno = 255;
  if (code >= 0 && code <= kLargestErrno) return static_cast<int>(code);
  switch (code) {
    case EXT2_ET_BLOCK_ALLOC_FAIL:
    case EXT2_ET_INODE_ALLOC_FAIL:
    case EXT2_ET_DIR_NO_SPACE:
      return ENOSPC;
    case EXT2_ET_NO_MEMORY:
      return ENOMEM;
    case EXT2_ET_RO_FILSYS:
      return EROFS;
    case EXT2_ET_FILE_TOO_BIG:
      return EFBIG;
    case EXT2_ET_UNSUPP_FEATURE:
    case EXT2_ET_RO_UNSUPP_FEATURE:
      return EOPNOTSUPP;
    case EXT2_ET_BAD_MAGIC:
    case EXT2_ET_INVALID_ARGUMENT:
      return EINVAL;
    default:
      return EIO;
  }
}

}  // namespace file
