#include "kernel/vm/map_copy.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "kernel/vm/memory_pressure.h"
#include "kernel/vm/page_allocator.h"
#include "kernel/vm/page_finder.h"

namespace vm {

void MapCopyPtr::destroy(MapCopy* copy) { delete copy; }

MapCopy::~MapCopy() {
  delete[] buffer_;
  if (entries_.empty()) return;
  GraphLock lock;
  while (Entry* e = entries_.pop_front()) destroy_entry(e);
}

base::Result<MapCopyPtr> MapCopy::create_buffer(Size size, Size page_offset) {
  MapCopyPtr copy(new (std::nothrow) MapCopy(size, page_offset));
  if (!copy) return base::Error(KERN_RESOURCE_SHORTAGE);
  if (size == 0) return copy;
  copy->buffer_ = new (std::nothrow) std::byte[size];
  if (!copy->buffer_) return base::Error(KERN_RESOURCE_SHORTAGE);
  return copy;
}

namespace {

// Fills an object of its own with bytes: page contents are `data` from page_offset on, zero around.
base::Status fill_object(Object& object, const std::byte* data, Size size, Size page_offset) {
  Size done = 0;
  for (Offset o = 0; done < size; o += kPageSize) {
    Page* page = allocate_page();
    while (!page) {
      if (!wait_for_free_pages()) return base::Error(KERN_RESOURCE_SHORTAGE);
      page = allocate_page();
    }
    const Size start = o == 0 ? page_offset : 0;
    const Size piece = std::min(size - done, kPageSize - start);
    if (piece != kPageSize) arch::zero_page(page->phys);
    arch::copy_to_phys(page->phys + start, data + done, piece);
    page->dirty = true;
    done += piece;
    GraphLock lock;
    object.insert(*page, o);
  }
  return {};
}

base::Result<base::Ref<Object>> object_with(const std::byte* data, Size size, Size page_offset) {
  base::Ref<Object> object = TRY(Object::create(0, round_page(page_offset + size)));
  const base::Status status = fill_object(*object, data, size, page_offset);
  if (status.ok()) return object;
  GraphLock lock;
  object = nullptr;
  return status.error();
}

}  // namespace

base::Result<MapCopyPtr> MapCopy::from_kernel(const void* data, Size size) {
  if (size <= kMaxBuffer) {
    MapCopyPtr copy = TRY(create_buffer(size, 0));
    if (size != 0) std::memcpy(copy->buffer_, data, size);
    return copy;
  }
  if (size > kUserEnd) return base::Error(KERN_RESOURCE_SHORTAGE);
  return from_object(TRY(object_with(static_cast<const std::byte*>(data), size, 0)), 0, size);
}

MapCopyPtr MapCopy::list_of(base::Ref<Object> object, Offset offset) {
  MapCopyPtr copy(new (std::nothrow) MapCopy(0, 0));
  auto* entry = new (std::nothrow) Entry;
  if (!copy || !entry) {
    delete entry;
    return nullptr;
  }
  entry->object = object.leak();
  entry->offset = offset;
  copy->entries_.push_back(entry);
  return copy;
}

void MapCopy::set_list_size(Size size) {
  size_ = size;
  entries_.front()->end = round_page(size);
}

void MapCopy::destroy_locked(MapCopyPtr copy) {
  while (Entry* e = copy->entries_.pop_front()) destroy_entry(e);
}

base::Result<MapCopyPtr> MapCopy::from_object(base::Ref<Object> object, Offset offset, Size size) {
  GraphLock lock;
  MapCopyPtr copy = list_of(std::move(object), offset);
  if (!copy) return base::Error(KERN_RESOURCE_SHORTAGE);
  copy->set_list_size(size);
  return copy;
}

base::Status MapCopy::make_entries() {
  if (!buffer_) return {};
  MapCopyPtr filled = TRY(from_object(TRY(object_with(buffer_, size_, page_offset_)), 0,
                                      page_offset_ + size_));
  entries_.push_back(filled->entries_.pop_front());
  delete[] std::exchange(buffer_, nullptr);
  return {};
}

Entry* MapCopy::entry_at(Address a) {
  for (Entry& e : entries_) {
    if (a < e.end) return &e;
  }
  return nullptr;
}

base::Status MapCopy::ensure_object_locked(Entry& e) {
  if (e.object) return {};
  e.object = TRY(Object::create(e.start, e.end)).leak();
  e.offset = e.start;
  return {};
}

base::Result<base::Ref<Object>> MapCopy::object_at(Address a, Offset& offset) {
  GraphLock lock;
  Entry* e = entry_at(a);
  if (!e) return base::Error(KERN_INVALID_ARGUMENT);
  TRY(ensure_object_locked(*e));
  offset = e->offset_of(a);
  return base::Ref<Object>(e->object);
}

base::Status MapCopy::clip_front_locked(Size size) {
  Entry* e = entries_.front();
  if (e->size() <= size) return {};
  Entry* rest = clone_entry(*e);
  if (!rest) return base::Error(KERN_RESOURCE_SHORTAGE);
  rest->start += size;
  rest->offset += size;
  e->end = rest->start;
  e->link.unlink();
  entries_.push_front(rest);
  entries_.push_front(e);
  return {};
}

void MapCopy::replace_front_locked(const Entry& from) {
  Entry* e = entries_.front();
  from.object->retain();
  e->object->release();
  e->object = from.object;
  e->offset = from.offset;
  e->needs_copy = true;
}

void MapCopy::drop_front_locked(Size size) {
  Entry* e = entries_.front();
  e->start += size;
  e->offset += size;
  if (e->start < e->end) return;
  entries_.remove(e);
  destroy_entry(e);
}

base::Status MapCopy::read(Offset offset, void* to, Size size) {
  if (offset > size_ || size > size_ - offset) return base::Error(KERN_INVALID_ARGUMENT);
  if (size == 0) return {};
  if (buffer_) {
    std::memcpy(to, buffer_ + offset, size);
    return {};
  }
  auto* out = static_cast<std::byte*>(to);
  Address at = page_offset_ + offset;
  while (size != 0) {
    const Size piece = std::min(size, kPageSize - (at & kPageMask));
    Offset where = 0;
    // This copy, which outlives the wait, holds a reference of its own.
    const base::Ref<Object> object = TRY(object_at(trunc_page(at), where));
    const auto status = base::Status::from_code(with_page(
        *object, where, false, WaitMode::kInterruptible, [&](Page& page) {
          arch::copy_from_phys(out, page.phys + (at & kPageMask), piece);
          return KERN_SUCCESS;
        }));
    TRY(status);
    out += piece;
    at += piece;
    size -= piece;
  }
  return {};
}

MapCopyPtr copy_from_kernel_buffer(const void* data, Size size) {
  auto copy = MapCopy::from_kernel(data, size);
  return copy.ok() ? copy.take() : nullptr;
}

}  // namespace vm
