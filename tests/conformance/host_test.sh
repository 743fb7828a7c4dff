#!/bin/bash
# host_test.sh CHAPTER RUNNER PROGRAM MEMORY TABLE: runs the chapter's cases on the host build of the kernel, and makes
# sure that they are the ones in the sources, each once. Those in TABLE (needs_hardware.tsv) must fail there,
# all others pass.
set -euo pipefail
export LC_ALL=C
chapter=$1 runner=$2 program=$3 memory=$4 table=$5
work=${TEST_TMPDIR:-/tmp}
status=0
timeout --kill-after=10 "${HOST_SECONDS:-500}" "$runner" "$program" "$memory" > "$work/log" || status=$?
cat "$work/log"

fail() {
  echo "not ok - $*"
  exit 1
}
[ "$status" = 0 ] || fail "the machine ended with status $status"

# The names of the cases with this verdict, as matrix.sh prints them.
cases() { # VERDICT
  sed -nE "s/^($1) [0-9]+ - //p" "$work/log" | sed 's/" "//g' | sort
}
diff -u --label sources <(tests/conformance/matrix.sh cases "$chapter") \
  --label host <(cases 'ok|not ok') ||
  fail "the host did not run the cases of the sources"
diff -u --label needs_hardware.tsv \
  <(awk -F'\t' -v chapter="$chapter" 'NR > 1 && $1 == chapter {print $2}' \
    "$table" | sort) \
  --label failed <(cases 'not ok') ||
  fail "the cases that failed are not those that need hardware"
