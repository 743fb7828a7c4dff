#!/bin/bash
# disk_image_test.sh IMAGE.TAR MKE2FS: what is on the disk, and that it boots.
set -euo pipefail
tar=$1 tools=$(dirname "$2")/..
cd "${TEST_SRCDIR:-.}/${TEST_WORKSPACE:-.}" 2>/dev/null || true
export TMPDIR=${TEST_TMPDIR:-$(mktemp -d)}
image=$TMPDIR/disk.img
tar -xf "$tar" -C "$TMPDIR"

failures=0
check() {   # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then echo "ok - $name"; else echo "not ok - $name"; failures=$((failures + 1)); fi
}

debugfs() {
  "$tools/libs/ld-linux-x86-64.so.2" --library-path "$tools/libs" "$tools/bin/debugfs" \
    -R "$1" "$image?offset=1048576" 2>/dev/null
}

little_endian32_at() { od -A n -t u4 -j "$1" -N 4 "$image" | tr -d ' '; }
has() { grep -qE "$2" <<< "$1"; }

check "the disk is 449 MiB" [ "$(stat -c %s "$image")" = $((449 * 1024 * 1024)) ]
check "and sparse" [ "$(du -m "$image" | cut -f1)" -lt 32 ]
check "partition 1 starts at 1 MiB" [ "$(little_endian32_at 454)" = 2048 ]
check "partition 2 is swap" [ "$(od -A n -t x1 -j 466 -N 1 "$image" | tr -d ' ')" = 82 ]
check "partition 2 has 320 MiB" [ "$(little_endian32_at 474)" = 655360 ]
check "blocks have 4 KiB" has "$(debugfs stats)" '^Block size:[[:space:]]+4096$'
check "inodes have 128 bytes" has "$(debugfs stats)" '^Inode size:[[:space:]]+128$'
check "there is a journal" has "$(debugfs stats)" '^Filesystem features:.*has_journal'
check "a mode can be chosen" has "$(debugfs 'stat /etc/motd')" 'Mode: +0600'
check "a directory's mode can be chosen" has "$(debugfs 'stat /tmp')" 'Mode: +01777'
check "programs are executable" has "$(debugfs 'stat /boot/kernel')" 'Mode: +0755'
check "a file has its content" [ "$(debugfs 'cat /etc/motd')" = "hello" ]
check "busybox has links" has "$(debugfs 'stat /bin/ash')" 'Fast link dest: "/bin/busybox"'
check "times are fixed" has "$(debugfs 'stat /etc/motd')" 'mtime: 0x00000001'

status=0
console=$(timeout 50 qemu-system-i386 -accel tcg -m 64 -drive "file=$image,format=raw,if=ide,snapshot=on" \
  -display none -nic none -no-reboot -monitor none -serial stdio \
  -device isa-debug-exit,iobase=0x501,iosize=4) || status=$?
echo "$console"
check "the kernel boots from the disk" has "$console" 'hello multiboot'
check "with its module" has "$console" "module: .*motd argument"
check "and its C++ works" has "$console" "c\+\+23 ok"
check "and ends the machine" [ "$status" = 33 ]
exit $((failures > 0))
