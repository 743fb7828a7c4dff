// Translation of libext2fs's error codes.
#pragma once

#include "servers/file/libext2fs.h"

#include "libs/base/result.h"

namespace file {

// The errno for a libext2fs error; 0 stays 0, an errno that passed through libext2fs stays itself.
int errno_of(errcode_t code);

inline base::Status status_of(errcode_t code) { return base::Status::from_code(errno_of(code)); }

}  // namespace file
