#!/bin/bash
# What matrix.sh finds fault with, on a small tree of its own.
set -euo pipefail
source=$PWD/tests/conformance
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/tests/conformance/demo" "$root/docs/conformance"
cd "$root"
cp "$source"/{matrix.sh,matrix.awk,cases.awk} tests/conformance
matrix=tests/conformance/matrix.sh
failed=0

# refused TEXT [complete]: check demo fails and says so.
refused() {
  local said
  $matrix write demo > /dev/null 2>&1 || true
  if said=$($matrix check demo ${2:-} 2>&1); then
    echo "not ok - accepted, though: $1" && failed=1
  elif ! grep -qF "$1" <<< "$said"; then
    echo "not ok - expected '$1' in: $said" && failed=1
  fi
}

reset() {
  rm -f tests/conformance/demo/*
  printf 'chapter\tinterface\tkind\tvalues\tforms\n' > tests/conformance/interfaces.tsv
  printf 'demo\tcall\tFunction\tGOOD,BAD\tcall_form\n' >> tests/conformance/interfaces.tsv
  printf 'interface\tvalue\treason\ncall\tBAD\tit is never bad\n' > tests/conformance/demo/unreachable.tsv
  cat > tests/conformance/demo/call.c << 'C'
CONFORMS(call, GOOD, call_form, "two values at once") {
CONFORMS(call,
         "a description (with brackets), "
         "in two parts") {
C
}

reset
$matrix write demo
$matrix check demo complete || { echo "not ok - a complete chapter is refused"; failed=1; }
grep -qF '4 rows: 3 tested by 2 cases, 1 unreachable, 0 open.' docs/conformance/demo.md ||
  { echo "not ok - wrong counts"; failed=1; }
[ "$($matrix cases demo)" = 'call, "a description (with brackets), in two parts"
call, GOOD, call_form, "two values at once"' ] || { echo "not ok - wrong names"; failed=1; }

reset
sed -i '/BAD/d' tests/conformance/demo/unreachable.tsv
refused 'call BAD: neither tested nor unreachable' complete
$matrix check demo || { echo "not ok - a chapter under way is refused"; failed=1; }
reset
sed -i 's/GOOD, call_form/GOOD, BAD, call_form/' tests/conformance/demo/call.c
refused 'call BAD: tested and unreachable'
reset
sed -i 's/GOOD, call_form/GOOD, UGLY/' tests/conformance/demo/call.c
refused 'the book has no row call UGLY'
reset
printf 'call\tWORSE\tno\n' >> tests/conformance/demo/unreachable.tsv
refused 'the book has no row call WORSE'
reset
sed -i 's/it is never bad//' tests/conformance/demo/unreachable.tsv
refused 'interface, value and reason expected'
reset
mv tests/conformance/demo/call.c tests/conformance/demo/other.c
refused 'cases of call belong in call.c'
reset
sed -i p tests/conformance/demo/call.c
refused 'there is another case of this name'
reset
$matrix write demo
echo 'CONFORMS(call, "one more") {' >> tests/conformance/demo/call.c
if $matrix check demo > /dev/null 2>&1; then echo "not ok - an old matrix is accepted"; failed=1; fi
exit $failed
