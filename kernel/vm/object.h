// Object: the pages that back a range of some address spaces.
//
// Anonymous objects form chains for copy-on-write:
//   - All objects of a chain use the same offsets: `shadow` is asked for what this object lacks at
//     the same offset. Each object has a window [start, end) of offsets that anybody can see.
//   - A symmetric copy (private memory) only adds a reference and marks both map entries
//     needs_copy; the first write through either creates a shadow object for that entry.
//   - An asymmetric copy (shared or externally managed memory, whose users keep writing to the
//     object itself) creates the object `copy`, a shadow of this one; before a page here is
//     modified its old contents are pushed into `copy`.
//   - An anonymous object whose only reference comes from one shadow is merged with it at once
//     (collapse.h), at a cost of the smaller of the two, so forks in a loop build no chain.
//
// Everything here, the release of references included, happens under graph_lock: declare a
// GraphLock before the Ref<Object> that may be the last.
#pragma once

#include <cstdint>

#include "kernel/kern/live_count.h"
#include "kernel/kern/wait.h"
#include "kernel/vm/lock.h"
#include "kernel/vm/page.h"
#include "kernel/vm/page_table.h"
#include "kernel/vm/types.h"
#include "libs/base/list.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace vm {

class Object;
class Pager;

class Object : public kern::LiveCounted<Object> {
 public:
  // Zero-filled memory for the offsets [start, end). KERN_RESOURCE_SHORTAGE.
  static base::Result<base::Ref<Object>> create(Offset start, Offset end);
  // What a memory manager provides; the pager must not have an object yet. KERN_RESOURCE_SHORTAGE.
  static base::Result<base::Ref<Object>> create_external(base::Ref<Pager> pager);
  // What a memory manager provides as a copy of `original` (memory_object_copy): what it leaves out
  // shows through. KERN_RESOURCE_SHORTAGE.
  static base::Result<base::Ref<Object>> create_called_copy(base::Ref<Pager> pager,
                                                            base::Ref<Object> original);
  // Memory at fixed physical addresses (device registers, frame buffers): offset 0 is `base`.
  // Copies of it share it.
  static base::Result<base::Ref<Object>> create_physical(arch::PhysAddr base, Size size,
                                                         bool uncached);

  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  void retain() { ++ref_count_; }
  // May merge, cache or destroy objects.
  void release();
  [[nodiscard]] uint32_t ref_count() const { return ref_count_; }

  // The resident page at a page-aligned offset, or null.
  [[nodiscard]] Page* lookup(Offset offset) const {
    return pages_->count == 0 ? nullptr : PageTable::find(pages_, offset);
  }
  // Adds a page that belongs to no object; there must be none at the offset. The page becomes
  // active when it is not busy or wired.
  void insert(Page& page, Offset offset);
  // Takes a page out of its object and off the queues; mappings are the caller's business.
  static void remove(Page& page);
  // Removes all mappings of the page, takes it out and frees it.
  static void discard(Page& page);
  // Moves a page, with its state, from its object to this one.
  void adopt(Page& page);
  // Gives the object `to`, which belongs to no object, in place of a page that nobody has wired or waits for, and frees
  // that. All mappings of it are removed.
  static void move_page(Page& from, Page& to);
  // Frees what is stored at [start, end): nobody can see it any more.
  void discard_range(Offset start, Offset end);

  [[nodiscard]] uint32_t resident_count() const { return pages_->count; }
  [[nodiscard]] PageSet& pages() { return *pages_; }

  [[nodiscard]] Object* shadow() const { return shadow_; }
  [[nodiscard]] Object* copy() const { return copy_; }
  [[nodiscard]] Pager* pager() const { return pager_.get(); }
  // Whether the memory manager, if any, must be asked for the page at an offset.
  [[nodiscard]] bool manager_has(Offset offset) const;
  // Whether a program outside manages it, and not the default memory manager for the kernel.
  [[nodiscard]] bool has_manager() const;
  [[nodiscard]] Offset start() const { return start_; }
  [[nodiscard]] Offset end() const { return end_; }
  // For an object under construction: its pages lie in [start, end).
  void set_window(Offset start, Offset end) {
    start_ = start;
    end_ = end;
  }
  [[nodiscard]] bool contains(Offset o) const { return o >= start_ && o < end_; }

  // Kernel-made memory without a manager but the default pager.
  [[nodiscard]] bool internal() const { return internal_; }
  // Its manager is no more: what the kernel does not have can never be had.
  [[nodiscard]] bool orphaned() const { return !internal_ && !has_manager(); }
  // Several maps write to it directly: copies must be asymmetric.
  [[nodiscard]] bool shared() const { return shared_; }
  void set_shared() { shared_ = true; }
  [[nodiscard]] bool is_physical() const { return physical_; }
  [[nodiscard]] arch::PhysAddr physical_base() const { return physical_base_; }
  [[nodiscard]] bool uncached() const { return uncached_; }
  // What mappings of it may allow at most.
  [[nodiscard]] vm_prot_t allowed_protection() const { return allowed_protection_; }
  void restrict_protection(vm_prot_t allowed) { allowed_protection_ &= allowed; }
  // Some page may have been mapped for writing.
  void note_writable() { ever_writable_ = true; }
  // An entry writes to this object directly, although it may be somebody's copy.
  void note_direct_use() { direct_use_ = true; }
  // Takes write access from all mappings.
  void write_protect_pages();

  // Extends the window of a private anonymous object so that vm_allocate can grow a region.
  [[nodiscard]] bool try_extend(Offset new_end);

  // A new object over `below` for [start, end). KERN_RESOURCE_SHORTAGE.
  static base::Result<base::Ref<Object>> make_shadow(base::Ref<Object> below, Offset start,
                                                     Offset end);
  // Asymmetric copy of [start, end): the object that from now on shows the present contents.
  // Its users must treat it as needs_copy. KERN_RESOURCE_SHORTAGE.
  base::Result<base::Ref<Object>> make_copy(Offset start, Offset end);

  // Counts operations in progress on busy pages: the object is not merged meanwhile.
  void begin_paging() { ++paging_; }
  void end_paging();
  [[nodiscard]] bool paging() const { return paging_ != 0; }

  // Waiting for a change of some page's state; release graph_lock before wait().
  kern::WaitQueue& event() { return event_; }
  void wake() { event_.wake_all(); }

  void set_pager(base::Ref<Pager> pager);
  base::Ref<Pager> take_pager();
  // Ends a cached object, which nobody refers to.
  void destroy_unreferenced() { destroy_chain(this); }

 private:
  friend class Collapse;
  Object() = default;
  ~Object();
  static Object* allocate(Offset start, Offset end);
  void link_shadow(Object* shadow);
  void unlink_shadow();
  [[nodiscard]] bool copy_is_reusable(Offset start, Offset end) const;
  static void destroy_chain(Object* object);
  void free_all_pages();
  // The last reference went. True: the object was kept (cached).
  bool retire();

  uint32_t ref_count_ = 1;
  PageSet* pages_ = nullptr;
  Offset start_ = 0;
  Offset end_ = 0;
  Object* shadow_ = nullptr;  // holds a reference
  Object* copy_ = nullptr;    // newest asymmetric copy; no reference (it references us)
  base::ListLink shadow_link_;
  base::List<Object, &Object::shadow_link_> shadowers_;
  base::Ref<Pager> pager_;
  kern::WaitQueue event_;
  uint32_t paging_ = 0;
  arch::PhysAddr physical_base_;
  uint8_t allowed_protection_ = VM_PROT_ALL;
  bool internal_ : 1 = true;
  bool shared_ : 1 = false;
  bool physical_ : 1 = false;
  bool uncached_ : 1 = false;
  bool ever_writable_ : 1 = false;
  bool direct_use_ : 1 = false;
};

}  // namespace vm
