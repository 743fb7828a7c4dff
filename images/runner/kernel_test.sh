#!/bin/bash
# kernel_test.sh IMAGE.TAR MEMORY KERNEL-ARGUMENTS [MODE]: the action of kernel_test. Modes: "icount", the
# clock counts instructions; "reboots", the machine may restart, which otherwise ends it. GUEST_SECONDS: how
# long the guest may take.
set -euo pipefail
tar=$1 memory=$2 arguments=$3
export TMPDIR=${TEST_TMPDIR:-/tmp}
. images/runner/qemu.sh
tar -xf "$tar" -C "$TMPDIR"
machine "$TMPDIR/disk.img" "$memory" "panic=exit${arguments:+ $arguments}"
[ "${4:-}" != icount ] || counted_instructions
[ "${4:-}" = reboots ] || QEMU+=(-no-reboot)
status=0
timeout --kill-after=10 "${GUEST_SECONDS:-250}" "${QEMU[@]}" -nic none -display none -monitor none \
  -serial "file:$TMPDIR/console" < /dev/null || status=$?
tr -d '\r' < "$TMPDIR/console" > "$TMPDIR/log"
cat "$TMPDIR/log"

fail() {
  echo "not ok - $*"
  exit 1
}
case $status in
  0 | 1) ;;
  124 | 137) fail "the guest did not finish in time" ;;
  *) fail "the machine ended with status $status" ;;
esac
planned=$(sed -nE 's/^1\.\.([0-9]+)$/\1/p' "$TMPDIR/log")
[ -n "$planned" ] || fail "the console shows no plan"
passed=$(grep -cE '^ok\b' "$TMPDIR/log" || true)
! grep -qE '^not ok\b' "$TMPDIR/log" || fail "a case failed"
[ "$passed" = "$planned" ] || fail "$passed of $planned cases reported"
