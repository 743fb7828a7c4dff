#!/bin/bash
# full_disk_test.sh IMAGE.TAR PROGRAM: runs full_disk on small ext3 disks, of small and large blocks and with few
# inodes; afterwards e2fsck finds no fault on them.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-/tmp} PATH=$PATH:/usr/sbin:/sbin
tar -xf "$1" -C "$TMPDIR" || exit 1
program=$(realpath "$2")
cd "$TMPDIR" || exit 1
make_disk() {   # FILE [mke2fs option]...
  truncate -s 16M "$1"
  mke2fs -q -F -t ext3 -m 0 -O none,filetype,sparse_super,large_file,has_journal "${@:2}" "$1" || exit 1
}
make_disk hd1 -b 1024
make_disk hd2 -b 4096
make_disk hd3 -b 1024 -N 64
echo small > small
for disk in hd1 hd2; do
  printf 'write small larger\nset_inode_field larger size 5368709120\n' | debugfs -w -f - $disk > /dev/null 2>&1
  e2fsck -fn $disk > fsck 2>&1 || { cat fsck; exit 1; }
done
cat > run << 'SCRIPT'
for disk in 1 2 3; do mkdir -p /mnt/$disk && mount -t ext2 /dev/hd$disk /mnt/$disk || echo "not ok - mount"; done
/exec/full_disk /mnt/1 /mnt/2 /mnt/3
echo "status $?"
for disk in 1 2 3; do umount /mnt/$disk || echo "not ok - unmount"; done
SCRIPT
printf 'mkdir /exec\nwrite run /exec/run\nwrite %s /exec/full_disk\nset_inode_field /exec/full_disk mode 0100755\n' \
  "$program" | debugfs -w -f - 'disk.img?offset=1048576' > /dev/null 2>&1
timeout --kill-after=5 900 qemu-system-i386 -m 256 -no-reboot -display none -monitor none -nic none \
  -device isa-debug-exit,iobase=0x501,iosize=4 -fw_cfg name=opt/machina/args,string=panic=exit \
  -drive file=disk.img,format=raw,if=ide -drive file=hd1,format=raw,if=ide,index=1 \
  -drive file=hd2,format=raw,if=ide,index=2 -drive file=hd3,format=raw,if=ide,index=3 -serial file:console -serial file:output
tr -d '\r' < output | tee heard
if ! grep -q '^status 0$' heard || grep -q '^not ok' heard; then
  tail -20 console
  exit 1
fi
for disk in hd1 hd2 hd3; do e2fsck -fn $disk || exit 1; done
