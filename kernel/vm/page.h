// Page: what the kernel knows about one physical page.
#pragma once

#include <cstdint>

#include "kernel/arch/phys.h"
#include "kernel/vm/types.h"
#include "libs/base/list.h"

namespace vm {

struct PageSet;
class Object;

enum class PageState : uint8_t {
  kAbsent,    // no RAM here, or never given to the allocator (kernel image, firmware)
  kFree,      // heads a free block of 1 << order pages
  kFreeTail,  // inside a free block
  kCached,    // on the short list of single free pages
  kKernel,    // heap, page tables, stacks
  kUser,      // in a memory object, or about to be
};

enum class PageQueue : uint8_t { kNone, kActive, kInactive, kReturned, kLaundry };

// Guarded by graph_lock once it is in an object, by the allocator's lock while it is free.
struct Page {
  base::ListLink queue_link;   // free block list, or active or inactive queue
  base::ListLink object_link;  // PageSet::pages
  union {
    Page* hash_next = nullptr;  // bucket chain of the page table of (set, offset)
    void* heap_free;            // kKernel slab page: its first free chunk
  };
  union {
    PageSet* set = nullptr;  // the set of the object it belongs to
    uint32_t heap_used;      // kKernel slab page: chunks in use
  };
  Offset offset = 0;  // in the object, page aligned; kKernel block: number of pages
  arch::PhysAddr phys;
  uint16_t wire_count = 0;
  PageState state = PageState::kAbsent;
  uint8_t order = 0;  // kFree: log2 of the block's pages; kKernel slab: size class + 1
  PageQueue queue = PageQueue::kNone;
  bool busy : 1 = false;      // somebody fills it; wait for the object's event
  bool absent : 1 = false;    // placeholder: data asked of the memory manager
  bool error : 1 = false;     // the memory manager could not provide the data
  bool dirty : 1 = false;     // modified, beyond what the pmap's modify bits say
  bool precious : 1 = false;  // to be returned to its manager even when clean
  uint8_t lock = 0;           // VM_PROT_ bits the memory manager forbids
  uint8_t unlock_asked = 0;   // VM_PROT_ bits asked for with memory_object_data_unlock

  [[nodiscard]] Object* object() const;
  // Neither waited for nor restricted by its manager, and known to be in use.
  [[nodiscard]] bool is_plain() const {
    return !busy && !absent && !error && lock == 0 && queue == PageQueue::kActive;
  }
};

// All pages, by page number, up to arch::phys_page_limit().
extern Page* page_array;

// The page of a physical address below arch::phys_page_limit(), also when it is not RAM.
inline Page* page_of(arch::PhysAddr address) { return &page_array[address.page_number()]; }

}  // namespace vm
