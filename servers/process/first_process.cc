#include "servers/process/first_process.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <device/device.h>
#include <mach.h>
#include <mach/i386/mach_i386.h>
#include <mach/thread_status.h>
#include <servers/posix_types.h>

#include "libs/base/elf.h"
#include "libs/base/math.h"
#include "libs/mach/fs_control_user.h"
#include "libs/mach/fs_user.h"
#include "libs/mach/io_user.h"
#include "servers/process/process_server.h"

namespace process {

using base::Error;
using base::Result;
namespace elf = base::elf;

namespace {

constexpr vm_size_t kPage = 4096;
constexpr const char* kLibraryPath = "/lib/emulation";
constexpr vm_address_t kStartStack = 0xbfff0000;
constexpr vm_size_t kStartStackSize = 16 * kPage;

// A task that is terminated unless it is kept.
class NewTask {
 public:
  ~NewTask() {
    if (task != MACH_PORT_NULL && !kept) task_terminate(task);
  }
  mach_port_t task = MACH_PORT_NULL;
  mach_port_t thread = MACH_PORT_NULL;
  bool kept = false;
};

Result<mach_port_t> open_root(mach_port_t file_control) {
  const posix_creds_t root_user{};
  mach_port_t root = MACH_PORT_NULL;
  if (fs_get_root(file_control, root_user, &root) != KERN_SUCCESS) return Error(EIO);
  return root;
}

// Maps one segment of the library as exec does: file pages copy on write, then zeros.
base::Status map_segment(mach_port_t task, mach_port_t object, const elf::ProgramHeader& p,
                         const char* file) {
  const vm_address_t start = base::align_down<vm_address_t>(p.address, kPage);
  const vm_address_t file_end = p.address + p.file_size;
  const vm_address_t mapped_end = base::align_up<vm_address_t>(file_end, kPage);
  const vm_address_t end = base::align_up<vm_address_t>(p.address + p.memory_size, kPage);
  vm_prot_t protection = VM_PROT_READ;
  if ((p.flags & elf::kFlagWrite) != 0) protection |= VM_PROT_WRITE;
  if ((p.flags & elf::kFlagExecute) != 0) protection |= VM_PROT_EXECUTE;
  vm_address_t at = start;
  if (mapped_end > start && p.file_size != 0 &&
      vm_map(task, &at, mapped_end - start, 0, FALSE, object,
             base::align_down<vm_offset_t>(p.offset, kPage), TRUE, protection, VM_PROT_ALL,
             VM_INHERIT_COPY) != KERN_SUCCESS) {
    return Error(ENOMEM);
  }
  at = p.file_size != 0 ? mapped_end : start;
  if (end > at && vm_allocate(task, &at, end - at, FALSE) != KERN_SUCCESS) return Error(ENOMEM);
  if (p.memory_size > p.file_size && file_end % kPage != 0 && p.file_size != 0) {
    // The rest of the last file page is the beginning of the zeros.
    alignas(4096) static char page[kPage];
    const vm_address_t last = base::align_down<vm_address_t>(file_end, kPage);
    std::memset(page, 0, sizeof page);
    std::memcpy(page, file + p.offset + (last - p.address), file_end - last);
    if (vm_write(task, last, reinterpret_cast<vm_offset_t>(page), kPage) != KERN_SUCCESS) {
      return Error(ENOMEM);
    }
  }
  return {};
}

base::Status map_library(mach_port_t task, const EmulationLibrary& library) {
  const auto image = elf::Image::parse(reinterpret_cast<void*>(library.image), library.size,
                                       EMULATION_LIMIT);
  if (!image) return Error(ENOEXEC);
  for (int i = 0; i < image->segment_count(); ++i) {
    const elf::ProgramHeader& p = image->segment(i);
    if (p.type == elf::kLoad) TRY(map_segment(task, library.object, p, image->bytes()));
  }
  return {};
}

// The clock that programs read without any call.
base::Status map_time(mach_port_t task, mach_port_t device_master) {
  mach_port_t device = MACH_PORT_NULL;
  char name[] = "time";
  if (device_open(device_master, D_READ, name, &device) != KERN_SUCCESS) return Error(ENXIO);
  mach_port_t object = MACH_PORT_NULL;
  kern_return_t kr = device_map(device, VM_PROT_READ, 0, kPage, &object, 0);
  if (kr == KERN_SUCCESS) {
    vm_address_t at = TIME_PAGE_ADDRESS;
    kr = vm_map(task, &at, kPage, 0, FALSE, object, 0, FALSE, VM_PROT_READ, VM_PROT_READ,
                VM_INHERIT_SHARE);
    mach_port_deallocate(mach_task_self(), object);
  }
  mach_port_deallocate(mach_task_self(), device);
  if (kr != KERN_SUCCESS) return Error(ENXIO);
  return {};
}

// System calls by int $0x80 and lcall go to the library.
base::Status set_emulation(mach_port_t task, const emulation_header& header) {
  std::vector<vm_offset_t> vector(header.end_call - header.first_call, header.syscall_entry);
  const kern_return_t kr = task_set_emulation_vector(
      task, static_cast<int>(header.first_call), vector.data(), vector.size());
  if (kr != KERN_SUCCESS) return Error(EIO);
  return {};
}

// struct emulation_start and what it points to, as the new task sees them from `address` on.
class StartBlock {
 public:
  explicit StartBlock(vm_address_t address) : address_(address), bytes_(sizeof(emulation_start)) {}

  uint32_t add_string(const std::string& text) {
    const size_t at = bytes_.size();
    bytes_.insert(bytes_.end(), text.c_str(), text.c_str() + text.size() + 1);
    return address_ + at;
  }
  uint32_t add_vector(const std::vector<std::string>& strings) {
    std::vector<uint32_t> words;
    for (const std::string& s : strings) words.push_back(add_string(s));
    words.push_back(0);
    bytes_.resize(base::align_up<size_t>(bytes_.size(), 4));
    const size_t at = bytes_.size();
    const auto* raw = reinterpret_cast<const char*>(words.data());
    bytes_.insert(bytes_.end(), raw, raw + words.size() * sizeof(uint32_t));
    return address_ + at;
  }
  emulation_start& head() { return *reinterpret_cast<emulation_start*>(bytes_.data()); }
  [[nodiscard]] const std::vector<char>& bytes() const { return bytes_; }

 private:
  vm_address_t address_;
  std::vector<char> bytes_;
};

// Names of the first process's rights in its own space, which is empty but for them.
constexpr mach_port_t kRootName = 0x00fffe01;
constexpr mach_port_t kFirstDescriptorName = 0x00fffe02;

base::Status give_right(mach_port_t task, mach_port_t name, mach_port_t port,
                        mach_msg_type_name_t type) {
  if (mach_port_insert_right(task, name, port, type) == KERN_SUCCESS) return {};
  return Error(EAGAIN);
}

base::Status write_start_block(ProcessServer& server, mach_port_t task, mach_port_t root,
                               const FirstProgram& program, Terminal& terminal) {
  StartBlock block(kStartStack);
  const uint32_t path = block.add_string(program.path);
  const uint32_t arguments = block.add_vector(program.arguments);
  const uint32_t environment = block.add_vector(program.environment);
  emulation_start start{};
  start.root_port = kRootName;
  TRY(give_right(task, kRootName, root, MACH_MSG_TYPE_COPY_SEND));
  for (unsigned i = 0; i < 3; ++i) {
    const mach_port_t handle = TRY(server.dev_server().io().handles().open(terminal.open(O_RDWR)));
    start.descriptor[i] = kFirstDescriptorName + i;
    TRY(give_right(task, start.descriptor[i], handle, MACH_MSG_TYPE_MAKE_SEND));
  }
  // No reply hands these out: the loop must not take them for the next request's.
  (void)server.dev_server().io().handles().take_latest();
  start.program = reinterpret_cast<const char*>(path);
  start.arguments = reinterpret_cast<const char* const*>(arguments);
  start.environment = reinterpret_cast<const char* const*>(environment);
  block.head() = start;
  if (block.bytes().size() > kStartStackSize) return Error(E2BIG);

  vm_address_t at = kStartStack;
  if (vm_allocate(task, &at, kStartStackSize, FALSE) != KERN_SUCCESS) return Error(ENOMEM);
  std::vector<char> pages(kStartStackSize + kPage);
  const auto aligned = base::align_up(reinterpret_cast<vm_address_t>(pages.data()), kPage);
  std::ranges::copy(block.bytes(), reinterpret_cast<char*>(aligned));
  if (vm_write(task, kStartStack, aligned, kStartStackSize) != KERN_SUCCESS) return Error(ENOMEM);
  return {};
}

base::Status start_thread(NewTask& task, const emulation_header& header) {
  constexpr uint32_t kFlatUserData[2] = {0x0000ffff, 0x00cff200};  // limit 4 GiB, base in between
  const uint32_t base = header.first_block;
  const uint32_t words[2] = {kFlatUserData[0] | base << 16,
                             kFlatUserData[1] | (base >> 16 & 0xff) | (base & 0xff000000)};
  descriptor_t descriptor;
  static_assert(sizeof descriptor == sizeof words);
  std::memcpy(&descriptor, words, sizeof descriptor);
  int selector = EMULATION_FS;
  ThreadState state{};
  state.eip = header.start;
  state.uesp = kStartStack;
  state.cs = I386_USER_CS;
  state.ds = state.es = state.ss = I386_USER_DS;
  state.fs = EMULATION_FS;
  if (thread_create(task.task, &task.thread) != KERN_SUCCESS) return Error(EAGAIN);
  if (i386_set_gdt(task.thread, &selector, descriptor) != KERN_SUCCESS ||
      thread_set_state(task.thread, i386_REGS_SEGS_STATE, reinterpret_cast<thread_state_t>(&state),
                       i386_REGS_SEGS_STATE_COUNT) != KERN_SUCCESS) {
    return Error(EIO);
  }
  return {};
}

}  // namespace

Result<EmulationLibrary> load_emulation(mach_port_t file_control) {
  const mach_port_t root = TRY(open_root(file_control));
  mach_port_t file = MACH_PORT_NULL;
  int kind = 0, retry = 0, mount = 0;
  io_stat_t attributes{};
  char rest[POSIX_PATH_MAX];
  mach_msg_type_number_t rest_size = sizeof rest;
  kern_return_t kr = fs_lookup(root, const_cast<char*>(kLibraryPath), std::strlen(kLibraryPath),
                               O_RDONLY, 0, &file, &kind, &attributes, &retry, &mount, rest,
                               &rest_size);
  mach_port_deallocate(mach_task_self(), root);
  if (kr != KERN_SUCCESS) return Error(IS_POSIX_ERROR(kr) ? POSIX_ERRNO(kr) : EIO);
  if (kind != IO_KIND_FILE || attributes.st_size < static_cast<int>(kPage)) return Error(ENOEXEC);
  EmulationLibrary library;
  library.size = static_cast<vm_size_t>(attributes.st_size);
  kr = io_map(file, VM_PROT_READ | VM_PROT_EXECUTE, &library.object);
  mach_port_deallocate(mach_task_self(), file);
  if (kr == KERN_SUCCESS) {
    kr = vm_map(mach_task_self(), &library.image, library.size, 0, TRUE, library.object, 0, TRUE,
                VM_PROT_READ, VM_PROT_ALL, VM_INHERIT_NONE);
  }
  if (kr != KERN_SUCCESS) return Error(EIO);
  const auto image = elf::Image::parse(reinterpret_cast<void*>(library.image), library.size,
                                       EMULATION_LIMIT);
  for (int i = 0; image && i < image->segment_count(); ++i) {
    const elf::ProgramHeader& p = image->segment(i);
    const uint32_t at = EMULATION_BASE - p.address;
    if (p.type != elf::kLoad || at > p.file_size || p.file_size - at < sizeof library.header) continue;
    std::memcpy(&library.header, image->bytes() + p.offset + at, sizeof library.header);
    if (library.header.magic == EMULATION_MAGIC) return library;
  }
  return Error(ENOEXEC);
}

base::Status start_first_process(ProcessServer& server, const EmulationLibrary& library,
                                 const FirstProgram& program, Terminal& terminal) {
  const mach_port_t root = TRY(open_root(server.ports().file_control));
  NewTask task;
  if (task_create(mach_task_self(), FALSE, &task.task) != KERN_SUCCESS) return Error(EAGAIN);
  TRY(map_library(task.task, library));
  TRY(map_time(task.task, server.ports().device_master));
  TRY(set_emulation(task.task, library.header));
  TRY(start_thread(task, library.header));
  const server::LockGuard guard(server.lock());
  TRY(write_start_block(server, task.task, root, program, terminal));
  mach_port_deallocate(mach_task_self(), root);
  Process* process = TRY(server.adopt_task(nullptr, task.task, task.thread));
  process->command = "init";
  task.kept = true;
  if (thread_resume(task.thread) != KERN_SUCCESS) return Error(EIO);
  return {};
}

}  // namespace process
