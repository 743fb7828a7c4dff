// The kernel's operator new is the heap. Only the nothrow forms exist: memory may be short.
#include <new>

#include "kernel/vm/heap.h"

void* operator new(size_t size, const std::nothrow_t&) noexcept { return vm::heap_allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return vm::heap_allocate(size);
}
void operator delete(void* p) noexcept { vm::heap_free(p); }
void operator delete[](void* p) noexcept { vm::heap_free(p); }
void operator delete(void* p, size_t size) noexcept { vm::heap_free(p, size); }
void operator delete[](void* p, size_t) noexcept { vm::heap_free(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { vm::heap_free(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { vm::heap_free(p); }
