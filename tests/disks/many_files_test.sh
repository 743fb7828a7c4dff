#!/bin/bash
# many_files_test.sh IMAGE.TAR PROGRAM TREE-FILES: runs many_files on a fresh second disk in a guest that
# counts instructions; afterwards e2fsck finds no fault.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-/tmp} PATH=$PATH:/usr/sbin:/sbin
tar -xf "$1" -C "$TMPDIR" || exit 1
program=$(realpath "$2")
files=$3
cd "$TMPDIR" || exit 1
truncate -s 512M hd1
mke2fs -q -F -t ext2 -b 4096 -O none,filetype,sparse_super,has_journal -N $((files + 12000)) hd1 || exit 1
cat > run << SCRIPT
mount -t ext2 /dev/hd1 /mnt && mkdir /mnt/work && /exec/many_files /mnt/work $files
echo "status \$?"
umount /mnt || echo "not ok - unmount"
SCRIPT
printf 'mkdir /exec\nwrite run /exec/run\nwrite %s /exec/many_files\nset_inode_field /exec/many_files mode 0100755\n' \
  "$program" | debugfs -w -f - 'disk.img?offset=1048576' > /dev/null 2>&1
timeout --kill-after=5 3000 qemu-system-i386 -m 256 -no-reboot -display none -monitor none -nic none \
  -icount shift=0,sleep=off -rtc base=2026-01-01,clock=vm -device isa-debug-exit,iobase=0x501,iosize=4 \
  -fw_cfg name=opt/machina/args,string=panic=exit -drive file=disk.img,format=raw,if=ide \
  -drive file=hd1,format=raw,if=ide,index=1 -serial file:console -serial file:output
tr -d '\r' < output > heard
cat heard
if ! grep -q '^status 0$' heard || grep -q '^not ok' heard; then
  tail -20 console
  exit 1
fi
e2fsck -fn hd1 || exit 1
