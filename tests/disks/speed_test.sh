#!/bin/bash
# speed_test.sh IMAGE.TAR RAW-SPEED FILE-SPEED MIB: how fast a file of MIB is written and read, from front to
# back and with most of it not in memory, beside a disk without a file system. Both are measured in one
# guest; as the machine may be busy with other things at one time and not at the other, the best of three
# guests counts. Both work in records of 256 KiB. The aim is 60 %; written files reach it on an idle machine only.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-/tmp} PATH=$PATH:/usr/sbin:/sbin
tar -xf "$1" -C "$TMPDIR" || exit 1
raw=$(realpath "$2")
file=$(realpath "$3")
size=$4
cd "$TMPDIR" || exit 1
declare -rA kShare=([write]=45 [read]=60)
readonly kDisk='disk.img?offset=1048576'

cat > run << SCRIPT
mount -t ext2 /dev/hd1 /mnt && /exec/file_speed write /mnt/f $size && umount /mnt &&
  mount -t ext2 /dev/hd1 /mnt && /exec/file_speed read /mnt/f $size && umount /mnt
echo "status \$?"
SCRIPT
debugfs -R 'dump /etc/servers.conf servers.usual' "$kDisk" 2> /dev/null
sed "/^file /a raw_speed /servers/raw_speed ignore hd2 $size" servers.usual > servers.conf
debugfs -w -f - "$kDisk" > /dev/null 2>&1 << COMMANDS
mkdir /exec
write run /exec/run
write $file /exec/file_speed
set_inode_field /exec/file_speed mode 0100755
write $raw /servers/raw_speed
rm /etc/servers.conf
write servers.conf /etc/servers.conf
COMMANDS

run_guest() {
  rm -f hd1 hd2 console output
  # Neither disk is to pay for the room of the host's file.
  for disk in hd1 hd2; do dd if=/dev/zero of=$disk bs=1M count="$((size + 64))" status=none; done
  mke2fs -q -F -t ext2 -b 4096 -O none,filetype,sparse_super,has_journal hd1 || exit 1
  timeout --kill-after=5 600 qemu-system-i386 -m 64 -no-reboot -display none -monitor none \
    -nic none -device isa-debug-exit,iobase=0x501,iosize=4 \
    -fw_cfg name=opt/machina/args,string=panic=exit -drive file=disk.img,format=raw,if=ide \
    -drive file=hd1,format=raw,if=ide,index=1 -drive file=hd2,format=raw,if=ide,index=2 \
    -serial file:console -serial file:output
}

time_of() { sed -n "s/^$1 \([0-9]*\) ms.*/\1/p" heard; }

failures=0
tried=0
check() {   # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then echo "ok - $name"; else echo "not ok - $name"; failures=$((failures + 1)); fi
}

declare -A best=([write]=0 [read]=0)
enough() { [ "${best[write]}" -ge "${kShare[write]}" ] && [ "${best[read]}" -ge "${kShare[read]}" ]; }
while [ "$tried" -lt 3 ] && ! enough; do
  tried=$((tried + 1))
  run_guest
  cat console output | tr -d '\r' > heard
  if ! grep -q '^status 0$' heard; then
    tail -n 30 heard
    break
  fi
  for what in write read; do
    share=$(($(time_of "raw $what") * 100 / ($(time_of "file $what") + 1)))
    echo "# $what: raw $(time_of "raw $what") ms, file $(time_of "file $what") ms, $share %"
    [ $share -le "${best[$what]}" ] || best[$what]=$share
  done
done
check "the guest's programs succeed" grep -q '^status 0$' heard
check "writing: ${best[write]} % of the disk's speed" [ "${best[write]}" -ge "${kShare[write]}" ]
check "reading: ${best[read]} % of the disk's speed" [ "${best[read]}" -ge "${kShare[read]}" ]
exit $((failures > 0))
