// MapCopy: memory on its way between address spaces (out-of-line data of messages).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "kernel/vm/entry.h"
#include "libs/base/result.h"

namespace vm {

class MapCopy;

// Owns a MapCopy, like a unique_ptr. Dropping it drops the memory; never drop one while holding
// graph_lock.
class MapCopyPtr {
 public:
  MapCopyPtr() = default;
  MapCopyPtr(std::nullptr_t) {}  // NOLINT: implicit
  explicit MapCopyPtr(MapCopy* p) : p_(p) {}
  MapCopyPtr(MapCopyPtr&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  MapCopyPtr& operator=(MapCopyPtr&& o) noexcept {
    std::swap(p_, o.p_);
    return *this;
  }
  ~MapCopyPtr() {
    if (p_) destroy(p_);
  }

  [[nodiscard]] MapCopy* get() const { return p_; }
  MapCopy* operator->() const { return p_; }
  MapCopy& operator*() const { return *p_; }
  explicit operator bool() const { return p_ != nullptr; }
  // For queues that keep plain pointers: gives the ownership away; the constructor takes it back.
  [[nodiscard]] MapCopy* release() { return std::exchange(p_, nullptr); }

 private:
  static void destroy(MapCopy* copy);

  MapCopy* p_ = nullptr;
};

// What happens to the source of a copyin.
enum class SourceAction : uint8_t { kKeep, kDestroy };

// Either a list of entries (virtual copy: nothing is copied until somebody writes) whose addresses
// start at page_offset() in page 0, or a small buffer in kernel memory.
class MapCopy {
 public:
  // A copy of kernel memory. KERN_RESOURCE_SHORTAGE.
  static base::Result<MapCopyPtr> from_kernel(const void* data, Size size);
  // A buffer of undefined contents, to be filled through buffer(); at most kMaxBuffer bytes.
  static base::Result<MapCopyPtr> create_buffer(Size size, Size page_offset);
  // `size` bytes of an object from a page-aligned offset on; takes the reference over.
  static base::Result<MapCopyPtr> from_object(base::Ref<Object> object, Offset offset, Size size);

  MapCopy(const MapCopy&) = delete;
  MapCopy& operator=(const MapCopy&) = delete;
  ~MapCopy();

  [[nodiscard]] Size size() const { return size_; }
  // Where in its first page the data starts.
  [[nodiscard]] Size page_offset() const { return page_offset_; }
  // The kernel buffer, or null for a list of entries.
  [[nodiscard]] std::byte* buffer() { return buffer_; }

  // Copies bytes [offset, offset + size) of the data to kernel memory. May block for page-ins.
  // KERN_INVALID_ARGUMENT beyond the end, the errors of a fault otherwise. graph_lock not held.
  base::Status read(Offset offset, void* to, Size size);

  // For builders of lists that hold graph_lock: an empty list that will show an object from a
  // page-aligned offset on (null when memory is short), its size, and its end.
  static MapCopyPtr list_of(base::Ref<Object> object, Offset offset) REQUIRES(graph_lock);
  void set_list_size(Size size) REQUIRES(graph_lock);
  static void destroy_locked(MapCopyPtr copy) REQUIRES(graph_lock);

  // Turns a kernel buffer into an entry list with pages of its own. KERN_RESOURCE_SHORTAGE.
  base::Status make_entries();

  // Largest kernel buffer.
  static constexpr Size kMaxBuffer = 2048;

 private:
  friend class Map;
  friend class DataSupply;
  friend class DmaBuffer;
  friend class PageReturn;
  MapCopy(Size size, Size page_offset) : size_(size), page_offset_(page_offset) {}

  Entry* entry_at(Address a) REQUIRES(graph_lock);
  // The object behind a page-aligned address of an entry list, and the offset there.
  base::Result<base::Ref<Object>> object_at(Address a, Offset& offset);
  // Gives an entry of untouched memory an object. KERN_RESOURCE_SHORTAGE.
  static base::Status ensure_object_locked(Entry& e) REQUIRES(graph_lock);
  // Makes the first entry at most `size` bytes long. KERN_RESOURCE_SHORTAGE.
  base::Status clip_front_locked(Size size) REQUIRES(graph_lock);
  // Makes the only entry show what `from` shows.
  void replace_front_locked(const Entry& from) REQUIRES(graph_lock);
  // Forgets `size` bytes at the start of the first entry.
  void drop_front_locked(Size size) REQUIRES(graph_lock);

  Size size_;
  Size page_offset_;
  std::byte* buffer_ = nullptr;
  EntryList entries_;
};

// Shorthand for kernel replies with out-of-line data; null when memory is short.
MapCopyPtr copy_from_kernel_buffer(const void* data, Size size);

}  // namespace vm
