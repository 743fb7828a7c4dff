#!/bin/bash
# guest_test.sh IMAGE.TAR PROGRAM [EXEC-OPTION]... -- [ARGUMENT]...: the action of guest_test.
set -euo pipefail
tar=$1 program=$2
shift 2
options=()
while [ "$1" != -- ]; do
  options+=("$1")
  shift
done
shift
export TMPDIR=${TEST_TMPDIR:-/tmp} HOME=${HOME:-/root}
tar -xf "$tar" -C "$TMPDIR"
guest=/exec/$(basename "$program")
status=0
./machina exec --image "$TMPDIR/disk.img" --console "$TMPDIR/console" --timeout 250 \
  --put "$program:$guest" "${options[@]}" -- "$guest" "$@" | tee "$TMPDIR/output" || status=$?
if [ "$status" = 0 ] && grep -q '^not ok' "$TMPDIR/output"; then status=1; fi
exit "$status"
