/*
 * Stubs of the system traps. Each loads the trap's number and follows both conventions of
 * <mach/machine/syscall_sw.h> at once: EAX = number, ECX = stack pointer (arguments from 4(%ecx)
 * on), EDX = where to go on. mach_trap_entry decides how to enter the kernel.
 */
#include <mach/machine/syscall_sw.h>

#define SEP_BIT 0x800            /* CPUID.1:EDX: sysenter exists */
#define FIRST_SYSENTER_CPU 0x633 /* earlier ones of family 6 claim it wrongly */

  .macro TRAP name, number
  .globl \name
  .type \name, @function
  .p2align 4
\name:
  movl $\number, %eax
  movl %esp, %ecx
  movl $trap_done, %edx
  jmp *mach_trap_entry
  .size \name, . - \name
  .endm

  .section .text.mach_traps, "ax", @progbits

trap_done:
  ret

enter_by_sysenter:
  sysenter

enter_by_lcall:
  lcall $7, $0
  jmp *%edx

/* First trap of the program: looks at the processor and sets mach_trap_entry. */
choose_entry:
  pushl %eax
  pushl %ebx
  pushl %ecx
  pushl %edx
  movl $1, %eax
  cpuid
  movl $enter_by_lcall, %ebx
  testl $SEP_BIT, %edx
  jz 1f
  andl $0xfff, %eax
  cmpl $0x600, %eax
  jb 2f
  cmpl $FIRST_SYSENTER_CPU, %eax
  jb 1f
2:
  movl $enter_by_sysenter, %ebx
1:
  movl %ebx, mach_trap_entry
  popl %edx
  popl %ecx
  popl %ebx
  popl %eax
  jmp *mach_trap_entry

  .data
  .p2align 2
  .globl mach_trap_entry
  .type mach_trap_entry, @object
  .size mach_trap_entry, 4
mach_trap_entry:
  .long choose_entry

  .section .text.mach_msg, "ax", @progbits
  .weak mach_msg /* a program may bring its own, as the emulation library does */
  .type mach_msg, @function
  .p2align 4
/* The trap; anything but success goes to mach_msg_result with the same arguments on the stack. */
mach_msg:
  movl $MACH_TRAP_MACH_MSG, %eax
  movl %esp, %ecx
  movl $1f, %edx
  jmp *mach_trap_entry
1:
  testl %eax, %eax
  jnz mach_msg_result
  ret
  .size mach_msg, . - mach_msg

  .section .text.mach_traps, "ax", @progbits
  TRAP mach_msg_trap, MACH_TRAP_MACH_MSG
  TRAP mach_reply_port, MACH_TRAP_REPLY_PORT
  TRAP mach_thread_self, MACH_TRAP_THREAD_SELF
  TRAP mach_task_self, MACH_TRAP_TASK_SELF
  TRAP mach_host_self, MACH_TRAP_HOST_SELF
  TRAP swtch, MACH_TRAP_SWTCH
  TRAP swtch_pri, MACH_TRAP_SWTCH_PRI
  TRAP thread_switch, MACH_TRAP_THREAD_SWITCH
  TRAP evc_wait, MACH_TRAP_EVC_WAIT
  TRAP evc_wait_clear, MACH_TRAP_EVC_WAIT_CLEAR
  TRAP syscall_vm_map, MACH_TRAP_VM_MAP
  TRAP syscall_vm_allocate, MACH_TRAP_VM_ALLOCATE
  TRAP syscall_vm_deallocate, MACH_TRAP_VM_DEALLOCATE
  TRAP syscall_task_create, MACH_TRAP_TASK_CREATE
  TRAP syscall_task_terminate, MACH_TRAP_TASK_TERMINATE
  TRAP syscall_task_suspend, MACH_TRAP_TASK_SUSPEND
  TRAP syscall_task_set_special_port, MACH_TRAP_TASK_SET_SPECIAL_PORT
  TRAP syscall_mach_port_allocate, MACH_TRAP_PORT_ALLOCATE
  TRAP syscall_mach_port_deallocate, MACH_TRAP_PORT_DEALLOCATE
  TRAP syscall_mach_port_insert_right, MACH_TRAP_PORT_INSERT_RIGHT
  TRAP syscall_mach_port_allocate_name, MACH_TRAP_PORT_ALLOCATE_NAME
  TRAP syscall_thread_depress_abort, MACH_TRAP_THREAD_DEPRESS_ABORT
  TRAP syscall_vm_read_overwrite, MACH_TRAP_VM_READ_OVERWRITE
  TRAP syscall_vm_write, MACH_TRAP_VM_WRITE

  .section .note.GNU-stack, "", @progbits
