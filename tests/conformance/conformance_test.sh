#!/bin/bash
# conformance_test.sh CHAPTER IMAGE.TAR MEMORY: runs the chapter's cases in the guest, and makes sure that
# they are the ones in the sources, each once.
set -euo pipefail
export LC_ALL=C
chapter=$1 image=$2 memory=$3
log=${TEST_TMPDIR:-/tmp}/conformance.log
images/runner/kernel_test.sh "$image" "$memory" "" icount | tee "$log"
diff -u --label sources <(tests/conformance/matrix.sh cases "$chapter") \
  --label guest <(sed -nE 's/^ok [0-9]+ - //p' "$log" | sed 's/" "//g' | sort) || {
  echo "not ok - the guest did not run the cases of the sources"
  exit 1
}
