// Multiboot entry: paging on, stack, then arch_main in the upper half.

    .set KERNEL_BASE, 0xC0000000
    .set DIRECT_MAP_ENTRIES, 192            // 4 MiB each: 768 MiB

    .set MAGIC, 0x1BADB002
    .set FLAGS, 0x3                         // page-aligned modules, memory map
    // Linked at its physical address: boot loaders want the entry inside a segment.
    .section .boot, "ax", @progbits
    .align 4
    .long MAGIC, FLAGS, -(MAGIC + FLAGS)
    .globl boot_entry
boot_entry:
    movl $(start - KERNEL_BASE), %ecx
    jmp *%ecx

    .section .bss
    .align 4096
    .globl boot_page_directory
boot_page_directory:
    .skip 4096
    .globl boot_stack
boot_stack:
    .skip 8192
    .globl boot_stack_top
boot_stack_top:

    .text
    .globl start
    .type start, @function
start:
    cli
    cld
    movl $(boot_page_directory - KERNEL_BASE), %edi
    movl $0x83, (%edi)                      // first 4 MiB one to one, until the jump
    leal 0xC00(%edi), %edi                  // entry 768: the direct map
    movl $0x183, %edx                       // present, writable, 4 MiB, global
    movl $DIRECT_MAP_ENTRIES, %ecx
1:  movl %edx, (%edi)
    addl $4, %edi
    addl $0x400000, %edx
    loop 1b

    movl $(boot_page_directory - KERNEL_BASE), %ecx
    movl %ecx, %cr3
    movl %cr4, %ecx
    orl $0x90, %ecx                         // PSE, PGE
    movl %ecx, %cr4
    movl %cr0, %ecx
    orl $0x80010000, %ecx                   // PG, WP
    movl %ecx, %cr0
    movl $upper_half, %ecx
    jmp *%ecx
upper_half:
    movl $0, boot_page_directory
    movl %cr3, %ecx
    movl %ecx, %cr3
    movl $boot_stack_top, %esp
    xorl %ebp, %ebp
    pushl $0
    popfl
    movl %ebx, %edx                         // multiboot information, physical; EAX: its magic
    call arch_main
1:  cli
    hlt
    jmp 1b
    .size start, .-start
