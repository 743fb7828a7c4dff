// The head of the library's image, and the start of the first process.
#include <cstddef>

#include <mach.h>
#include <servers/process_page.h>

#include "emulation/entry/layout.h"
#include "emulation/entry/thread_block.h"
#include "emulation/files/descriptor_table.h"
#include "emulation/files/names.h"
#include "emulation/mach/traps.h"
#include "emulation/process/exec.h"
#include "emulation/process/exit.h"
#include "emulation/process/threads.h"
#include "emulation/signals/signals.h"

extern "C" {

extern char emulation_text_end[], emulation_block_begin[], emulation_block_end[],
    emulation_block_abort[], emulation_exit_begin[], emulation_exit_end[], emulation_exit_again[],
    emulation_copy_begin[], emulation_copy_end[], emulation_copy_fault[];
void emulation_start_entry();
void emulation_signal_entry();
void syscall_by_call();
void syscall_by_vector();
int emulation_clock_gettime(int clock, void* time);
extern emulation::ThreadBlock emulation_first_block;

// The same words as struct emulation_header, with pointers that the linker can fill in.
struct EmulationHeader {
  unsigned magic, version;
  const void *text_end;
  void (*start)();
  const void* first_block;
  void (*signal_entry)();
  const void *block_begin, *block_end, *block_abort;
  const void *exit_begin, *exit_end, *exit_again;
  const void *copy_begin, *copy_end, *copy_fault;
  void (*call_entry)();
  int (*clock_gettime)(int, void*);
  void (*syscall_entry)();
  unsigned first_call, end_call;
};
static_assert(sizeof(EmulationHeader) == sizeof(emulation_header));
static_assert(EMULATION_BASE + offsetof(emulation_header, call_entry) == HEADER_CALL_ENTRY);
static_assert(EMULATION_BASE + offsetof(emulation_header, clock_gettime) == HEADER_CLOCK_GETTIME);

[[gnu::section(".header"), gnu::used]] const EmulationHeader emulation_image_header{
    .magic = EMULATION_MAGIC,
    .version = 1,
    .text_end = emulation_text_end,
    .start = emulation_start_entry,
    .first_block = &emulation_first_block,
    .signal_entry = emulation_signal_entry,
    .block_begin = emulation_block_begin,
    .block_end = emulation_block_end,
    .block_abort = emulation_block_abort,
    .exit_begin = emulation_exit_begin,
    .exit_end = emulation_exit_end,
    .exit_again = emulation_exit_again,
    .copy_begin = emulation_copy_begin,
    .copy_end = emulation_copy_end,
    .copy_fault = emulation_copy_fault,
    .call_entry = syscall_by_call,
    .clock_gettime = emulation_clock_gettime,
    .syscall_entry = syscall_by_vector,
    .first_call = 0,
    .end_call = EMULATION_CALL_COUNT,
};

// Called on the first thread. Does what execve would do for `start->program`.
__attribute__((fastcall)) void emulation_first_start(const emulation_start* start) {
  using namespace emulation;
  mach_task_self_ = (mach_task_self)();
  enter_first_thread();
  reset_signals_for_exec();
  directories.set_first(start->root_port);
  for (int fd = 0; fd < 3; ++fd) {
    if (start->descriptor[fd] != MACH_PORT_NULL) {
      descriptors.open_at(fd, start->descriptor[fd], IO_KIND_TERMINAL, linux_abi::O_RDWR);
    }
  }
  Path program;
  program.set(start->program, __builtin_strlen(start->program));
  const int32_t error =
      exec_program(current_thread().user, program,
                   {.library_arguments = start->arguments, .library_environment = start->environment});
  constexpr int kNotFound = 127;
  if (error != 0) end_process(kNotFound);
}
}
