/*
 * Trap numbers and the two ways into the kernel.
 *
 * lcall $7,$0     EAX = number (negative), arguments from 4(%esp) on (0(%esp): return address of
 *                 the stub). Every register but EAX comes back unchanged.
 * sysenter        the same, and ECX = ESP, EDX = address to continue at. The kernel returns with
 *                 sysexit: EIP = EDX, ESP = ECX, EAX = result; EBX ESI EDI EBP unchanged, ECX and
 *                 EDX lost. For processors with CPUID.1:EDX bit 11 (SEP).
 *
 * The library's stubs load EAX and jump through mach_trap_entry, which first points to a routine
 * that looks at CPUID; the sysenter entry continues at a `ret`, so the stack stays balanced.
 */
#ifndef MACH_I386_SYSCALL_SW_H_
#define MACH_I386_SYSCALL_SW_H_

#define MACH_TRAP_EVC_WAIT (-17)
#define MACH_TRAP_EVC_WAIT_CLEAR (-18)
#define MACH_TRAP_MACH_MSG (-25)
#define MACH_TRAP_REPLY_PORT (-26)
#define MACH_TRAP_THREAD_SELF (-27)
#define MACH_TRAP_TASK_SELF (-28)
#define MACH_TRAP_HOST_SELF (-29)
#define MACH_TRAP_DEVICE_WRITEV_REQUEST (-39)
#define MACH_TRAP_DEVICE_WRITE_REQUEST (-40)
#define MACH_TRAP_SWTCH_PRI (-59)
#define MACH_TRAP_SWTCH (-60)
#define MACH_TRAP_THREAD_SWITCH (-61)
#define MACH_TRAP_VM_MAP (-64)
#define MACH_TRAP_VM_ALLOCATE (-65)
#define MACH_TRAP_VM_DEALLOCATE (-66)
#define MACH_TRAP_TASK_CREATE (-68)
#define MACH_TRAP_TASK_TERMINATE (-69)
#define MACH_TRAP_TASK_SUSPEND (-70)
#define MACH_TRAP_TASK_SET_SPECIAL_PORT (-71)
#define MACH_TRAP_PORT_ALLOCATE (-72)
#define MACH_TRAP_PORT_DEALLOCATE (-73)
#define MACH_TRAP_PORT_INSERT_RIGHT (-74)
#define MACH_TRAP_PORT_ALLOCATE_NAME (-75)
#define MACH_TRAP_THREAD_DEPRESS_ABORT (-76)
/* Not in other systems' tables. */
#define MACH_TRAP_VM_READ_OVERWRITE (-120)
#define MACH_TRAP_VM_WRITE (-121)

#define MACH_TRAP_TABLE_SIZE 130 /* numbers 0..-129 */

#endif
