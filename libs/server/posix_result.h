// From Result with an errno to the kern_return_t of the protocols.
#pragma once

#include <servers/posix_types.h>

#include "libs/base/result.h"

// Evaluates to the value of `expr`, or returns its errno as a POSIX_ERROR word.
#define TRY_POSIX(expr)                                               \
  ({                                                                  \
    auto&& try_result_ = (expr);                                      \
    if (!try_result_.ok()) [[unlikely]]                               \
      return POSIX_ERROR(try_result_.code());                         \
    ::base::internal::take(try_result_);                              \
  })
