#!/bin/bash
# host_runner_test.sh RUNNER PROGRAM EXPECTED: what the runner on the host says of cases that fail, and what the
# host tests make of it.
set -euo pipefail
runner=$1 program=$2 expected=$3
work=${TEST_TMPDIR:-/tmp}
"$runner" "$program" 64 > "$work/runner.log"
diff -u "$expected" <(sed -E -n '/^(ok|not ok) [0-9]/p; /^#/p; /^1\.\./p' "$work/runner.log" |
  sed -E 's/  at 0x[0-9a-f]+/  at PLACE/; s/failing\.c:[0-9]+/failing.c:LINE/')

# A table of the cases that failed, without its first lines.
table() { # FIRST
  printf 'chapter\tcase\treason\n'
  sed -nE 's/^not ok [0-9]+ - (.*)/selftest\t\1\tfor a test/p' "$work/runner.log" | tail -n "+$1"
}
judge() { # TABLE
  tests/conformance/host_test.sh selftest "$runner" "$program" 64 "$1" > "$work/verdict" 2>&1
}
table 1 > "$work/all"
judge "$work/all" || { cat "$work/verdict" && echo "not ok - expected failures failed" && exit 1; }
table 2 > "$work/too_few"
! judge "$work/too_few" || { echo "not ok - a failure passed" && exit 1; }
{ table 1 && printf 'selftest\tfailing, "first"\tit passes\n'; } > "$work/too_many"
! judge "$work/too_many" || { echo "not ok - a case that needs no hardware was excused" && exit 1; }
