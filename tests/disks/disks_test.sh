#!/bin/bash
# disks_test.sh IMAGE.TAR GUEST-SCRIPT: several disks in one guest; full ones, failing ones (QEMU's blkdebug).
# The output of the script in the guest must be as below, and afterwards e2fsck finds no fault on any disk.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-/tmp} PATH=$PATH:/usr/sbin:/sbin
tar -xf "$1" -C "$TMPDIR" || exit 1
script=$(realpath "$2")
cd "$TMPDIR" || exit 1
readonly kOffset=1048576

make_disk() {   # FILE FEATURES [mke2fs option]...
  truncate -s 8M "$1"
  mke2fs -q -F -t ext2 -b 1024 -O "none,filetype,sparse_super$2" "${@:3}" "$1" || exit 1
}

failing() {   # IMAGE SECTOR read|write: the name of a drive that fails there
  cat > "$1.rules" << RULES
[inject-error]
event = "$3_aio"
errno = "5"
sector = "$2"
once = "off"
iotype = "$3"
RULES
  echo "blkdebug:$1.rules:$1"
}

block_of() { debugfs -R "blocks $2" "$1" 2> /dev/null | cut -d' ' -f"$3"; }

make_disk hd1 ,has_journal -N 64
make_disk hd2 ,has_journal
make_disk hd3 ""
seq 20000 > blob
seq 100 > good
printf 'write blob blob\nwrite good good\n' | debugfs -w -f - hd3 > /dev/null 2>&1
printf 'mkdir /exec\nwrite %s /exec/run\n' "$script" |
  debugfs -w -f - "disk.img?offset=$kOffset" > /dev/null 2>&1

timeout --kill-after=5 300 qemu-system-i386 -m 256 -no-reboot -display none -monitor none -nic none \
  -device isa-debug-exit,iobase=0x501,iosize=4 -fw_cfg name=opt/machina/args,string=panic=exit \
  -drive file=disk.img,format=raw,if=ide -drive file=hd1,format=raw,if=ide,index=1 \
  -drive "file=$(failing hd2 $(($(block_of hd2 '<8>' 2) * 2)) write),format=raw,if=ide,index=2,werror=report" \
  -drive "file=$(failing hd3 $(($(block_of hd3 blob 20) * 2)) read),format=raw,if=ide,index=3,rerror=report" \
  -serial file:console -serial file:output
status=$?

cat > expected << 'TEXT'
mount hd1: ok
mount hd2: ok
mount hd3: ok
mount tmpfs: ok
mount twice: Device or resource busy
no such disk: No such device or address
not a file system: Invalid argument
files: 53, then No space left on device
directory without inodes: No space left on device
a name needs no inode: ok
remove: ok
its inode is free: ok
filling the disk: No space left on device
free blocks: none
sync of a full disk: ok
remove the large file: ok
its blocks are free: ok
sync: ok
read up to the bad sector: ok
the bad sector: Input/output error
another file: ok
write beside it: ok
write: ok
fsync: Input/output error
what was written is there: ok
unmount a current directory: Device or resource busy
unmount hd1: ok
unmount hd3: ok
unmount with changes that cannot be written: Input/output error
unmount tmpfs: ok
mount read-only: ok
write on a read-only mount: Read-only file system
remove on a read-only mount: Read-only file system
names kept: 54
unmount: ok
mount again: ok
write again: ok
TEXT
failures=0
check() {   # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then echo "ok - $name"; else echo "not ok - $name"; failures=$((failures + 1)); fi
}
tr -d '\r' < output > heard
check "the guest ends in order" [ "$status" -le 1 ]
check "every operation has the expected outcome" diff expected heard
# Nothing that a failing log left behind may need more than forgetting the log.
e2fsck -p hd2 > fsck 2>&1
check "hd2 recovers" [ $? -le 1 ]
dd if=disk.img of=hd0 bs=1M skip=1 count=128 conv=sparse status=none
sound() { e2fsck -fn "$1" > fsck 2>&1 || { cat fsck; false; }; }
for disk in hd0 hd1 hd2 hd3; do check "$disk is sound" sound "$disk"; done
[ $failures = 0 ] || tail -20 console
exit $((failures > 0))
