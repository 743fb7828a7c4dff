#!/bin/bash
# guest_script_test.sh IMAGE.TAR SCRIPT THRASH MEBIBYTES: runs a script in a guest with little memory, with the program
# thrash and check.sh beside it.
set -euo pipefail
tar=$1 script=$2 thrash=$3 memory=$4
export TMPDIR=${TEST_TMPDIR:-/tmp} HOME=${HOME:-/root}
tar -xf "$tar" -C "$TMPDIR"
status=0
./machina exec --image "$TMPDIR/disk.img" --console "$TMPDIR/console" --timeout 1500 --memory "$memory" \
  --put "$thrash:/exec/thrash" --put default_pager/test/check.sh:/exec/check --put "$script:/exec/script" -- \
  /bin/sh /exec/script | tee "$TMPDIR/output" || status=$?
grep -q '^1\.\.' "$TMPDIR/output" && ! grep -q '^not ok' "$TMPDIR/output" && [ "$status" = 0 ] && exit 0
cat "$TMPDIR/console"
exit 1
