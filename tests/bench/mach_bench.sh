#!/bin/bash
# mach_bench.sh REPORT IMAGE.TAR PEERS: measures on the kernel alone, in a guest that counts
# instructions, and shows the results with REPORT (table.sh or limits.sh).
set -euo pipefail
report=$1 tar=$2 peers=$3
export TMPDIR=${TEST_TMPDIR:-/tmp}
images/runner/kernel_test.sh "$tar" 64 "" icount > "$TMPDIR/output" || {
  cat "$TMPDIR/output"
  exit 1
}
sed -nE 's/^cost (.*): ([0-9]+)$/\1\t\2/p' "$TMPDIR/output" > "$TMPDIR/results"
"$report" "$peers" "$TMPDIR/results"
