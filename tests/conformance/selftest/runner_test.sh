#!/bin/bash
# runner_test.sh IMAGE.TAR EXPECTED: what the runner says of cases that fail.
set -euo pipefail
log=${TEST_TMPDIR:-/tmp}/runner.log
if images/runner/kernel_test.sh "$1" 64 "" icount > "$log"; then
  echo "not ok - failed cases passed"
  exit 1
fi
diff -u "$2" <(sed -E -n '/^(ok|not ok) [0-9]/p; /^#/p; /^1\.\./p' "$log" |
  sed -E 's/  at 0x[0-9a-f]+/  at PLACE/; s/failing\.c:[0-9]+/failing.c:LINE/')
