#include "kernel/vm/map.h"

#include <new>

#include "kernel/kern/assert.h"
#include "kernel/vm/pager.h"

namespace vm {
namespace {

bool valid_attributes(const MapRequest& r) {
  return (r.protection & ~VM_PROT_ALL) == 0 && (r.max_protection & ~VM_PROT_ALL) == 0 &&
         (r.protection & ~r.max_protection) == 0 && r.inheritance >= VM_INHERIT_SHARE &&
         r.inheritance <= VM_INHERIT_NONE && (r.offset & kPageMask) == 0;
}

}  // namespace

base::Result<base::Ref<Map>> Map::create() {
  auto pmap = TRY(arch::Pmap::create());
  auto map = base::adopt_ref(new (std::nothrow) Map(std::move(pmap)));
  if (!map) return base::Error(KERN_RESOURCE_SHORTAGE);
  return map;
}

Map& kernel_map() {
  static Map* const map =
      new (std::nothrow) Map(base::Ref<arch::Pmap>(&arch::Pmap::kernel()));
  KASSERT(map != nullptr);
  return *map;
}

Map::~Map() { terminate(); }

void Map::terminate() {
  const PageRange all{0, kUserEnd};
  wait_for_transitions(all);
  GraphLock lock;
  for (Entry* e = tree_.first(); e; e = tree_.first()) {
    if (e->wired_count) unwire_pages_locked(*e, {e->start, e->end});
    pmap_->remove(e->start, e->end);
    drop_entry_locked(e);
  }
}

base::Result<Address> Map::allocate(Address address, Size size, Placement placement) {
  if (size == 0) return Address{0};
  MapRequest r;
  r.placement = placement;
  if (placement == Placement::kFixed) {
    PageRange range;
    if (!PageRange::covering(address, size, range)) return base::Error(KERN_INVALID_ADDRESS);
    r.address = range.start;
    r.size = range.size();
  } else {
    if (size > kUserEnd) return base::Error(KERN_NO_SPACE);
    r.size = round_page(size);
  }
  GraphLock lock;
  return map_locked(r);
}

base::Result<Address> Map::map_checked_locked(MapRequest& r) {
  if (r.size == 0 || !valid_attributes(r)) return base::Error(KERN_INVALID_ARGUMENT);
  if (r.size > kUserEnd || r.address > kUserEnd - kPageSize) return base::Error(KERN_NO_SPACE);
  r.address = round_page(r.address);
  r.size = round_page(r.size);
  if (r.object && r.size > trunc_page(UINT32_MAX) - r.offset) {
    return base::Error(KERN_INVALID_ARGUMENT);
  }
  if (r.object) {
    const vm_prot_t allowed = r.object->allowed_protection();
    if (r.protection & ~allowed) return base::Error(KERN_PROTECTION_FAILURE);
    r.max_protection &= allowed;
  }
  return map_locked(r);
}

base::Result<Address> Map::map(MapRequest r) {
  GraphLock lock;
  base::Result<Address> result = map_checked_locked(r);
  r.object = nullptr;  // what was not taken is dropped while the lock is held
  return result;
}

// Where the request goes: KERN_NO_SPACE, or KERN_INVALID_ADDRESS for a fixed place outside.
base::Result<Map::Place> Map::place_locked(const MapRequest& r) {
  Place place;
  if (r.placement == Placement::kAnywhere) {
    Address start;
    const Address from = r.address ? r.address : kAnywhereStart;
    if (!tree_.find_space(from, kUserEnd, r.size, r.mask, start, place.after)) {
      return base::Error(KERN_NO_SPACE);
    }
    place.range = {start, start + r.size};
    return place;
  }
  PageRange& range = place.range;
  if (!PageRange::covering(r.address, r.size, range)) return base::Error(KERN_INVALID_ADDRESS);
  if ((range.start & r.mask) != 0) return base::Error(KERN_NO_SPACE);
  place.after = tree_.find_at_or_above(range.start);
  if (place.after && place.after->start < range.end) return base::Error(KERN_NO_SPACE);
  return place;
}

// Grows the region before the place instead of making a new one, where nobody can tell.
bool Map::extend_locked(const MapRequest& r, const Place& place) {
  if (r.object) return false;
  const PageRange range = place.range;
  Entry* e = tree_.below(place.after);
  if (!e || e->end != range.start || e->wired_count || e->in_transition ||
      e->protection != r.protection || e->max_protection != r.max_protection ||
      e->inheritance != r.inheritance) {
    return false;
  }
  if (e->object) {
    const Offset old_end = e->end_offset();
    Offset new_end;
    if (e->needs_copy || __builtin_add_overflow(old_end, range.size(), &new_end)) return false;
    if (!e->object->try_extend(new_end)) return false;
    e->object->discard_range(old_end, new_end);
  }
  e->end = range.end;
  tree_.resized(e);
  size_ += range.size();
  return true;
}

base::Result<Address> Map::map_locked(MapRequest& r) {
  const Place place = TRY(place_locked(r));
  const PageRange range = place.range;
  if (extend_locked(r, place)) return range.start;
  auto* e = new (std::nothrow) Entry;
  if (!e) return base::Error(KERN_RESOURCE_SHORTAGE);
  e->start = range.start;
  e->end = range.end;
  e->object = r.object.leak();
  e->offset = r.offset;
  e->needs_copy = r.needs_copy;
  e->protection = static_cast<uint8_t>(r.protection);
  e->max_protection = static_cast<uint8_t>(r.max_protection);
  e->inheritance = static_cast<uint8_t>(r.inheritance);
  tree_.insert_before(e, place.after);
  size_ += range.size();
  return range.start;
}

bool Map::has_room(Size size) {
  GraphLock lock;
  Address start;
  Entry* after;
  return tree_.find_space(kAnywhereStart, kUserEnd, round_page(size), 0, start, after);
}

base::Result<RegionInfo> Map::region(Address address) {
  GraphLock lock;
  Entry* e = tree_.find_at_or_above(address);
  if (!e) return base::Error(KERN_NO_SPACE);
  RegionInfo info;
  info.address = e->start;
  info.size = e->size();
  info.protection = e->protection;
  info.max_protection = e->max_protection;
  info.inheritance = e->inheritance;
  if (const Object* object = e->object) {
    info.shared = object->shared() && !e->needs_copy && object->ref_count() > 1;
    info.offset = e->offset;
    if (Pager* pager = object->pager()) info.pager = base::Ref<Pager>(pager);
  }
  return info;
}

base::Status Map::machine_attribute(Address address, Size size, vm_machine_attribute_t attribute,
                                    vm_machine_attribute_val_t& value) {
  PageRange range;
  if (!PageRange::covering(address, size, range)) return base::Error(KERN_INVALID_ARGUMENT);
  // Caches of this machine are coherent and always on; nothing else has an attribute.
  if (attribute != MATTR_CACHE) return base::Error(KERN_INVALID_ARGUMENT);
  switch (value) {
    case MATTR_VAL_ON:
    case MATTR_VAL_GET:
      value = MATTR_VAL_ON;
      return {};
    case MATTR_VAL_CACHE_FLUSH:
    case MATTR_VAL_DCACHE_FLUSH:
    case MATTR_VAL_ICACHE_FLUSH:
      return {};
    default:
      return base::Error(KERN_INVALID_ARGUMENT);
  }
}

}  // namespace vm
