#include "kernel/kern/elf_loader.h"

#include <mach/kern_return.h>

#include <algorithm>
#include <cstring>

#include "kernel/kern/task.h"
#include "kernel/kern/user_ptr.h"
#include "libs/base/math.h"

namespace kern {
namespace {

struct ElfHeader {
  uint8_t ident[16];
  uint16_t type, machine;
  uint32_t version, entry, program_headers, section_headers, flags;
  uint16_t header_size, program_header_size, program_header_count;
  uint16_t section_header_size, section_header_count, section_names;
};

struct ProgramHeader {
  uint32_t type, offset, address, physical_address, file_size, memory_size, flags, alignment;
};

constexpr uint8_t kIdent[] = {0x7F, 'E', 'L', 'F', 1 /* 32 bits */, 1 /* little endian */};
constexpr uint16_t kExecutable = 2, kI386 = 3;
constexpr uint32_t kLoadable = 1, kSegmentWritable = 2;

bool is_program(const ElfHeader& h) {
  return std::equal(std::begin(kIdent), std::end(kIdent), h.ident) && h.type == kExecutable &&
         h.machine == kI386 && h.program_header_size == sizeof(ProgramHeader);
}

class Loader {
 public:
  Loader(arch::PhysAddr image, uint32_t size) : image_(image), size_(size) {}

  base::Result<uint32_t> load() {
    ElfHeader header;
    TRY(read(0, &header, sizeof header));
    if (!is_program(header)) return base::Error(KERN_INVALID_ARGUMENT);
    for (unsigned i = 0; i < header.program_header_count; ++i) {
      ProgramHeader segment;
      TRY(read(header.program_headers + i * sizeof segment, &segment, sizeof segment));
      if (segment.type == kLoadable && segment.memory_size != 0) TRY(load_segment(segment));
    }
    return header.entry;
  }

 private:
  base::Status read(uint32_t offset, void* to, uint32_t bytes) const {
    if (offset > size_ || bytes > size_ - offset) return base::Error(KERN_INVALID_ARGUMENT);
    arch::copy_from_phys(to, image_ + offset, bytes);
    return {};
  }

  base::Status load_segment(const ProgramHeader& s) {
    const auto end = base::checked_add(s.address, s.memory_size);
    if (s.file_size > s.memory_size || !end || *end > kUserEnd) {
      return base::Error(KERN_INVALID_ARGUMENT);
    }
    TRY(allocate(base::align_down(s.address, arch::kPageSize),
                 base::align_up(*end, arch::kPageSize)));
    for (uint32_t done = 0; done < s.file_size;) {
      static char buffer[512];
      const uint32_t part = std::min<uint32_t>(s.file_size - done, sizeof buffer);
      TRY(read(s.offset + done, buffer, part));
      TRY(copy_out_bytes(s.address + done, buffer, part));
      done += part;
    }
    if (s.flags & kSegmentWritable) return {};
    return current_task().map().protect(s.address, s.memory_size, vm::ProtectionKind::kCurrent,
                                        VM_PROT_READ | VM_PROT_EXECUTE);
  }

  // A segment may begin in the last page of the one before: that page is kept.
  base::Status allocate(uint32_t start, uint32_t end) {
    if (start >= previous_start_ && start < previous_end_) start = previous_end_;
    if (start >= end) return {};
    TRY(current_task().map().allocate(start, end - start, vm::Placement::kFixed));
    previous_start_ = start;
    previous_end_ = end;
    return {};
  }

  arch::PhysAddr image_;
  uint32_t size_;
  uint32_t previous_start_ = 0;
  uint32_t previous_end_ = 0;
};

}  // namespace

base::Result<uint32_t> load_elf(arch::PhysAddr image, uint32_t size) {
  return Loader(image, size).load();
}

}  // namespace kern
