/* Thread state of the i386 (book appendix C, thread_get_state and thread_set_state). */
#ifndef MACH_I386_THREAD_STATUS_H_
#define MACH_I386_THREAD_STATUS_H_

#define i386_THREAD_STATE 1
#define i386_FLOAT_STATE 2
#define i386_ISA_PORT_MAP_STATE 3 /* disabled: setting has no effect */
#define i386_V86_ASSIST_STATE 4
#define i386_REGS_SEGS_STATE 5

/*
 * Flavors i386_THREAD_STATE (flat segments are forced on set) and i386_REGS_SEGS_STATE (segment
 * registers honoured). `uesp` is the stack pointer; `esp` is ignored on set.
 */
struct i386_thread_state {
  unsigned int gs;
  unsigned int fs;
  unsigned int es;
  unsigned int ds;
  unsigned int edi;
  unsigned int esi;
  unsigned int ebp;
  unsigned int esp;
  unsigned int ebx;
  unsigned int edx;
  unsigned int ecx;
  unsigned int eax;
  unsigned int eip;
  unsigned int cs;
  unsigned int efl;
  unsigned int uesp;
  unsigned int ss;
};
#define i386_THREAD_STATE_COUNT (sizeof(struct i386_thread_state) / sizeof(unsigned int))
#define i386_REGS_SEGS_STATE_COUNT i386_THREAD_STATE_COUNT

/* Flavor i386_FLOAT_STATE. */
#define FP_STATE_BYTES 108 /* an FSAVE image */
#define FP_NO 0
#define FP_SOFT 1
#define FP_287 2
#define FP_387 3

struct i386_float_state {
  int fpkind; /* FP_... */
  int initialized;
  unsigned char hw_state[FP_STATE_BYTES];
  int exc_status; /* status word of the last exception */
};
#define i386_FLOAT_STATE_COUNT (sizeof(struct i386_float_state) / sizeof(unsigned int))

struct i386_isa_port_map_state {
  unsigned char pm[1024 / 8];
};
#define i386_ISA_PORT_MAP_STATE_COUNT \
  (sizeof(struct i386_isa_port_map_state) / sizeof(unsigned int))

/* Flavor i386_V86_ASSIST_STATE: interrupt table of a virtual 8086 thread. */
struct i386_v86_assist_state {
  unsigned int int_table; /* address of v86_interrupt_table entries */
  int int_count;
};
#define i386_V86_ASSIST_STATE_COUNT (sizeof(struct i386_v86_assist_state) / sizeof(unsigned int))

struct v86_interrupt_table {
  unsigned int count; /* pending interrupts */
  unsigned short mask;
  unsigned short vec;
};

/* User selectors of a new thread (local descriptor table, privilege level 3). */
#define I386_USER_CS 0x17
#define I386_USER_DS 0x1f

/*
 * User slots of the global descriptor table, per thread, set with i386_set_gdt: three for thread
 * local storage and one that system-call emulation may claim.
 */
#define I386_USER_GDT_TLS_FIRST 6
#define I386_USER_GDT_TLS_LAST 8
#define I386_USER_GDT_EMULATION 13

/* Bits of efl. */
#define EFL_CF 0x00000001
#define EFL_PF 0x00000004
#define EFL_AF 0x00000010
#define EFL_ZF 0x00000040
#define EFL_SF 0x00000080
#define EFL_TF 0x00000100
#define EFL_IF 0x00000200
#define EFL_DF 0x00000400
#define EFL_OF 0x00000800
#define EFL_IOPL 0x00003000
#define EFL_NT 0x00004000
#define EFL_RF 0x00010000
#define EFL_VM 0x00020000

#endif
