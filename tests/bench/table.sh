#!/bin/bash
# table.sh PEERS RESULTS: one table of our figures beside those of other systems, in instructions.
#
# PEERS: operation, the peers' figures, a limit for ours, why it is not measured; the first line,
# after "# ", names the columns. RESULTS: operation and figure, or "skipped" and a reason. Fields
# are separated by tabs; "-" is nothing. The last column is our figure by the last peer's. The status
# is 1 when a figure is above its limit or could not be measured.
set -euo pipefail
awk -F '\t' '
  function row(name, ours, last,   line, i) {
    line = sprintf("%-*s %10s", width, name, ours)
    for (i = 2; i <= peers + 1; i++) line = line sprintf(" %15s", $i)
    return line sprintf(" %7s", last)
  }
  function ratio(ours, theirs) { return theirs == "-" ? "-" : sprintf("%.2f", ours / theirs) }
  function remark(ours, limit) {
    if (limit == "-") return ""
    if (ours + 0 <= limit + 0) return "  at most " limit
    bad = 1
    return "  OVER ITS LIMIT " limit
  }
  function show(name, limit, reason) {
    if (!(name in result)) return row(name, "-", "-") (reason != "-" ? "  " reason : "")
    if (result[name] == "skipped") {
      bad = 1
      return row(name, "-", "-") "  failed: " why[name]
    }
    return row(name, result[name], ratio(result[name], $(peers + 1))) remark(result[name], limit)
  }
  FILENAME == ARGV[1] { result[$1] = $2; why[$1] = $3; next }
  { lines[++count] = $0; if (length($1) > width) width = length($1) }
  END {
    $0 = substr(lines[1], 3)
    peers = NF - 3
    print row($1, "Machina", "ratio")
    for (k = 2; k <= count; k++) {
      $0 = lines[k]
      print show($1, $(peers + 2), $(peers + 3))
    }
    exit bad
  }' "$2" "$1"
