// The first instructions of a server. libc wants an auxiliary vector; who starts a server (for the
// bootstrap task: the kernel) need not know that, so one is made here from the program itself.
#include <mach/vm_param.h>

namespace {

struct ElfHeader {
  unsigned char ident[16];
  unsigned short type, machine;
  unsigned version, entry, program_headers, section_headers, flags;
  unsigned short header_size, program_header_size, program_header_count;
};

struct Auxiliary {
  long type;
  unsigned long value;
};

constexpr long kAuxNull = 0;
constexpr long kAuxProgramHeaders = 3;
constexpr long kAuxProgramHeaderSize = 4;
constexpr long kAuxProgramHeaderCount = 5;
constexpr long kAuxPageSize = 6;

}  // namespace

extern "C" {

extern const ElfHeader __ehdr_start [[gnu::visibility("hidden")]];

int main(int, char**, char**);
[[noreturn]] int __libc_start_main(int (*)(int, char**, char**), int, char**, void (*)(),
                                   void (*)(), void (*)());

// `stack` is what the program found: count, arguments, 0, environment, 0.
[[noreturn, gnu::used]] void server_libc_start(char** stack) {
  const long argc = reinterpret_cast<long>(stack[0]);
  long words = argc + 2;
  while (stack[words] != nullptr) ++words;
  ++words;

  auto** const copy = static_cast<char**>(
      __builtin_alloca(static_cast<unsigned long>(words) * sizeof(char*) + 5 * sizeof(Auxiliary)));
  for (long i = 0; i < words; ++i) copy[i] = stack[i];
  auto* aux = reinterpret_cast<Auxiliary*>(copy + words);
  *aux++ = {kAuxProgramHeaders, reinterpret_cast<unsigned long>(&__ehdr_start) +
                                    __ehdr_start.program_headers};
  *aux++ = {kAuxProgramHeaderSize, __ehdr_start.program_header_size};
  *aux++ = {kAuxProgramHeaderCount, __ehdr_start.program_header_count};
  *aux++ = {kAuxPageSize, PAGE_SIZE};
  *aux++ = {kAuxNull, 0};
  __libc_start_main(main, static_cast<int>(argc), copy + 1, nullptr, nullptr, nullptr);
}

}  // extern "C"

__asm__(
    ".text\n"
    ".globl _start\n"
    ".type _start, @function\n"
    "_start:\n"
    "  xorl %ebp, %ebp\n"
    "  movl %esp, %eax\n"
    "  andl $-16, %esp\n"
    "  subl $12, %esp\n"
    "  pushl %eax\n"
    "  call server_libc_start\n"
    "  hlt\n");
