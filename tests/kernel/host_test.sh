#!/bin/bash
# host_test.sh RUNNER PROGRAM MEMORY: a test program on the host build of the kernel. It passes when the console
# shows a plan and exactly so many "ok" lines, no "not ok" line, and the machine was turned off.
set -euo pipefail
log=${TEST_TMPDIR:-/tmp}/log
fail() {
  echo "not ok - $*"
  exit 1
}
status=0
timeout --kill-after=10 500 "$1" "$2" "$3" > "$log" || status=$?
cat "$log"
[ "$status" = 0 ] || fail "the machine ended with status $status"
planned=$(sed -nE 's/^1\.\.([0-9]+)$/\1/p' "$log")
[ -n "$planned" ] || fail "the console shows no plan"
! grep -qE '^not ok\b' "$log" || fail "a case failed"
passed=$(grep -cE '^ok\b' "$log" || true)
[ "$passed" = "$planned" ] || fail "$passed of $planned cases reported"
