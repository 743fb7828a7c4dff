// Credentials: whose rights a port carries, and the permission rules of POSIX files.
#pragma once

#include <servers/posix_types.h>

#include <cstdint>
#include <vector>

#include "libs/base/result.h"

namespace server {

// Permissions asked for, as in access(2); or-ed.
inline constexpr uint32_t kMayExecute = 1;
inline constexpr uint32_t kMayWrite = 2;
inline constexpr uint32_t kMayRead = 4;

struct Credentials {
  uint32_t uid = 0;
  uint32_t gid = 0;
  std::vector<uint32_t> groups;

  // EINVAL when the message names more groups than there can be.
  static base::Result<Credentials> from_message(const posix_creds_t& message);

  [[nodiscard]] bool is_root() const { return uid == 0; }
  [[nodiscard]] bool is_member(uint32_t group) const;
};

// Whether `wanted` is allowed on a file with these owner and mode bits; EACCES. The superuser may
// do everything except execute a file that nobody may execute.
base::Status check_permission(const Credentials& who, uint32_t mode, uint32_t uid, uint32_t gid,
                              uint32_t wanted);

}  // namespace server
