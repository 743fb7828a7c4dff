// Ref<T>: a counted reference to an object that derives from RefCounted<T>.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace base {

template <typename T>
class Ref;

// Gives T an intrusive reference count. A new object starts with one reference, which adopt_ref()
// takes over. The last release calls T::on_last_release() if T has one, else deletes the object.
// The count is not atomic: the kernel runs one processor and never with interrupts enabled.
template <typename T>
class RefCounted {
 public:
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;

  void retain() const { ++ref_count_; }

  void release() const {
    if (--ref_count_ == 0) [[unlikely]] last_release();
  }

  [[nodiscard]] uint32_t ref_count() const { return ref_count_; }

 protected:
  RefCounted() = default;
  ~RefCounted() = default;

 private:
  [[gnu::noinline]] void last_release() const {
    T* self = const_cast<T*>(static_cast<const T*>(this));
    if constexpr (requires { self->on_last_release(); }) {
      self->on_last_release();
    } else {
      delete self;
    }
  }

  mutable uint32_t ref_count_ = 1;
};

template <typename T>
class [[nodiscard]] Ref {
 public:
  constexpr Ref() = default;
  constexpr Ref(std::nullptr_t) {}  // NOLINT: implicit
  // Shares `p`: adds a reference.
  explicit Ref(T* p) : p_(p) {
    if (p_) p_->retain();
  }
  Ref(const Ref& o) : Ref(o.p_) {}
  Ref(Ref&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  template <typename U>
    requires(!std::is_same_v<U, T> && std::is_convertible_v<U*, T*>)
  Ref(Ref<U> o) : p_(o.leak()) {}  // NOLINT: implicit
  ~Ref() {
    if (p_) p_->release();
  }
  Ref& operator=(Ref o) noexcept {
    std::swap(p_, o.p_);
    return *this;
  }

  // Takes over a reference that the caller already owns.
  static Ref adopt(T* p) {
    Ref r;
    r.p_ = p;
    return r;
  }
  // Gives the reference away as a plain pointer; the caller must release() it.
  [[nodiscard]] T* leak() { return std::exchange(p_, nullptr); }

  [[nodiscard]] T* get() const { return p_; }
  T& operator*() const { return *p_; }
  T* operator->() const { return p_; }
  explicit operator bool() const { return p_ != nullptr; }
  friend bool operator==(const Ref& a, const Ref& b) { return a.p_ == b.p_; }
  friend bool operator==(const Ref& a, const T* b) { return a.p_ == b; }

 private:
  T* p_ = nullptr;
};

// Wraps a just-created object (reference count one), or null.
template <typename T>
Ref<T> adopt_ref(T* p) {
  return Ref<T>::adopt(p);
}

}  // namespace base
