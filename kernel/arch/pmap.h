// Pmap: the page tables of one address space, and what the hardware knows about a physical page.
#pragma once

#include <mach/vm_prot.h>

#include <cstdint>

#include "kernel/arch/phys.h"
#include "libs/base/ref.h"
#include "libs/base/result.h"
#include "platform/pmap_data.h"

namespace arch {

enum class Wiring : uint8_t { kPageable, kWired };
enum class Caching : uint8_t { kCached, kUncached };

// A cache of mappings: the vm layer is the truth and may be asked again through a page fault.
// Every mapping of managed memory (RAM pages) is also on the mapping list of its physical page,
// which lives in arch and is found by page number.
class Pmap : public base::RefCounted<Pmap> {
 public:
  // An address space without user mappings. KERN_RESOURCE_SHORTAGE.
  static base::Result<base::Ref<Pmap>> create();
  ~Pmap();

  // The kernel's own address space (device mappings, windows); never destroyed.
  static Pmap& kernel();

  // Maps the page at `va` to `page`, replacing what was there. VM_PROT_NONE is not allowed.
  // KERN_RESOURCE_SHORTAGE when no page-table page or mapping entry can be had: nothing changed.
  base::Status enter(uint32_t va, PhysAddr page, vm_prot_t prot, Wiring wiring,
                     Caching caching = Caching::kCached);
  // Removes all mappings in [start, end), wired ones too.
  void remove(uint32_t start, uint32_t end);
  // Takes away rights in [start, end): afterwards no mapping there allows more than `prot`.
  // Never adds rights.
  void protect(uint32_t start, uint32_t end, vm_prot_t prot);
  // Whether what is mapped at `va` can be read, or (VM_PROT_WRITE) written.
  [[nodiscard]] bool allows(uint32_t va, vm_prot_t access) const;
  // Changes the wiring of an existing mapping.
  void change_wiring(uint32_t va, Wiring wiring);

  // Makes this the current address space of the processor.
  void activate();
  // The machine's part, for kernel/arch alone.
  [[nodiscard]] const PmapData& data() const { return data_; }
  // Mapped pages (task_info's resident size).
  [[nodiscard]] uint32_t resident_pages() const { return resident_; }

 private:
  friend struct PmapAccess;
  Pmap() = default;
  PmapData data_;
  uint32_t resident_ = 0;
};

// What a physical page's mappings know, over all address spaces. Pages that are not RAM have no
// mapping list: nothing is recorded or changed for them.
bool is_modified(PhysAddr page);
bool is_referenced(PhysAddr page);
void clear_modified(PhysAddr page);
void clear_referenced(PhysAddr page);
// Lowers all mappings of the page to at most `prot`; without VM_PROT_READ removes them (their modified and
// referenced bits are remembered until cleared).
void page_protect(PhysAddr page, vm_prot_t prot);
// True when some address space maps the page.
bool is_mapped(PhysAddr page);

}  // namespace arch
