// Offsets and addresses that entry.S shares with the C++ code. thread_block.h checks them.
#pragma once

// Program registers saved in the ThreadBlock, which %fs points to.
#define TB_SELF 0
#define TB_STACK_TOP 4
#define TB_EBX 8
#define TB_ECX 12
#define TB_EDX 16
#define TB_ESI 20
#define TB_EDI 24
#define TB_EBP 28
#define TB_EAX 32
#define TB_EIP 36
#define TB_ESP 40
#define TB_EFLAGS 44
#define TB_CALL 48
#define TB_UNBLOCKED 52 /* two words: signals this thread does not block */

// Linux-i386 system call numbers are below this.
#define EMULATION_CALL_COUNT 512

// Of each thread's block: bytes of the stack the library runs on.
#define LIBRARY_STACK_SIZE 49152

// The words of struct process_page that the exit path looks at (<servers/process_page.h>).
#define PAGE_PENDING 0xbbfff028

// Addresses of header words that the vDSO jumps through (struct emulation_header).
#define HEADER_CALL_ENTRY 0xb800003c
#define HEADER_CLOCK_GETTIME 0xb8000040
