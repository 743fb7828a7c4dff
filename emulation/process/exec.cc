// exec in place, in steps:
//   1. Find the program; follow "#!" to interpreters; read the ELF headers, and those of the dynamic
//      loader if it names one.
//   2. Gather the strings in scratch memory.
//   3. Tell the process server (name, arguments, set-id bits).
//   4. The point of no return: close descriptors, forget handlers, free the old program's memory.
//   5. Map segments, make heap and stack, set the registers.
#include "emulation/process/exec.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

#include <mach.h>

#include "emulation/entry/calls.h"
#include "emulation/entry/thread_block.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/process/exit.h"
#include "emulation/process/process_state.h"
#include "emulation/process/program_file.h"
#include "emulation/process/renew.h"
#include "emulation/process/threads.h"
#include "emulation/signals/signals.h"
#include "libs/mach/process_user.h"

extern "C" const char emulation_vdso[];
extern "C" void syscall_by_call();

namespace emulation {
namespace {

namespace elf = base::elf;

constexpr uint32_t kProgramBias = 0x56555000;  // where position independent programs go
constexpr uint32_t kReservedLow = 0x10000;     // never mapped: null pointers fault
constexpr uint32_t kUserFlags = 0x202;

// What steps 1 and 2 found out.
struct NewProgram {
  ProgramFile file;
  ProgramFile loader;
  bool has_loader = false;
  StackImage stack;
  uint32_t file_name = 0;  // final address of the path, for AT_EXECFN
  char command[16] = {};
  char full_path[kMaxProgramPath] = {};  // what /proc/self/exe will be

  uint32_t bias() const {
    return file.header().type == elf::kTypeShared ? kProgramBias - file.lowest_address() : 0;
  }
};

int32_t add_caller_strings(StackImage& stack, const ExecStrings& s, bool arguments) {
  const char* const* library = arguments ? s.library_arguments : s.library_environment;
  if (library != nullptr) return stack.add_library_vector(library, arguments);
  return stack.add_program_vector(arguments ? s.program_arguments : s.program_environment,
                                  arguments);
}

void set_command(NewProgram& program, const Path& path) {
  const char* const end = path.data() + path.size();
  const char* begin = end;
  while (begin > path.data() && begin[-1] != '/') --begin;
  const uint32_t size = std::min<uint32_t>(end - begin, sizeof program.command - 1);
  __builtin_memcpy(program.command, begin, size);
}

// The process server knows no /proc/self/exe; for exec, which shells use to run scripts without
// "#!", the name stands for the running program.
void resolve_self(Path& path) {
  constexpr char kSelf[] = "/proc/self/exe";
  constexpr uint32_t kSize = sizeof kSelf - 1;
  if (path.size() != kSize || __builtin_memcmp(path.data(), kSelf, kSize) != 0) return;
  const uint32_t size = __builtin_strlen(process_state.program);
  if (size != 0) path.set(process_state.program, size);
}

// Looks the program up and keeps its path.
int32_t open_program(NewProgram& program, Path& path) {
  const uint32_t size = path.absolute() && path.size() < kMaxProgramPath ? path.size() : 0;
  __builtin_memcpy(program.full_path, path.data(), size);
  program.full_path[size] = '\0';
  return program.file.open(path);
}

// The argument vector with its first string taken off: a script's interpreter gets other ones.
uint32_t skip_first(uint32_t vector) {
  uint32_t first = 0;
  return vector != 0 && copy_in(first, vector) && first != 0 ? vector + sizeof(uint32_t) : vector;
}

// "#!": the interpreter, its argument and the script's path come before the other arguments.
int32_t enter_script(NewProgram& program, Path& path, ExecStrings& strings) {
  ProgramFile::Interpreter interpreter;
  int32_t error = program.file.parse_script(&interpreter);
  if (error != 0) return error;
  error = program.stack.add_argument(interpreter.path, interpreter.path_size);
  if (error == 0 && interpreter.argument != nullptr) {
    error = program.stack.add_argument(interpreter.argument, interpreter.argument_size);
  }
  if (error == 0) error = program.stack.add_argument(path.data(), path.size());
  if (error != 0) return error;
  if (strings.library_arguments != nullptr && *strings.library_arguments != nullptr) {
    ++strings.library_arguments;
  } else {
    strings.program_arguments = skip_first(strings.program_arguments);
  }
  path.set(interpreter.path, interpreter.path_size);
  return 0;
}

// Step 1 and the strings of scripts. A script whose interpreter is a script is refused: its
// arguments would have to be put before those already gathered.
int32_t find_program(NewProgram& program, Path& path, ExecStrings& strings) {
  int32_t error = open_program(program, path);
  if (error == 0 && program.file.is_script()) {
    error = enter_script(program, path, strings);
    if (error == 0) error = open_program(program, path);
    if (error == 0 && program.file.is_script()) error = -ELOOP;
  }
  if (error == 0) error = program.file.parse_elf();
  if (error != 0) return error;
  Path loader_path;
  error = program.file.interpreter_path(loader_path);
  if (error == -ENOENT) return 0;
  if (error == 0) error = program.loader.open(loader_path);
  if (error == 0) error = program.loader.parse_elf();
  program.has_loader = error == 0;
  return error;
}

int32_t prepare(NewProgram& program, Path& path, ExecStrings strings) {
  int32_t error = program.stack.create();
  if (error != 0) return error;
  set_command(program, path);
  resolve_self(path);
  error = find_program(program, path, strings);
  if (error == 0) error = add_caller_strings(program.stack, strings, true);
  if (error == 0) error = add_caller_strings(program.stack, strings, false);
  if (error == 0) error = program.stack.add_string(path.data(), path.size(), &program.file_name);
  return error;
}

uint32_t program_headers_address(const ProgramFile& file, uint32_t bias) {
  const uint32_t at = file.header().program_header_offset;
  for (int i = 0; i < file.header_count(); ++i) {
    const elf::ProgramHeader& p = file.program_header(i);
    if (p.type == elf::kLoad && p.offset <= at && at - p.offset < p.file_size) {
      return p.address + (at - p.offset) + bias;
    }
  }
  return 0;
}

// Sixteen bytes a program cannot guess from the outside; not for keys.
void fill_random(uint32_t (&words)[4]) {
  uint64_t x = __builtin_ia32_rdtsc() ^ static_cast<uint64_t>(shared_page().pid) << 40;
  for (uint32_t& word : words) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    word = static_cast<uint32_t>(x >> 16);
  }
}

// Step 5. Returns 0 or -errno; the caller ends the process.
int32_t install(Registers& r, NewProgram& program, bool secure) {
  vm_address_t low = 0;
  if (vm_allocate(mach_task_self(), &low, kReservedLow, FALSE) == KERN_SUCCESS) {
    vm_protect(mach_task_self(), low, kReservedLow, TRUE, VM_PROT_NONE);
  }
  const uint32_t bias = program.bias();
  int32_t error = program.file.map_segments(bias);
  uint32_t entry = program.file.header().entry + bias;
  uint32_t loader_bias = 0;
  if (error == 0 && program.has_loader) {
    const ProgramFile& loader = program.loader;
    const uint32_t size = loader.end_address() - loader.lowest_address();
    loader_bias = loader.header().type == elf::kTypeShared
                      ? find_free_range(size) - loader.lowest_address()
                      : 0;
    error = loader.map_segments(loader_bias);
    entry = loader.header().entry + loader_bias;
  }
  if (error != 0) return error;
  process_state.brk_start = process_state.brk_end = program.file.end_address() + bias;

  uint32_t random[4];
  fill_random(random);
  uint32_t random_address = 0;
  error = program.stack.add_string(reinterpret_cast<const char*>(random), sizeof random,
                                   &random_address);
  if (error != 0) return error;
  const process_page& ids = shared_page();
  const uint32_t aux[] = {
      elf::kAuxSysinfo, reinterpret_cast<uint32_t>(&syscall_by_call),
      elf::kAuxSysinfoHeader, reinterpret_cast<uint32_t>(emulation_vdso),
      elf::kAuxHwcap, 0,
      elf::kAuxPageSize, kPageSize,
      elf::kAuxClockTick, 100,
      elf::kAuxProgramHeaders, program_headers_address(program.file, bias),
      elf::kAuxProgramHeaderSize, sizeof(elf::ProgramHeader),
      elf::kAuxProgramHeaderCount, static_cast<uint32_t>(program.file.header_count()),
      elf::kAuxBase, loader_bias,
      elf::kAuxFlags, 0,
      elf::kAuxEntry, program.file.header().entry + bias,
      elf::kAuxUid, ids.uid,
      elf::kAuxEuid, ids.euid,
      elf::kAuxGid, ids.gid,
      elf::kAuxEgid, ids.egid,
      elf::kAuxSecure, secure,
      elf::kAuxRandom, random_address,
      elf::kAuxExecFilename, program.file_name,
      elf::kAuxNull, 0,
  };
  const uint32_t stack_pointer = program.stack.install(aux, std::size(aux));
  if (stack_pointer == 0) return -ENOMEM;
  r = Registers{.eip = entry, .esp = stack_pointer, .eflags = kUserFlags, .call = -1};
  return 0;
}

bool wants_set_ids(const ProgramFile& file) {
  constexpr uint32_t kSetUid = 04000, kSetGid = 02000;
  return (file.attributes().st_mode & (kSetUid | kSetGid)) != 0;
}

}  // namespace

int32_t exec_program(Registers& r, Path& path, const ExecStrings& strings) {
  NewProgram program;
  int32_t error = prepare(program, path, strings);
  if (error != 0) return error;
  boolean_t secure = FALSE;
  error = error_from(proc_exec(process_port(), program.command,
                               __builtin_strlen(program.command),
                               const_cast<char*>(program.stack.arguments()),
                               program.stack.arguments_size(), program.file.port(),
                               wants_set_ids(program.file), &secure));
  if (error != 0) return error;

  end_other_threads();
  if (secure) renew_directories();
  descriptors.close_all_on_exec();
  reset_signals_for_exec();
  reset_thread_for_exec();
  __builtin_memcpy(process_state.command, program.command, sizeof program.command);
  __builtin_memcpy(process_state.program, program.full_path, sizeof program.full_path);
  __builtin_memcpy(current_thread().name, program.command, sizeof program.command);
  unmap_program();
  error = install(r, program, secure != FALSE);
  if (error != 0) end_process_by_signal(linux_abi::SIGKILL);
  return 0;
}

namespace calls {

int32_t execve(Registers& r) {
  Path path;
  const int32_t error = path.load(r.ebx);
  if (error != 0) return error;
  return exec_program(r, path, {.program_arguments = r.ecx, .program_environment = r.edx});
}

}  // namespace calls
}  // namespace emulation
