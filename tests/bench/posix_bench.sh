#!/bin/bash
# posix_bench.sh REPORT IMAGE.TAR PROGRAM PEERS [BENCH-ARGUMENT]...: measures in a guest that counts
# instructions and shows the results with REPORT (table.sh or limits.sh).
set -euo pipefail
report=$1 tar=$2 program=$3 peers=$4
shift 4
export TMPDIR=${TEST_TMPDIR:-/tmp} HOME=${HOME:-/root}
tar -xf "$tar" -C "$TMPDIR"
./machina exec --image "$TMPDIR/disk.img" --icount --timeout 1500 --put "$program:/exec/posix_bench" \
  -- /exec/posix_bench "$@" > "$TMPDIR/results"
"$report" "$peers" "$TMPDIR/results"
