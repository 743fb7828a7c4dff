// Result<T>: a value or the kern_return_t that says why there is none.
#pragma once

#include <new>
#include <type_traits>
#include <utility>

namespace base {

// The numbers of <mach/kern_return.h>, <mach/message.h> and <mach/mig_errors.h>: zero is success.
using ErrorCode = int;

inline constexpr ErrorCode kSuccess = 0;

// Wraps an error so that it converts to any Result<T>.
struct [[nodiscard]] Error {
  explicit constexpr Error(ErrorCode c) : code(c) {}
  ErrorCode code;
};

// The outcome of an operation without a value: kSuccess or an error.
class [[nodiscard]] Status {
 public:
  constexpr Status() = default;
  constexpr Status(Error e) : code_(e.code) {}  // NOLINT: implicit on purpose
  // From a raw code, success included (what a C interface returned).
  static constexpr Status from_code(ErrorCode code) {
    Status s;
    s.code_ = code;
    return s;
  }
  [[nodiscard]] constexpr bool ok() const { return code_ == kSuccess; }
  [[nodiscard]] constexpr ErrorCode code() const { return code_; }
  [[nodiscard]] constexpr Error error() const { return Error(code_); }

 private:
  ErrorCode code_ = kSuccess;
};

// A value of type T, or an error. Move-only when T is; never empty.
template <typename T>
class [[nodiscard]] Result {
 public:
  using Value = T;

  constexpr Result(T value) : ok_(true), value_(std::move(value)) {}  // NOLINT: implicit
  constexpr Result(Error e) : ok_(false), code_(e.code) {}            // NOLINT: implicit

  constexpr Result(Result&& other) noexcept : ok_(other.ok_) {
    if (ok_) {
      new (&value_) T(std::move(other.value_));
    } else {
      code_ = other.code_;
    }
  }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  Result& operator=(Result&&) = delete;
  constexpr ~Result() {
    if (ok_) value_.~T();
  }

  [[nodiscard]] constexpr bool ok() const { return ok_; }
  [[nodiscard]] constexpr ErrorCode code() const { return ok_ ? kSuccess : code_; }
  [[nodiscard]] constexpr Error error() const { return Error(code()); }

  // Only when ok().
  constexpr T& value() & { return value_; }
  constexpr const T& value() const& { return value_; }
  constexpr T&& value() && { return std::move(value_); }
  constexpr T& operator*() & { return value_; }
  constexpr T* operator->() { return &value_; }

  // Moves the value out; only when ok().
  constexpr T take() { return std::move(value_); }

 private:
  bool ok_;
  union {
    T value_;
    ErrorCode code_;
  };
};

template <>
class [[nodiscard]] Result<void> : public Status {
 public:
  using Status::Status;
  constexpr Result(Status s) : Status(s) {}  // NOLINT: implicit
};

namespace internal {
template <typename T>
constexpr T take(Result<T>& r) {
  return r.take();
}
constexpr void take(const Status&) {}
}  // namespace internal

}  // namespace base

// Evaluates to the value of `expr` (a Result or Status), or returns its error from this function.
#define TRY(expr)                                   \
  ({                                                \
    auto&& try_result_ = (expr);                    \
    if (!try_result_.ok()) [[unlikely]]             \
      return ::base::Error(try_result_.code());     \
    ::base::internal::take(try_result_);            \
  })

// As TRY, for functions that return a plain kern_return_t.
#define TRY_CODE(expr)                              \
  ({                                                \
    auto&& try_result_ = (expr);                    \
    if (!try_result_.ok()) [[unlikely]]             \
      return try_result_.code();                    \
    ::base::internal::take(try_result_);            \
  })
