#!/bin/bash
# options_test.sh: what the commands of ./machina make of their options, with QEMU and gdb played by scripts that
# print their arguments, one a line.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-$(mktemp -d)} HOME=${TEST_TMPDIR:-/root}
# A checkout of its own, with a kernel that looks as if it had been built.
readonly machina=$TMPDIR/checkout/machina
mkdir -p "$TMPDIR/checkout/images/runner" "$TMPDIR/checkout/.machina/image" "$TMPDIR/bin"
cp machina "$TMPDIR/checkout/" && cp images/runner/*.sh "$TMPDIR/checkout/images/runner/"
: > "$TMPDIR/checkout/.machina/image/kernel"
for program in qemu-system-i386 gdb; do
  # shellcheck disable=SC2016
  printf '#!/bin/bash\nprintf "%%s\\n" "%s" "$@"\nexit "${FAKE_STATUS:-0}"\n' $program > "$TMPDIR/bin/$program"
done
printf '#!/bin/sh\necho installed\n' > "$TMPDIR/bin/dpkg-query"
chmod +x "$TMPDIR"/bin/*
export PATH=$TMPDIR/bin:$PATH
cd "$TMPDIR" && : > 'some disk.img'

failures=0
check() {   # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then
    echo "ok - $name"
  else
    echo "not ok - $name"
    cat out err
    failures=$((failures + 1))
  fi
}

run() {   # leaves out, err and $status
  status=0
  "$machina" "$@" > out 2> err || status=$?
}
boot() { run boot --image 'some disk.img' "$@"; }

# Consecutive arguments, as they arrived.
got() {
  local all=$'\n'$(< out)$'\n' wanted
  wanted=$'\n'$(printf '%s\n' "$@")$'\n'
  [[ $all == *"$wanted"* ]]
}
refused() { [ $status = 2 ] && [ ! -s out ] && grep -q "$1" err; }

boot
check "boot starts QEMU" got qemu-system-i386
check "with 256 MiB" got -m 256
check "with the disk" got -drive 'file=some disk.img,format=raw,if=ide'
check "with serial line and monitor on the terminal" got -display none -serial mon:stdio
check "without a network" got -nic none
check "a restart is one" [ "$(grep -cx -- -no-reboot out)" = 0 ]
check "nothing is thrown away" [ "$(grep -cx -- -snapshot out)" = 0 ]
check "without a debugger" [ "$(grep -cx -- '-S\|-gdb' out)" = 0 ]
check "without kernel arguments" [ "$(grep -cx -- -fw_cfg out)" = 0 ]

boot --memory 64 --snapshot --no-reboot
check "--memory" got -m 64
check "--snapshot" got -snapshot
check "--no-reboot" got -no-reboot
boot --args 'console=vga,x panic=exit'
check "--args, commas doubled for QEMU" got -fw_cfg 'name=opt/machina/args,string=console=vga,,x panic=exit'
boot --display curses
check "--display curses" got -display curses
check "keeps the serial line off the terminal" got -serial null
boot --net
check "--net" got -nic user,model=ne2k_pci
boot --kvm
check "--kvm" got -accel kvm
boot --gdb
check "--gdb waits at the usual port" got -gdb tcp:127.0.0.1:1234 -S
check "and says how to go on" grep -q 'machina gdb 1234' err
boot --gdb 4000 --memory 32
check "--gdb at another port" got -gdb tcp:127.0.0.1:4000 -S
check "options after it count" got -m 32

# Without --image: the built disk is kept, and Bazel is asked only when a source file changed.
# shellcheck disable=SC2016
printf '#!/bin/sh\necho asked >> "%s"\nexit 1\n' "$TMPDIR/asked" > "$TMPDIR/bin/bazel"
chmod +x "$TMPDIR/bin/bazel"
state=$TMPDIR/checkout/.machina
echo first > "$state/image/disk.img"
(ROOT=$TMPDIR/checkout && . "$ROOT/images/runner/common.sh" && tree_stamp) > "$state/built"
run boot
check "boot without changes starts QEMU" got -drive "file=$state/disk.img,format=raw,if=ide"
check "without asking Bazel" [ ! -e "$TMPDIR/asked" ]
check "on a copy of the built disk" cmp -s "$state/disk.img" "$state/image/disk.img"
echo used > "$state/disk.img"
run boot
check "which is kept" grep -qx used "$state/disk.img"
run boot --fresh
check "--fresh replaces it" grep -qx first "$state/disk.img"
run exec true
check "exec works on a copy" grep -qx first "$state/disk.img"
touch "$TMPDIR/checkout/new_file"
run boot
check "boot after a change builds" grep -qx asked "$TMPDIR/asked"
check "and says so" grep -q 'building: the sources changed' err
check "a failed build ends it" [ $status = 1 ]

run gdb
check "gdb attaches to the usual port" got -ex 'target remote 127.0.0.1:1234'
check "with the kernel's symbols" got "$TMPDIR/checkout/.machina/image/kernel"
run gdb 4000 -batch
check "or another" got -ex 'target remote 127.0.0.1:4000'
check "and hands on gdb's own options" got -batch

FAKE_STATUS=1 boot
check "QEMU's status 1 is a power-off" [ $status = 0 ]
FAKE_STATUS=255 boot
check "QEMU's status 255 is a panic" [ $status = 125 ]

for wrong in --memroy -m memory; do
  boot $wrong
  check "boot refuses $wrong" refused "unknown option '$wrong'"
done
boot --memory
check "boot wants a value" refused "'--memory' needs a value"
boot --memory much
check "boot wants a number" refused "'--memory' needs a positive number"
boot --display tube
check "boot knows its displays" refused 'serial, curses or window'
run boot --image nowhere.img
check "an image must be there" [ $status = 1 ]
run exec
check "exec wants a command" refused 'no command'
for wrong in '--timeout 0' '--memory x' '--put nowhere:/x' '--put x' '--get relative:x' '--icounts'; do
  # shellcheck disable=SC2086
  run exec $wrong true
  check "exec refuses $wrong" refused .
done
for command in build setup bench test; do
  run $command --wrong
  check "$command refuses an unknown option" refused .
done

run help
check "help succeeds" [ $status = 0 ]
for command in boot exec build test bench gdb setup; do
  check "help lists $command" grep -qE "^  $command +[a-z]" out
done
for command in boot exec build test bench gdb setup; do
  run help $command
  check "help $command explains" grep -q "^Usage: ./machina $command" out
  cp out explained
  run $command --help
  check "$command --help does the same" cmp out explained
done
run
check "no command is help" grep -q '^Usage: ./machina COMMAND' out
# shellcheck disable=SC2013
for option in $(sed -nE '/^command_boot/,/^}/s/^ +(--[a-z-]+)\).*/\1/p' "$TMPDIR/checkout/images/runner/boot.sh"); do
  run help boot
  check "help boot names $option" grep -q -- "^  $option" out
done
exit $((failures > 0))
