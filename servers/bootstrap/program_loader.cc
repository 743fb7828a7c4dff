#include "servers/bootstrap/program_loader.h"

#include <cstdint>
#include <cstring>
#include <optional>

#include <mach.h>
#include <mach/thread_status.h>

#include "libs/base/elf.h"
#include "libs/base/math.h"

namespace bootstrap {
namespace {

namespace elf = base::elf;

constexpr vm_address_t kUserLimit = 0xc0000000;
constexpr vm_address_t kStackTop = 0xbffff000;  // the last page stays unmapped
constexpr vm_size_t kStackSize = 256 * 1024;
constexpr vm_size_t kPage = elf::kPageSize;

// Pages of this task's own memory that are freed at the end of the scope.
class ScratchPages {
 public:
  explicit ScratchPages(vm_size_t size) : size_(base::align_up<vm_size_t>(size, kPage)) {
    if (vm_allocate(mach_task_self(), &address_, size_, TRUE) != KERN_SUCCESS) address_ = 0;
  }
  ScratchPages(const ScratchPages&) = delete;
  ScratchPages& operator=(const ScratchPages&) = delete;
  ~ScratchPages() {
    if (address_ != 0) vm_deallocate(mach_task_self(), address_, size_);
  }
  [[nodiscard]] bool ok() const { return address_ != 0; }
  [[nodiscard]] vm_address_t address() const { return address_; }
  [[nodiscard]] char* bytes() const { return reinterpret_cast<char*>(address_); }
  [[nodiscard]] vm_size_t size() const { return size_; }

 private:
  vm_address_t address_ = 0;
  vm_size_t size_;
};

vm_prot_t protection_of(const elf::ProgramHeader& p) {
  vm_prot_t protection = VM_PROT_NONE;
  if (p.flags & elf::kFlagRead) protection |= VM_PROT_READ;
  if (p.flags & elf::kFlagWrite) protection |= VM_PROT_WRITE;
  if (p.flags & elf::kFlagExecute) protection |= VM_PROT_EXECUTE;
  return protection;
}

// The page in which the file part of a segment ends: file bytes, then zeros.
kern_return_t load_boundary_page(task_t task, const ProgramImage& image,
                                 const elf::ProgramHeader& p) {
  const vm_address_t page = base::align_down<vm_address_t>(p.address + p.file_size, kPage);
  const vm_address_t begin = page < p.address ? p.address : page;
  ScratchPages scratch(kPage);
  if (!scratch.ok()) return KERN_RESOURCE_SHORTAGE;
  std::memcpy(scratch.bytes() + (begin - page),
              reinterpret_cast<char*>(image.address) + p.offset + (begin - p.address),
              p.address + p.file_size - begin);
  return vm_write(task, page, scratch.address(), kPage);
}

// One PT_LOAD segment: whole file pages are written as virtual copies of the image.
kern_return_t load_segment(task_t task, const ProgramImage& image, const elf::ProgramHeader& p) {
  vm_address_t start = base::align_down<vm_address_t>(p.address, kPage);
  const vm_address_t end = base::align_up<vm_address_t>(p.address + p.memory_size, kPage);
  const vm_address_t base_address = start;
  if (end == start) return KERN_SUCCESS;
  kern_return_t kr = vm_allocate(task, &start, end - start, FALSE);
  if (kr != KERN_SUCCESS) return kr;

  const vm_size_t lead = p.address - base_address;
  const vm_size_t whole = base::align_down<vm_size_t>(lead + p.file_size, kPage);
  if (whole != 0) {
    kr = vm_write(task, base_address, image.address + p.offset - lead, whole);
    if (kr != KERN_SUCCESS) return kr;
  }
  if ((p.address + p.file_size) % kPage != 0 && p.file_size != 0) {
    kr = load_boundary_page(task, image, p);
    if (kr != KERN_SUCCESS) return kr;
  }
  return vm_protect(task, base_address, end - base_address, FALSE, protection_of(p));
}

// Builds the words of a System V i386 process stack from the top down.
class StackBuilder {
 public:
  explicit StackBuilder(const ScratchPages& pages) : pages_(pages), at_(pages.size()) {}

  // Copies a string; returns its address in the new task, or 0 when the stack is full.
  uint32_t push_string(const std::string& text) {
    const size_t bytes = text.size() + 1;
    if (bytes > at_) return 0;
    at_ -= bytes;
    std::memcpy(pages_.bytes() + at_, text.c_str(), bytes);
    return address();
  }
  // Places `words` at the 16-byte aligned new stack pointer; false when full.
  bool push_words(const std::vector<uint32_t>& words) {
    const size_t bytes = words.size() * sizeof(uint32_t);
    if (bytes + 16 > at_) return false;
    at_ = base::align_down<size_t>(at_ - bytes, 16);
    std::memcpy(pages_.bytes() + at_, words.data(), bytes);
    return true;
  }
  [[nodiscard]] uint32_t address() const { return kStackTop - pages_.size() + at_; }

 private:
  const ScratchPages& pages_;
  size_t at_;
};

// argc, argv, envp (empty) and the auxiliary vector, in the order crt1 expects. Empty when the
// arguments do not fit.
std::optional<uint32_t> build_stack(const ScratchPages& pages, const elf::Image& program,
                                    const std::vector<std::string>& arguments) {
  StackBuilder stack(pages);
  std::vector<uint32_t> words{static_cast<uint32_t>(arguments.size())};
  for (const std::string& argument : arguments) {
    const uint32_t address = stack.push_string(argument);
    if (address == 0) return std::nullopt;
    words.push_back(address);
  }
  const uint32_t seed = stack.push_string("0123456789abcde");  // AT_RANDOM: 16 bytes, not secret
  const uint32_t tail[] = {
      0,  // end of argv
      0,  // end of envp
      elf::kAuxProgramHeaders, program.program_headers_address(),
      elf::kAuxProgramHeaderSize, sizeof(elf::ProgramHeader),
      elf::kAuxProgramHeaderCount, program.header().program_header_count,
      elf::kAuxPageSize, kPage,
      elf::kAuxEntry, program.header().entry,
      elf::kAuxRandom, seed,
      elf::kAuxNull, 0,
  };
  words.insert(words.end(), std::begin(tail), std::end(tail));
  if (seed == 0 || !stack.push_words(words)) return std::nullopt;
  return stack.address();
}

kern_return_t load_stack(task_t task, const elf::Image& program,
                         const std::vector<std::string>& arguments, uint32_t* stack_pointer) {
  ScratchPages scratch(4 * kPage);
  if (!scratch.ok()) return KERN_RESOURCE_SHORTAGE;
  const auto sp = build_stack(scratch, program, arguments);
  if (!sp) return KERN_INVALID_ARGUMENT;
  vm_address_t bottom = kStackTop - kStackSize;
  kern_return_t kr = vm_allocate(task, &bottom, kStackSize, FALSE);
  if (kr != KERN_SUCCESS) return kr;
  kr = vm_write(task, kStackTop - scratch.size(), scratch.address(), scratch.size());
  *stack_pointer = *sp;
  return kr;
}

kern_return_t make_thread(task_t task, uint32_t entry, uint32_t stack_pointer, thread_t* thread) {
  kern_return_t kr = thread_create(task, thread);
  if (kr != KERN_SUCCESS) return kr;
  i386_thread_state state{};
  state.eip = entry;
  state.uesp = stack_pointer;
  kr = thread_set_state(*thread, i386_THREAD_STATE, reinterpret_cast<thread_state_t>(&state),
                        i386_THREAD_STATE_COUNT);
  if (kr != KERN_SUCCESS) {
    thread_terminate(*thread);
    mach_port_deallocate(mach_task_self(), *thread);
    *thread = MACH_PORT_NULL;
  }
  return kr;
}

}  // namespace

kern_return_t load_program(task_t task, const ProgramImage& image,
                           const std::vector<std::string>& arguments, thread_t* thread) {
  const auto program =
      elf::Image::parse(reinterpret_cast<void*>(image.address), image.size, kUserLimit);
  if (!program || program->header().type != elf::kTypeExecutable) return KERN_INVALID_ARGUMENT;
  for (int i = 0; i < program->segment_count(); ++i) {
    const elf::ProgramHeader& p = program->segment(i);
    if (p.type == elf::kInterpreter) return KERN_INVALID_ARGUMENT;
    if (p.type != elf::kLoad) continue;
    const kern_return_t kr = load_segment(task, image, p);
    if (kr != KERN_SUCCESS) return kr;
  }
  uint32_t stack_pointer = 0;
  const kern_return_t kr = load_stack(task, *program, arguments, &stack_pointer);
  if (kr != KERN_SUCCESS) return kr;
  return make_thread(task, program->header().entry, stack_pointer, thread);
}

}  // namespace bootstrap
