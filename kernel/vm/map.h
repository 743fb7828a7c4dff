// Map: the address space of a task (book chapter 4).
#pragma once

#include <mach/vm_attributes.h>

#include <cstdint>

#include "kernel/arch/pmap.h"
#include "kernel/kern/live_count.h"
#include "kernel/kern/wait.h"
#include "kernel/vm/entry_tree.h"
#include "kernel/vm/lock.h"
#include "kernel/vm/map_copy.h"
#include "kernel/vm/object.h"
#include "kernel/vm/pager.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace vm {

class Map;
class SlowCopies;

// Where a new region goes.
enum class Placement : uint8_t { kFixed, kAnywhere };

// Which protection vm_protect sets.
enum class ProtectionKind : uint8_t { kCurrent, kMaximum };

// What to map where (vm_map).
struct MapRequest {
  Address address = 0;
  Size size = 0;
  Address mask = 0;
  Placement placement = Placement::kAnywhere;
  base::Ref<Object> object;  // null: zero-filled memory
  Offset offset = 0;         // page aligned
  bool needs_copy = false;   // the object is somebody else's contents: copy on write
  vm_prot_t protection = VM_PROT_DEFAULT;
  vm_prot_t max_protection = VM_PROT_ALL;
  vm_inherit_t inheritance = VM_INHERIT_COPY;
};

// What vm_region reports.
struct RegionInfo {
  Address address = 0;
  Size size = 0;
  vm_prot_t protection = 0;
  vm_prot_t max_protection = 0;
  vm_inherit_t inheritance = 0;
  bool shared = false;
  base::Ref<Pager> pager;  // of the object, for its name port; may be null
  Offset offset = 0;
};

class Map : public base::RefCounted<Map>, public kern::LiveCounted<Map> {
 public:
  // An empty address space. KERN_RESOURCE_SHORTAGE.
  static base::Result<base::Ref<Map>> create();
  // A new map with what this one's inheritance attributes say. May block (memory managers without
  // copy-on-write). KERN_RESOURCE_SHORTAGE, KERN_ABORTED, the errors of a fault.
  base::Result<base::Ref<Map>> fork();
  ~Map();

  // vm_allocate. KERN_INVALID_ADDRESS, KERN_NO_SPACE, KERN_RESOURCE_SHORTAGE.
  base::Result<Address> allocate(Address address, Size size, Placement placement);
  // vm_deallocate. KERN_INVALID_ADDRESS: not user memory, or nothing allocated in the range.
  base::Status deallocate(Address address, Size size);
  // vm_protect. KERN_PROTECTION_FAILURE, KERN_INVALID_ADDRESS.
  base::Status protect(Address address, Size size, ProtectionKind kind, vm_prot_t protection);
  // vm_inherit. KERN_INVALID_ADDRESS, KERN_INVALID_ARGUMENT.
  base::Status inherit(Address address, Size size, vm_inherit_t inheritance);
  // Whether `size` bytes (at most kUserEnd) could be placed somewhere.
  bool has_room(Size size);
  // vm_region. KERN_NO_SPACE: nothing at or above the address.
  base::Result<RegionInfo> region(Address address);
  // vm_machine_attribute. KERN_INVALID_ARGUMENT.
  base::Status machine_attribute(Address address, Size size, vm_machine_attribute_t attribute,
                                 vm_machine_attribute_val_t& value);
  // vm_map, once the memory object is found. Copies of an object (vm_map's copy) are made with
  // copy_of_object() first. KERN_NO_SPACE, KERN_INVALID_ARGUMENT, KERN_INVALID_ADDRESS,
  // KERN_PROTECTION_FAILURE (an object of the kernel's own that may not be mapped so).
  base::Result<Address> map(MapRequest request);
  // vm_wire: wires for the given access, or unwires with VM_PROT_NONE. May block.
  base::Status wire(Address address, Size size, vm_prot_t access);

  // Copies memory out of this map. `address` need not be aligned; the source must be readable:
  // KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE. kDestroy deallocates all overlapped pages.
  // A size of zero gives an empty copy. May block.
  base::Result<MapCopyPtr> copyin(Address address, Size size, SourceAction action);
  // Puts a copy into fresh address space; the address of the data. The copy is gone in any case.
  base::Result<Address> copyout(MapCopyPtr copy);
  // vm_write: replaces existing, writable memory by a copy. KERN_INVALID_ARGUMENT: the address or
  // the size is not page aligned.
  base::Status overwrite(Address address, MapCopyPtr copy);
  // vm_copy: page-aligned ranges of this map, which may overlap.
  base::Status copy_within(Address source, Size size, Address destination);

  // Removes everything: the task ends.
  void terminate();

  // Bytes mapped (task_info).
  [[nodiscard]] Size virtual_size() const { return size_; }
  [[nodiscard]] uint32_t entry_count() const { return tree_.count(); }
  [[nodiscard]] arch::Pmap& pmap() const { return *pmap_; }

  // For faults.
  [[nodiscard]] Entry* find_entry_locked(Address a) REQUIRES(graph_lock) { return tree_.find(a); }
  // Gives an entry an object, and for writing one of its own. KERN_RESOURCE_SHORTAGE.
  base::Status prepare_entry_locked(Entry& e, bool write) REQUIRES(graph_lock);

  // For page_move.h: the entry that shows all of the range, and nobody else any of it; null: there is none.
  Entry* movable_entry_locked(PageRange range) REQUIRES(graph_lock);
  // Removes a range at the beginning or the end of an entry, whose pages have gone with their mappings.
  void cut_locked(Entry& e, PageRange range) REQUIRES(graph_lock);

 private:
  // Gives a needs_copy entry an object that it may write to. KERN_RESOURCE_SHORTAGE.
  base::Status make_private_locked(Entry& e) REQUIRES(graph_lock);

  friend class Wirer;
  friend Map& kernel_map();
  explicit Map(base::Ref<arch::Pmap> pmap) : pmap_(std::move(pmap)) {}

  // map.cc
  // A free range and the first entry above it.
  struct Place {
    PageRange range;
    Entry* after = nullptr;
  };
  base::Result<Place> place_locked(const MapRequest& r) REQUIRES(graph_lock);
  bool extend_locked(const MapRequest& r, const Place& place) REQUIRES(graph_lock);
  base::Result<Address> map_locked(MapRequest& r) REQUIRES(graph_lock);
  base::Result<Address> map_checked_locked(MapRequest& r) REQUIRES(graph_lock);
  // map_ranges.cc
  base::Status clip_locked(Address at) REQUIRES(graph_lock);
  base::Status clip_range_locked(PageRange range) REQUIRES(graph_lock);
  void join_range_locked(PageRange range) REQUIRES(graph_lock);
  [[nodiscard]] Entry* first_in_locked(PageRange range) REQUIRES(graph_lock);
  [[nodiscard]] Entry* exact_entry_locked(PageRange range) REQUIRES(graph_lock);
  [[nodiscard]] Entry* next_in_locked(Entry* e, PageRange range) REQUIRES(graph_lock);
  // KERN_INVALID_ADDRESS for a hole, KERN_PROTECTION_FAILURE where `protection` is not allowed.
  base::Status check_access_locked(PageRange range, vm_prot_t protection) REQUIRES(graph_lock);
  base::Status remove_locked(PageRange range) REQUIRES(graph_lock);
  void unwire_pages_locked(Entry& e, PageRange range) REQUIRES(graph_lock);
  void drop_entry_locked(Entry* e) REQUIRES(graph_lock);
  static bool is_private(const Entry& e);
  void wait_for_transitions(PageRange range);
  // map_copies.cc
  base::Result<Entry*> copy_entry_locked(Entry& e, SlowCopies& slow) REQUIRES(graph_lock);
  base::Result<Entry*> copy_wired_locked(Entry& e) REQUIRES(graph_lock);
  base::Status prepare_copies(PageRange range, SlowCopies& slow, bool for_fork);
  base::Result<MapCopyPtr> copyin_entries(Address address, Size size, SourceAction action);
  MapCopyPtr copyin_exact(PageRange range, Size size, Size page_offset);
  base::Result<MapCopyPtr> copyin_range(PageRange range, Size size, Size page_offset,
                                        SourceAction action);
  base::Status collect_locked(PageRange range, SourceAction action, SlowCopies& slow, MapCopy& to)
      REQUIRES(graph_lock);
  static bool is_movable(const Entry& e);
  base::Status copy_range_locked(PageRange range, SourceAction action, SlowCopies& slow,
                                 EntryList& to) REQUIRES(graph_lock);
  void move_range_locked(PageRange range, EntryList& copies, EntryList& to) REQUIRES(graph_lock);
  base::Status fork_locked(Map& child, SlowCopies& slow) REQUIRES(graph_lock);
  base::Result<Entry*> share_entry_locked(Entry& e) REQUIRES(graph_lock);
  // map_overwrite.cc
  base::Status replace_locked(Entry& target, MapCopy& copy) REQUIRES(graph_lock);
  base::Status overwrite_page(Address to, MapCopy& copy);

  base::Ref<arch::Pmap> pmap_;
  EntryTree tree_;
  Size size_ = 0;
  kern::WaitQueue transition_;
};

// The map of the kernel task: no user addresses, the kernel's pmap.
Map& kernel_map();

// A copy of [offset, offset + size) of an object for vm_map with `copy`: copy-on-write as far as
// its manager allows, else read now (may block). The result is to be mapped with needs_copy.
base::Result<base::Ref<Object>> copy_of_object(base::Ref<Object> object, Offset offset, Size size);

}  // namespace vm
