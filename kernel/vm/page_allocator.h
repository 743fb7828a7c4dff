// The physical page allocator: two zones (low pages the kernel can always address, high pages for
// users only), each with power-of-two blocks and a short list of single pages in front of them.
#pragma once

#include <cstdint>

#include "kernel/arch/phys.h"
#include "kernel/vm/page.h"
#include "libs/base/result.h"

namespace vm {

// How deep an allocation may dig into the last free pages.
enum class Reserve : uint8_t {
  kUser,        // leaves the reserve alone
  kManager,     // may use a quarter of it: wired threads of memory managers other than the default one
  kKernel,      // may use half of it: kernel structures
  kPrivileged,  // may use all of it: threads on the page-out path
};

// Takes the ranges of arch::free_memory(): builds the page array and the free lists. Called once,
// before the first operator new.
void initialize_page_allocator();

// What the current thread is entitled to (thread_wire).
Reserve own_reserve();
// Whether so many pages can be had.
bool has_pages(Reserve reserve, uint32_t count = 1);

// One page for a memory object; contents undefined, high memory preferred. Null when memory is
// short for this caller: own_reserve() counts.
Page* allocate_page();
Page* allocate_page(Reserve reserve);

// Gives back a page that belongs to no object and no queue.
void free_page(Page* page);

// `count` physically contiguous low pages for the kernel; contents undefined. Null when short.
void* allocate_kernel_pages(uint32_t count);
// One zeroed low page (page tables). Null when short.
void* allocate_zeroed_kernel_page();
// Gives back what allocate_kernel_pages() returned, all of it.
void free_kernel_pages(void* pages);

// Kernel memory of two pages needs neighbours among the free pages. Whether there are some.
bool has_page_pair();
// Whether there are so few that the page-out daemon should make some (page_pairs.h).
bool page_pairs_are_short();
// Takes out a free page whose neighbour, which is in use, `fits`: both would be a pair. Null: there is none.
Page* take_lonely_page(bool (*fits)(const Page& neighbour));
// Takes out a free page that no pair is broken for. Null: there is none.
Page* take_unpaired_page();
// The neighbour that a page would be a pair with.
inline Page* neighbour_of(const Page& page) {
  return page_of(arch::PhysAddr::from_page_number(page.phys.page_number() ^ 1u));
}

// Pages that are free now.
uint32_t free_page_count();
// Pages that initialize_page_allocator() was given.
uint32_t total_page_count();
// Pages kept back from users' page faults.
uint32_t reserved_page_count();

}  // namespace vm
