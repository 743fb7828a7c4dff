// Map: the address space of a task (book chapter 4).
#pragma once

#include <mach/vm_attributes.h>

#include <cstdint>

#include "kernel/arch/pmap.h"
#include "kernel/kern/wait.h"
#include "kernel/vm/entry_tree.h"
#include "kernel/vm/lock.h"
#include "kernel/vm/map_copy.h"
#include "kernel/vm/object.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"

namespace vm {

class Map;

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

class Map : public base::RefCounted<Map> {
 public:
  // An empty address space. KERN_RESOURCE_SHORTAGE.
  static base::Result<base::Ref<Map>> create();
  // A new map with what this one's inheritance attributes say. KERN_RESOURCE_SHORTAGE.
  base::Result<base::Ref<Map>> fork();
  ~Map();

  // vm_allocate. KERN_INVALID_ADDRESS, KERN_NO_SPACE, KERN_RESOURCE_SHORTAGE.
  base::Result<Address> allocate(Address address, Size size, Placement placement);
  // vm_deallocate. Gaps in the range are accepted. KERN_INVALID_ADDRESS: not user memory.
  base::Status deallocate(Address address, Size size);
  // vm_protect. KERN_PROTECTION_FAILURE, KERN_INVALID_ADDRESS.
  base::Status protect(Address address, Size size, ProtectionKind kind, vm_prot_t protection);
  // vm_inherit. KERN_INVALID_ADDRESS, KERN_INVALID_ARGUMENT.
  base::Status inherit(Address address, Size size, vm_inherit_t inheritance);
  // vm_region. KERN_NO_SPACE: nothing at or above the address.
  base::Result<RegionInfo> region(Address address);
  // vm_machine_attribute. KERN_INVALID_ARGUMENT, KERN_INVALID_ADDRESS.
  base::Status machine_attribute(Address address, Size size, vm_machine_attribute_t attribute,
                                 vm_machine_attribute_val_t& value);
  // vm_map, once the memory object is found. KERN_NO_SPACE, KERN_INVALID_ARGUMENT.
  base::Result<Address> map(MapRequest request);
  // vm_wire: wires for the given access, or unwires with VM_PROT_NONE. May block.
  base::Status wire(Address address, Size size, vm_prot_t access);

  // Copies memory out of this map. `address` need not be aligned; the source must be readable:
  // KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE. kDestroy deallocates all overlapped pages.
  // A size of zero gives an empty copy.
  base::Result<MapCopyPtr> copyin(Address address, Size size, SourceAction action);
  // Puts a copy into fresh address space; the address of the data. The copy is gone in any case.
  base::Result<Address> copyout(MapCopyPtr copy);
  // vm_write: replaces existing, writable memory at a page-aligned address by a copy of whole pages.
  base::Status overwrite(Address address, MapCopyPtr copy);
  // vm_copy: page-aligned ranges of this map, which may overlap.
  base::Status copy_within(Address source, Size size, Address destination);

  // Removes everything: the task ends.
  void terminate();

  // Bytes mapped (task_info).
  [[nodiscard]] Size virtual_size() const { return size_; }
  [[nodiscard]] arch::Pmap& pmap() const { return *pmap_; }

  // For faults and copies.
  [[nodiscard]] Entry* find_entry_locked(Address a) REQUIRES(graph_lock) { return tree_.find(a); }

 private:
  friend class CopyAccess;
  friend class Wirer;
  friend class Overwriter;
  friend Map& kernel_map();
  explicit Map(base::Ref<arch::Pmap> pmap) : pmap_(std::move(pmap)) {}

  base::Status clip_locked(Address at) REQUIRES(graph_lock);
  base::Status clip_range_locked(PageRange range) REQUIRES(graph_lock);
  [[nodiscard]] bool covered_locked(PageRange range) REQUIRES(graph_lock);
  base::Status remove_locked(PageRange range) REQUIRES(graph_lock);
  void remove_entry_locked(Entry* e) REQUIRES(graph_lock);
  base::Result<Address> place_locked(const MapRequest& r, PageRange& range) REQUIRES(graph_lock);
  bool extend_locked(const MapRequest& r, PageRange range) REQUIRES(graph_lock);
  base::Result<Address> map_locked(MapRequest& r) REQUIRES(graph_lock);
  base::Status fork_entry_locked(Map& child, Entry* e) REQUIRES(graph_lock);
  base::Status copy_entries_locked(PageRange range, EntryList& to) REQUIRES(graph_lock);
  base::Result<Entry*> copy_entry_locked(Entry* e) REQUIRES(graph_lock);

  base::Ref<arch::Pmap> pmap_;
  EntryTree tree_ GUARDED_BY(graph_lock);
  Size size_ = 0;
  kern::WaitQueue transition_;
};

// The map of the kernel task: no user addresses, the kernel's pmap.
Map& kernel_map();

}  // namespace vm
