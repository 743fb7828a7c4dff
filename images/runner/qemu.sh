# shellcheck shell=bash disable=SC2034,SC2054
# The virtual machine: what every command's QEMU has in common. Sourced by ./machina.

readonly DEFAULT_MEMORY=256   # MiB

# Sets QEMU to the command line of a machine with this disk: machine IMAGE MEMORY KERNEL-ARGUMENTS.
# A restart of the guest restarts the machine; who wants it to end there adds -no-reboot.
machine() {
  QEMU=(qemu-system-i386
    -m "$2"
    -drive "file=$1,format=raw,if=ide"
    -device isa-debug-exit,iobase=0x501,iosize=4)
  # The kernel appends this text to its command line (images/README.md).
  [ -z "$3" ] || QEMU+=(-fw_cfg "name=opt/machina/args,string=${3//,/,,}")
}

# Time that counts instructions: each is one nanosecond of the guest's clock, which goes on by itself only while
# the processor waits.
counted_instructions() {
  QEMU+=(-icount shift=0,sleep=off -rtc base=2026-01-01,clock=vm)
}
