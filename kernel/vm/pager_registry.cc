#include "kernel/vm/pager_registry.h"

#include <array>
#include <new>

#include "kernel/arch/pmap.h"
#include "kernel/ipc/kernel_port.h"
#include "kernel/vm/page_return.h"
#include "kernel/vm/pager_messages.h"
#include "kernel/vm/statistics.h"

namespace vm {
namespace {

// Beyond this many cached objects the one unused longest is terminated.
constexpr uint32_t kMaxCached = 4096;
constexpr size_t kBuckets = 256;

using Bucket = base::List<Pager, &Pager::registry_link>;

Bucket& bucket_of(const ipc::Port* port) {
  static std::array<Bucket, kBuckets> buckets;
  const auto key = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(port));
  return buckets[(key >> 4) * 0x9E3779B1u >> 24];
}

Pager* find_pager(const ipc::Port* port) {
  for (Pager& pager : bucket_of(port)) {
    if (pager.memory_object().port() == port) return &pager;
  }
  return nullptr;
}

// Least recently used first.
base::List<Pager, &Pager::cache_link>& cache() {
  static base::List<Pager, &Pager::cache_link> list;
  return list;
}
uint32_t cached_count = 0;

base::Result<base::Ref<Object>> new_object(ipc::SendRight memory_object) {
  base::Ref<Pager> pager = TRY(Pager::create(std::move(memory_object)));
  base::Ref<Object> object = TRY(Object::create_external(pager));
  if (const base::Status sent = post_init(*pager); !sent.ok()) {
    (void)object->take_pager();
    return sent.error();
  }
  bucket_of(pager->memory_object().port()).push_front(pager.get());
  return object;
}

// The kernel's side of export_object().
struct ExportedObject {
  base::Ref<Object> object;
  ipc::KernelPort port;
};

void exported_object_unused(void* p) {
  auto* exported = static_cast<ExportedObject*>(p);
  GraphLock lock;
  delete exported;
}

}  // namespace

base::Result<base::Ref<Object>> object_for_port(ipc::SendRight memory_object) {
  GraphLock lock;
  ipc::Port* const port = memory_object.port();
  if (!port || !port->active()) return base::Error(KERN_INVALID_ARGUMENT);
  if (void* exported = port->kobject(ipc::KObjectType::kPager)) {
    return static_cast<ExportedObject*>(exported)->object;
  }
  if (port->is_kernel_object()) return base::Error(KERN_INVALID_ARGUMENT);
  ++counters.lookups;
  Pager* pager = find_pager(port);
  if (!pager) return new_object(std::move(memory_object));
  ++counters.hits;
  base::Ref<Object> object(pager->object());
  PagerCache::take_out(*pager);
  return object;
}

base::Result<base::Ref<Object>> copy_by_manager(Object& original, Offset start, Offset end) {
  ipc::ReceiveRight port = TRY(ipc::Port::create());
  base::Ref<Pager> pager = TRY(Pager::create(ipc::make_send(*port.port())));
  pager->set_base(start);
  base::Ref<Object> copy =
      TRY(Object::create_called_copy(pager, base::Ref<Object>(&original)));
  base::Status sent = post_copy(*original.pager(), start, end - start, std::move(port));
  if (sent.ok()) sent = post_init(*pager);
  if (!sent.ok()) {
    (void)copy->take_pager();
    return sent.error();
  }
  bucket_of(pager->memory_object().port()).push_front(pager.get());
  for (Page& page : original.pages().pages) {
    if (page.busy || page.offset < start || page.offset >= end) continue;
    page.lock |= VM_PROT_WRITE;
    page.unlock_asked &= ~VM_PROT_WRITE;
    arch::page_protect(page.phys, VM_PROT_READ | VM_PROT_EXECUTE);
  }
  return copy;
}

base::Result<ipc::SendRight> export_object(base::Ref<Object> object, vm_prot_t max_protection) {
  GraphLock lock;
  object->restrict_protection(max_protection);
  auto* exported = new (std::nothrow) ExportedObject{std::move(object), {}};
  if (!exported) return base::Error(KERN_RESOURCE_SHORTAGE);
  auto port =
      ipc::KernelPort::create(ipc::KObjectType::kPager, exported, &exported_object_unused);
  if (!port.ok()) {
    delete exported;
    return port.error();
  }
  exported->port = port.take();
  return exported->port.make_send();
}

bool PagerCache::keep(Object& object) {
  Pager& pager = *object.pager();
  if (!pager.may_cache || pager.dead() || pager.strategy == CopyStrategy::kTemporary) return false;
  Pager* oldest = cache().front();
  cache().push_back(&pager);
  ++cached_count;
  if (oldest && (cached_count > kMaxCached || oldest->dead())) {
    take_out(*oldest);
    oldest->object()->destroy_unreferenced();
  }
  return true;
}

void PagerCache::take_out(Pager& pager) {
  if (!pager.cache_link.linked()) return;
  pager.cache_link.unlink();
  --cached_count;
}

void terminate_pager(Object& object) NO_THREAD_SAFETY_ANALYSIS {
  base::Ref<Pager> pager = object.take_pager();
  PagerCache::take_out(*pager);
  pager->registry_link.unlink();
  if (!pager->dead()) {
    if (!pager->internal && pager->strategy != CopyStrategy::kTemporary) {
      return_modified_pages(object, *pager);
    }
    post_terminate(*pager);
  }
  pager->set_object(nullptr);
}

}  // namespace vm
