#include "libs/server/credentials.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace server {

base::Result<Credentials> Credentials::from_message(const posix_creds_t& message) {
  if (message.group_count > POSIX_NGROUPS) return base::Error(EINVAL);
  Credentials result{.uid = message.uid, .gid = message.gid, .groups = {}};
  result.groups.assign(message.groups, message.groups + message.group_count);
  return result;
}

bool Credentials::is_member(uint32_t group) const {
  return gid == group || std::ranges::find(groups, group) != groups.end();
}

base::Status check_permission(const Credentials& who, uint32_t mode, uint32_t uid, uint32_t gid,
                              uint32_t wanted) {
  if (who.is_root()) {
    const bool executable = (mode & 0111) != 0 || S_ISDIR(mode);
    if ((wanted & kMayExecute) != 0 && !executable) return base::Error(EACCES);
    return {};
  }
  uint32_t granted = mode & 7;
  if (who.uid == uid) {
    granted = mode >> 6 & 7;
  } else if (who.is_member(gid)) {
    granted = mode >> 3 & 7;
  }
  if ((wanted & ~granted) != 0) return base::Error(EACCES);
  return {};
}

}  // namespace server
