#!/bin/bash
# limits.sh PEERS RESULTS: TAP, one case for every result that has a limit in PEERS (see table.sh).
set -euo pipefail
awk -F '\t' '
  FNR == NR { if (!/^#/) limit[$1] = $(NF - 1); next }
  $1 in limit && limit[$1] != "-" {
    cases++
    good = $2 ~ /^[0-9]/ && $2 + 0 <= limit[$1] + 0
    failed += !good
    print (good ? "ok " : "not ok ") cases " - " $1 ": " $2 " instructions, at most " limit[$1]
  }
  END {
    print "1.." cases + 0
    exit failed > 0 || cases == 0
  }' "$1" "$2"
