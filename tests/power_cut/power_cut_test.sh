#!/bin/bash
# power_cut_test.sh IMAGE.TAR LOAD JUDGE LOSSY_DISK CUTS [SEED]: the machine loses its power at random moments of a
# load that creates, appends, renames, removes and syncs files. At every other cut the disk, too, loses
# what it was not told to flush (lossy_disk.cc). After each cut
#   - e2fsck can recover a copy of the disk, and finds nothing else to do;
#   - the system boots by itself and powers off in order; then e2fsck -fn has nothing to say;
#   - on both disks the files are those of one moment since the last sync, with all that was synced
#     (judge.cc). Needs no root: the disk is a file, debugfs reads it.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-/tmp} PATH=$PATH:/usr/sbin:/sbin
tar=$1 load=$2 judge=$3 lossy_disk=$4 cuts=$5
RANDOM=${6:-1}
image=$TMPDIR/disk.img
# The path of a socket has at most 107 bytes; TMPDIR may have more.
socket_folder=$(mktemp -d /tmp/power_cut.XXXXXX)
trap 'rm -rf "$socket_folder"' EXIT
readonly socket=$socket_folder/socket
readonly kOffset=1048576 kMegabytes=128
readonly kPatience=300   # seconds; a loaded machine is slow

fail() {
  echo "not ok - cut $cut: $*"
  cp -f "$TMPDIR/crashed.img" "${TEST_UNDECLARED_OUTPUTS_DIR:-/tmp}/" 2> /dev/null
  tail -5 "$TMPDIR/console"
  exit 1
}

disk() { debugfs "$@" 2> /dev/null; }

partition() {   # IMAGE OUT
  dd if="$1" of="$2" bs=1M skip=1 count=$kMegabytes conv=sparse status=none
}

machine() {   # DISK
  exec qemu-system-i386 -m 256 -drive "file=$1,format=raw,if=ide" \
    -device isa-debug-exit,iobase=0x501,iosize=4 -no-reboot -display none -monitor none -nic none \
    -serial "file:$TMPDIR/console" -serial "file:$TMPDIR/output" -fw_cfg name=opt/machina/args,string=panic=exit
}

prepare() {   # SEED: the load's next seed; its directory is emptied in the guest
  printf '%s\n' "$1" > "$TMPDIR/seed"
  disk -w -f - "$image?offset=$kOffset" > /dev/null << COMMANDS
rm /exec/seed
write $TMPDIR/seed /exec/seed
rm /started
COMMANDS
}

start_image() {
  tar -xf "$tar" -C "$TMPDIR" || exit 1
  cat > "$TMPDIR/run" << 'SCRIPT'
if [ -e /started ]; then exit 0; fi
rm -rf /data
mkdir /data
echo > /started
sync
exec /exec/load /data "$(cat /exec/seed)" 1000000  # more than it can do before the cut
SCRIPT
  disk -w -f - "$image?offset=$kOffset" > /dev/null << COMMANDS
mkdir /exec
write $TMPDIR/run /exec/run
write $load /exec/load
set_inode_field /exec/load mode 0100755
COMMANDS
}

# The number of the last operation the load has finished; nothing before the first. The cut may leave a last line
# without its end, and so half a number.
last_done() {
  local line last=''
  while IFS= read -r line; do
    if [[ $line =~ ^[0-9]+$ ]]; then last=$line; fi
  done < <(tr -d '\r' < "$TMPDIR/output")
  printf '%s' "$last"
}

judge_image() {   # PARTITION DONE SEED
  rm -rf "$TMPDIR/found"
  mkdir "$TMPDIR/found"
  disk -R "rdump /data $TMPDIR/found" "$1" > /dev/null
  "$judge" "$TMPDIR/found/data" "$3" "$2"
}

# Runs the load and cuts the power DELAY milliseconds after its first operation.
run_until_cut() {   # DELAY SEED
  local drive=$image disk='' deadline=$((SECONDS + kPatience))
  : > "$TMPDIR/output"
  if [ $((cut % 2)) = 0 ]; then
    "$lossy_disk" "$image" "$socket" "$2" &
    disk=$!
    until [ -S "$socket" ]; do
      kill -0 $disk || fail "there is no disk"
      sleep 0.02
    done
    drive=nbd+unix:///?socket=$socket
  fi
  machine "$drive" &
  local qemu=$!
  until [ -n "$(last_done)" ]; do
    kill -0 $qemu 2> /dev/null && [ $SECONDS -lt $deadline ] || break
    sleep 0.05
  done
  sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
  # The disk first: what QEMU still has in flight is lost with it.
  kill -9 $disk $qemu
  wait $disk $qemu 2> /dev/null
  rm -f "$socket"
  [ -n "$(last_done)" ] || fail "the load did not start"
  grep -q '^failed' "$TMPDIR/output" && fail "$(grep '^failed' "$TMPDIR/output")"
}

# Boots and waits for the power-off; the machine's status.
run_to_end() {
  machine "$image" &
  local qemu=$! deadline=$((SECONDS + kPatience))
  while kill -0 $qemu 2> /dev/null; do
    [ $SECONDS -lt $deadline ] || kill -9 $qemu
    sleep 0.1
  done
  wait $qemu
}

start_image
operations=0
for cut in $(seq "$cuts"); do
  seed=$((RANDOM * 32768 + RANDOM))
  prepare $seed
  run_until_cut $((RANDOM % 4000)) $seed
  finished=$(last_done)
  operations=$((operations + finished))
  cp --sparse=always "$image" "$TMPDIR/crashed.img"
  partition "$image" "$TMPDIR/copy"
  e2fsck -p "$TMPDIR/copy" > "$TMPDIR/fsck" 2>&1
  [ $? -le 1 ] || fail "e2fsck -p: $(cat "$TMPDIR/fsck")"
  e2fsck -fn "$TMPDIR/copy" > "$TMPDIR/fsck" 2>&1 || fail "e2fsck -fn after -p: $(cat "$TMPDIR/fsck")"
  verdict=$(judge_image "$TMPDIR/copy" "$finished" $seed) || fail "recovered by e2fsck: $verdict"

  run_to_end
  status=$?
  [ $status -le 1 ] || fail "the next boot ended with status $status"
  grep -q 'journal has been replayed' "$TMPDIR/console" || fail "the journal was not replayed"
  partition "$image" "$TMPDIR/copy"
  e2fsck -fn "$TMPDIR/copy" > "$TMPDIR/fsck" 2>&1 || fail "e2fsck -fn: $(cat "$TMPDIR/fsck")"
  verdict=$(judge_image "$TMPDIR/copy" "$finished" $seed) || fail "$verdict"
  echo "ok - cut $cut: $verdict"
done
echo "$cuts cuts, $operations operations"
