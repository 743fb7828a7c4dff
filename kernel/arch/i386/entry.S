// Every way into the kernel, and back.
//
// All of them build the same TrapFrame (platform/context.h) at the top of the thread's kernel
// stack. The kernel runs with interrupts off and the flags NT, TF, AC and DF clear.

#include "libs/base/block_copy.inc"

    .set ES, 4
    .set DS, 8
    .set EAX, 40
    .set VECTOR, 44
    .set EIP, 52
    .set CS, 56
    .set EFLAGS, 60
    .set ESP, 64
    .set FRAME_SIZE, 72

    // kern::current_thread(). Places in it and what it leads to: thread_ast and so on (trap.cc).
    .set CURRENT_THREAD, _ZN4kern8internal7currentE

    // Where EntryArea (segments.h) has the top of the running thread's kernel stack.
    .set ENTRY_STACK, entry_area + 516

    .set KERNEL_DATA, 0x10
    .set USER_CODE, 0x17
    .set USER_DATA, 0x1F
    .set EFLAGS_USER, 0x202
    .set EFLAGS_KERNEL, 0x002
    .set TRAP_FLAG, 0x100

    .set VECTOR_SOFTWARE, 0x80
    .set VECTOR_LCALL, 0x100
    .set VECTOR_SYSENTER, 0x101
    .set TRAP_COUNT, 130
    .set MAX_ARGUMENTS, 11
    // Above this stack pointer, reading the most arguments could leave user space.
    .set STACK_LIMIT, 0xC0000000 - 4 * (MAX_ARGUMENTS + 1)

    .macro FIXUP at, to
    .pushsection .fixup_table, "a"
    .long \at, \to
    .popsection
    .endm

// A system call that the task has a routine for (Task::emulation) continues there, with flags and return
// address on the user stack; any other continues at `native`, and one whose stack cannot be written,
// too: there C code finds out the same. EAX is the call's number, ECX the user stack pointer.
    .macro REDIRECT native
    movl CURRENT_THREAD, %edx
    movl thread_task(%edx), %edx
    movl task_emulation(%edx), %edx
    testl %edx, %edx
    jz \native
    movl %eax, %ebx
    subl emulation_start(%edx), %ebx
    cmpl emulation_count(%edx), %ebx
    jae \native
    movl emulation_entries(%edx), %edx
    movl (%edx, %ebx, 4), %edx
    testl %edx, %edx
    jz \native
    leal -8(%ecx), %ebx
    cmpl $STACK_LIMIT, %ebx
    ja \native
    movl EFLAGS(%esp), %esi
1:  movl %esi, (%ebx)
    FIXUP 1b, \native
    movl EIP(%esp), %esi
2:  movl %esi, 4(%ebx)
    FIXUP 2b, \native
    movl %ebx, ESP(%esp)
    movl %edx, EIP(%esp)
    movl CURRENT_THREAD, %edx
    cmpl $0, thread_ast(%edx)
    je restore
    call handle_attention
    jmp restore
    .endm

    .text

// ---------------------------------------------------------------- system traps

// EAX trap number, ECX user stack pointer, EDX user instruction pointer.
    .globl sysenter_entry
sysenter_entry:
    movl (%esp), %esp
    pushl $USER_DATA
    pushl %ecx
    pushl $EFLAGS_USER
    pushl $USER_CODE
    pushl %edx
    pushl $0
    pushl $VECTOR_SYSENTER
    pushal
    pushl $USER_DATA
    pushl $USER_DATA
    subl $4, %esp
    pushl $EFLAGS_KERNEL
    popfl
    movl $KERNEL_DATA, %edx
    movl %edx, %ds
    movl %edx, %es

// EAX trap number, ECX user stack pointer. The registers that C preserves are still the user's.
trap_common:
    cmpl $0, trap_redirect_active
    jne trap_slow
    negl %eax
    cmpl $TRAP_COUNT, %eax
    jae trap_slow
    cmpl $STACK_LIMIT, %ecx
    ja trap_slow
    jmp *trap_entries + 4(, %eax, 8)

// trap_entries leads into the middle: each trap copies as many words as it has arguments. A page
// fault on the user stack that cannot be resolved continues at trap_bad_stack.
    .globl trap_push_arguments
trap_push_arguments:
    .set argument, MAX_ARGUMENTS
    .rept MAX_ARGUMENTS
9:  pushl 4 * argument(%ecx)
    FIXUP 9b, trap_bad_stack
    .set argument, argument - 1
    .endr
    call *trap_entries(, %eax, 8)
    movl ENTRY_STACK, %ecx
    leal -FRAME_SIZE(%ecx), %esp
    movl CURRENT_THREAD, %ecx
    cmpl $0, thread_ast(%ecx)
    jne trap_attention
    cmpl $VECTOR_SYSENTER, VECTOR(%esp)
    jne trap_iret
    movl EIP(%esp), %edx
    movl ESP(%esp), %ecx
    movw DS(%esp), %ds
    movw ES(%esp), %es
    sti
    sysexit

trap_iret:
    movl %eax, EAX(%esp)
    jmp restore

trap_attention:
    movl %eax, EAX(%esp)
    call handle_attention
    jmp restore

// Redirected, unknown, or on a stack at the very end of user space.
trap_slow:
    movl %esp, %eax
    call slow_trap
    jmp restore

trap_bad_stack:
    movl ENTRY_STACK, %eax
    subl $FRAME_SIZE, %eax
    movl %eax, %esp
    call bad_trap_stack
    jmp restore

// A call gate changes neither the flags nor the interrupt flag, and saves no flags.
    .globl lcall_entry
lcall_entry:
    pushfl
    cli
    pushl $0
    pushl $VECTOR_LCALL
    pushal
    pushl %ds
    pushl %es
    subl $4, %esp
    movl EIP(%esp), %ebx                    // what was pushed first: flags, EIP, CS
    movl CS(%esp), %edx
    movl EFLAGS(%esp), %esi
    movl %edx, EIP(%esp)
    movl %esi, CS(%esp)
    movl %ebx, EFLAGS(%esp)
    pushl $EFLAGS_KERNEL
    popfl
    movl $KERNEL_DATA, %edx
    movl %edx, %ds
    movl %edx, %es
    movl ESP(%esp), %ecx
    REDIRECT trap_common
    jmp trap_common

// ---------------------------------------------------------------- exceptions and interrupts

common_entry:
    pushal
    pushl %ds
    pushl %es
    subl $4, %esp
    movl $KERNEL_DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    cld
    movl %esp, %eax
    call handle_vector                      // returns the frame to continue with
    movl %eax, %esp

// Continues the frame at ESP, user or kernel.
    .globl restore
restore:
1:  movw ES(%esp), %es
    FIXUP 1b, bad_es
2:  movw DS(%esp), %ds
    FIXUP 2b, bad_ds
    addl $12, %esp
    popal
    addl $8, %esp
    .globl iret_instruction
iret_instruction:
    iretl

// A data segment register that became invalid is cleared; its use faults in user mode.
bad_es:
    movl $0, ES(%esp)
    jmp restore
bad_ds:
    movl $0, %ss:DS(%esp)
    jmp restore

    .macro STUB number, has_error
    .align 16
    .if \has_error == 0
    pushl $0
    .endif
    pushl $\number
    jmp common_entry
    .endm

    .align 16
    .globl vector_stubs
vector_stubs:
    .set n, 0
    .rept 48
    .if n == 8 || (n >= 10 && n <= 14) || n == 17
    STUB n, 1
    .else
    STUB n, 0
    .endif
    .set n, n + 1
    .endr

// int $0x80: only an entry to emulation routines.
    .globl software_interrupt_stub
software_interrupt_stub:
    pushl $0
    pushl $VECTOR_SOFTWARE
    pushal
    pushl %ds
    pushl %es
    subl $4, %esp
    movl $KERNEL_DATA, %edx
    movl %edx, %ds
    movl %edx, %es
    cld
    movl ESP(%esp), %ecx
    REDIRECT not_redirected
not_redirected:
    movl %esp, %eax
    call handle_vector
    movl %eax, %esp
    jmp restore

// #DB. A program that single-steps into SYSENTER traps in the kernel with ESP not yet set up: drop
// the trap flag, note the step and go on.
    .globl debug_stub
debug_stub:
    cmpl $sysenter_entry, (%esp)
    jne vector_stubs + 16
    andl $~TRAP_FLAG, 8(%esp)
    pushl %eax
    movl %ss:CURRENT_THREAD, %eax
    orl $8, %ss:thread_ast(%eax)                   // kern::ast::kSingleStep
    popl %eax
    iretl

    .globl enter_user_frame                 // (TrapFrame*)
enter_user_frame:
    movl %eax, %esp
    jmp restore

// ---------------------------------------------------------------- user copies

// bool copy_user_bytes(void* to, const void* from, size_t size)
    .globl copy_user_bytes
copy_user_bytes:
    pushl %esi
    pushl %edi
    movl %eax, %edi
    movl %edx, %esi
    movl %ecx, %edx
    shrl $2, %ecx
1:  rep movsl
    FIXUP 1b, copy_failed
    andl $3, %edx
    jnz copy_rest
copy_done:
    movl $1, %eax
    popl %edi
    popl %esi
    ret
copy_rest:
    movl %edx, %ecx
2:  rep movsb
    FIXUP 2b, copy_failed
    jmp copy_done
copy_failed:
    xorl %eax, %eax
    popl %edi
    popl %esi
    ret

// bool copy_user_bytes_now(void* to, const void* from, size_t size): a page fault from copy_now_begin on makes it go on
// at copy_now_stopped.
    .globl copy_user_bytes_now, copy_now_begin, copy_now_end, copy_now_stopped
copy_user_bytes_now:
    pushl %esi
    pushl %edi
    movl %eax, %edi
    movl %edx, %esi
    movl %ecx, %edx
    andl $SSE_BLOCK - 1, %edx
    andl $-SSE_BLOCK, %ecx
    jz 2f
copy_now_begin:
    copy_blocks
2:  movl %edx, %ecx
    rep movsb
copy_now_end:
    movl $1, %eax
    popl %edi
    popl %esi
    ret
copy_now_stopped:
    xorl %eax, %eax
    popl %edi
    popl %esi
    ret

// void load_fs(uint32_t selector); a bad selector leaves null
    .globl load_fs, load_gs
load_fs:
1:  movw %ax, %fs
    ret
    FIXUP 1b, null_fs
null_fs:
    xorl %eax, %eax
    movw %ax, %fs
    ret
load_gs:
1:  movw %ax, %gs
    ret
    FIXUP 1b, null_gs
null_gs:
    xorl %eax, %eax
    movw %ax, %gs
    ret

// ---------------------------------------------------------------- kernel contexts

// First switch to a context: function and argument are on the stack.
    .globl context_start
context_start:
    popl %ecx
    popl %eax
    xorl %ebp, %ebp
    call *%ecx
    ud2
