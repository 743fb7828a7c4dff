// What the compiler and libc++ expect of their environment.
#include <cstddef>
#include <cstdint>
#include <new>

#include "kernel/kern/assert.h"
#include "kernel/vm/heap.h"
#include "libs/base/math.h"

extern "C" {

// The kernel never exits: destructors of static objects are not run.
int atexit(void (*)()) { return 0; }

[[noreturn]] void __cxa_pure_virtual() { kern::panic("pure virtual call"); }

// libc++'s hardening checks end here.
[[noreturn]] void panic_assert(const char* message) noexcept;
void panic_assert(const char* message) noexcept { kern::panic("%s", message); }

}  // extern "C"

// Types with more alignment than the heap's: the block's own address lies in front of the object.
void* operator new(size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  const auto align = static_cast<uintptr_t>(alignment);
  void* block = vm::heap_allocate(size + align + sizeof(void*));
  if (block == nullptr) return nullptr;
  const uintptr_t at =
      base::align_up(reinterpret_cast<uintptr_t>(block) + sizeof(void*), align);
  reinterpret_cast<void**>(at)[-1] = block;
  return reinterpret_cast<void*>(at);
}
void* operator new[](size_t size, std::align_val_t alignment, const std::nothrow_t& n) noexcept {
  return operator new(size, alignment, n);
}
void operator delete(void* p, std::align_val_t) noexcept {
  if (p != nullptr) vm::heap_free(static_cast<void**>(p)[-1]);
}
void operator delete[](void* p, std::align_val_t a) noexcept { operator delete(p, a); }
void operator delete(void* p, size_t, std::align_val_t a) noexcept { operator delete(p, a); }
void operator delete[](void* p, size_t, std::align_val_t a) noexcept { operator delete(p, a); }
void operator delete(void* p, std::align_val_t a, const std::nothrow_t&) noexcept {
  operator delete(p, a);
}
void operator delete[](void* p, std::align_val_t a, const std::nothrow_t&) noexcept {
  operator delete(p, a);
}

namespace std {

const nothrow_t nothrow{};

inline namespace __k {
[[noreturn]] void __libcpp_verbose_abort(const char* format, ...) { kern::panic("%s", format); }
}  // namespace __k

}  // namespace std
