#!/bin/bash
# fuzz_test.sh PROGRAM CORPUS OPTION...: the action of host_fuzz_test.
set -euo pipefail
program=$1 corpus_file=$2
shift 2
# Two directories: what is found new goes to the first one.
found=$TEST_TMPDIR/found corpus=$TEST_TMPDIR/corpus outputs=${TEST_UNDECLARED_OUTPUTS_DIR:-$TEST_TMPDIR}
mkdir -p "$found" "$corpus"
number=0
while read -r line; do
  number=$((number + 1))
  [[ $line = '#'* ]] || base64 -d <<< "$line" > "$corpus/$number"
done < "$corpus_file"
status=0
# Inputs of any length from the start: short ones are soon exhausted.
"$program" "$@" -len_control=0 -timeout=60 -rss_limit_mb=3000 -print_final_stats=1 \
  -artifact_prefix="$outputs/" "$found" "$corpus" > "$TEST_TMPDIR/log" 2>&1 || status=$?
if [ "$status" = 0 ]; then
  grep -E 'INITED|^stat::|^Done' "$TEST_TMPDIR/log"
  exit 0
fi
tail -n 200 "$TEST_TMPDIR/log"
for file in "$outputs"/*-*; do
  [ ! -f "$file" ] || { echo "input $file:" && base64 -w 0 "$file" && echo; }
done
exit "$status"
