// brk, mmap, munmap, mprotect, mremap, madvise and relatives.
#include <cerrno>

#include <mach.h>

#include "emulation/entry/calls.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/mach/scoped_right.h"
#include "emulation/memory/address_space.h"
#include "emulation/memory/user_memory.h"
#include "emulation/process/process_state.h"
#include "libs/mach/io_user.h"

namespace emulation {
namespace {

constexpr uint32_t PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4;
constexpr uint32_t MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_TYPE = 0xf, MAP_FIXED = 0x10,
                   MAP_ANONYMOUS = 0x20, MAP_FIXED_NOREPLACE = 0x100000;

static_assert(PROT_READ == VM_PROT_READ && PROT_WRITE == VM_PROT_WRITE &&
              PROT_EXEC == VM_PROT_EXECUTE);

vm_prot_t protection_of(uint32_t prot) {
  vm_prot_t protection = static_cast<vm_prot_t>(prot & 7);
  // i386 pages that can be written or executed can be read.
  if (protection != VM_PROT_NONE) protection |= VM_PROT_READ;
  return protection;
}

bool range_is_free(uint32_t address, uint32_t size) {
  vm_address_t at = address;
  vm_size_t region_size;
  vm_prot_t protection, maximum;
  vm_inherit_t inheritance;
  boolean_t shared;
  mach_port_t name = MACH_PORT_NULL;
  vm_offset_t offset;
  const kern_return_t kr = vm_region(mach_task_self(), &at, &region_size, &protection, &maximum,
                                     &inheritance, &shared, &name, &offset);
  if (name != MACH_PORT_NULL) mach_port_deallocate(mach_task_self(), name);
  return kr != KERN_SUCCESS || at >= address + size;
}

// Where an mmap goes: the address, or -errno (as a small negative number) in `error`.
uint32_t place(uint32_t hint, uint32_t size, uint32_t flags, int32_t* error) {
  *error = 0;
  if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0) {
    if (hint % kPageSize != 0 || !program_may_map(hint, size)) {
      *error = hint % kPageSize != 0 ? -EINVAL : -ENOMEM;
    } else if ((flags & MAP_FIXED_NOREPLACE) != 0 && !range_is_free(hint, size)) {
      *error = -EEXIST;
    }
    return hint;
  }
  hint = page_floor(hint);
  if (hint != 0 && program_may_map(hint, size) && range_is_free(hint, size)) return hint;
  const uint32_t address = find_free_range(size);
  if (address == 0) *error = -ENOMEM;
  return address;
}

struct Mapping {
  uint32_t hint, size, prot, flags;
  int fd;
  uint64_t offset;
};

int32_t file_object(const Mapping& m, Sharing sharing, mach_port_t* object) {
  OpenFile* file = descriptors.get_io(m.fd);
  if (file == nullptr) return -EBADF;
  if (!file->readable()) return -EACCES;
  const bool writes = sharing == Sharing::kShared && (m.prot & PROT_WRITE) != 0;
  if (writes && !file->writable()) return -EACCES;
  if (file->kind == IO_KIND_ZERO) return 0;  // memory without an object
  if (file->kind != IO_KIND_FILE) return -ENODEV;
  const int wanted = VM_PROT_READ | (writes ? VM_PROT_WRITE : 0);
  return error_from(io_map(file->port, wanted, object));
}

int32_t map_memory(const Mapping& m) {
  const uint32_t type = m.flags & MAP_TYPE;
  if (m.size == 0 || (type != MAP_SHARED && type != MAP_PRIVATE)) return -EINVAL;
  if (m.size > kMmapTop || m.offset > 0xffffffffu - m.size) return m.size > kMmapTop ? -ENOMEM : -EOVERFLOW;
  const uint32_t size = page_ceiling(m.size);
  const Sharing sharing = type == MAP_SHARED ? Sharing::kShared : Sharing::kPrivate;
  mach_port_t object = MACH_PORT_NULL;
  if ((m.flags & MAP_ANONYMOUS) == 0) {
    const int32_t error = file_object(m, sharing, &object);
    if (error != 0) return error;
  }
  const ScopedRight right(object);
  int32_t error = 0;
  const uint32_t address = place(m.hint, size, m.flags, &error);
  if (error != 0) return error;
  error = map_at(address, size, object, static_cast<uint32_t>(m.offset), sharing,
                 protection_of(m.prot));
  return error != 0 ? error : static_cast<int32_t>(address);
}

int32_t set_break(uint32_t wanted) {
  ProcessState& p = process_state;
  if (wanted < p.brk_start) return static_cast<int32_t>(p.brk_end);
  const uint32_t old_top = page_ceiling(p.brk_end);
  const uint32_t new_top = page_ceiling(wanted);
  if (new_top < wanted || new_top > kMmapTop) return static_cast<int32_t>(p.brk_end);
  if (new_top > old_top) {
    vm_address_t at = old_top;
    if (vm_allocate(mach_task_self(), &at, new_top - old_top, FALSE) != KERN_SUCCESS) {
      return static_cast<int32_t>(p.brk_end);
    }
  } else if (new_top < old_top) {
    vm_deallocate(mach_task_self(), new_top, old_top - new_top);
  }
  p.brk_end = wanted;
  return static_cast<int32_t>(wanted);
}

int32_t page_range(uint32_t address, uint32_t* size) {
  if (address % kPageSize != 0) return -EINVAL;
  const uint32_t rounded = page_ceiling(*size);
  if (rounded < *size || !program_range(address, rounded)) return -EINVAL;
  *size = rounded;
  return 0;
}

}  // namespace

namespace calls {

int32_t brk(Registers& r) { return set_break(r.ebx); }

int32_t mmap2(Registers& r) {
  return map_memory({r.ebx, r.ecx, r.edx, r.esi, static_cast<int>(r.edi),
                     static_cast<uint64_t>(r.ebp) * kPageSize});
}

// The old call: a pointer to six words.
int32_t mmap(Registers& r) {
  uint32_t a[6];
  if (!copy_in(a, r.ebx)) return -EFAULT;
  if (a[5] % kPageSize != 0) return -EINVAL;
  return map_memory({a[0], a[1], a[2], a[3], static_cast<int>(a[4]), a[5]});
}

int32_t munmap(Registers& r) {
  uint32_t size = r.ecx;
  const int32_t error = size == 0 ? -EINVAL : page_range(r.ebx, &size);
  return error != 0 ? error : error_from(vm_deallocate(mach_task_self(), r.ebx, size));
}

int32_t mprotect(Registers& r) {
  uint32_t size = r.ecx;
  const int32_t error = page_range(r.ebx, &size);
  if (error != 0 || size == 0) return error;
  const kern_return_t kr = vm_protect(mach_task_self(), r.ebx, size, FALSE, protection_of(r.edx));
  if (kr == KERN_INVALID_ADDRESS) return -ENOMEM;
  return error_from(kr);
}

// mremap(address, old_size, new_size, flags, new_address): memory moves as a virtual copy.
int32_t mremap(Registers& r) {
  constexpr uint32_t kMayMove = 1, kFixed = 2;
  uint32_t old_size = r.ecx;
  uint32_t new_size = page_ceiling(r.edx);
  int32_t error = page_range(r.ebx, &old_size);
  if (error != 0 || r.edx == 0 || new_size < r.edx || old_size == 0) return -EINVAL;
  if ((r.esi & kFixed) == 0 && new_size <= old_size) {
    if (new_size < old_size) vm_deallocate(mach_task_self(), r.ebx + new_size, old_size - new_size);
    return static_cast<int32_t>(r.ebx);
  }
  const uint32_t growth = new_size - old_size;
  if ((r.esi & kFixed) == 0 && program_may_map(r.ebx, new_size) &&
      range_is_free(r.ebx + old_size, growth)) {
    vm_address_t at = r.ebx + old_size;
    if (vm_allocate(mach_task_self(), &at, growth, FALSE) == KERN_SUCCESS) {
      return static_cast<int32_t>(r.ebx);
    }
  }
  if ((r.esi & kMayMove) == 0) return -ENOMEM;
  const uint32_t flags = (r.esi & kFixed) != 0 ? MAP_FIXED : 0;
  const uint32_t target = place(flags != 0 ? r.edi : 0, new_size, flags, &error);
  if (error != 0) return error;
  error = map_at(target, new_size, MACH_PORT_NULL, 0, Sharing::kPrivate,
                 VM_PROT_READ | VM_PROT_WRITE);
  if (error != 0) return error;
  const uint32_t kept = old_size < new_size ? old_size : new_size;
  error = error_from(vm_copy(mach_task_self(), r.ebx, kept, target));
  if (error != 0) {
    vm_deallocate(mach_task_self(), target, new_size);
    return error;
  }
  vm_deallocate(mach_task_self(), r.ebx, old_size);
  return static_cast<int32_t>(target);
}

// Advice changes nothing a program can see, but MADV_DONTNEED: private memory reads as zeros
// afterwards.
int32_t madvise(Registers& r) {
  constexpr uint32_t kDontNeed = 4;
  uint32_t size = r.ecx;
  const int32_t error = page_range(r.ebx, &size);
  if (error != 0 || size == 0 || r.edx != kDontNeed) return error;
  return map_at(r.ebx, size, MACH_PORT_NULL, 0, Sharing::kPrivate,
                VM_PROT_READ | VM_PROT_WRITE);
}

// Mapped files are written back by the page-out path; io_sync by descriptor makes them durable.
int32_t msync(Registers& r) {
  uint32_t size = r.ecx;
  return page_range(r.ebx, &size);
}

}  // namespace calls
}  // namespace emulation
