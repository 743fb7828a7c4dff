# The matrix of one chapter. Input: unreachable.tsv, the output of cases.awk, interfaces.tsv, in
# this order, each after "kind=unreachable", "kind=cases", "kind=rows". Variables: chapter; errors:
# a file for what is wrong; complete: 1 when every row must be settled.
BEGIN { FS = "\t" }

function complain(what) { print what > errors }
function key(name, value) { return name SUBSEP value }

kind == "unreachable" && FNR > 1 && NF > 0 {
  if (NF != 3 || $3 == "") complain("unreachable.tsv:" FNR ": interface, value and reason expected")
  unreachable[key($1, $2)] = $3
  named[key($1, $2)] = "unreachable.tsv:" FNR
}

kind == "cases" {
  place = $1 ":" $2
  base = $1
  sub(/.*\//, "", base)
  if (base != $3 ".c" && substr(base, 1, length($3) + 1) != $3 ".")
    complain(place ": cases of " $3 " belong in " $3 ".c")
  if ($5 == "") complain(place ": a case needs a text")
  if (($3 SUBSEP $4 SUBSEP $5) in seen) complain(place ": there is another case of this name")
  seen[$3 SUBSEP $4 SUBSEP $5] = 1
  n = split($4, values, ",")
  if (n == 0) values[n = 1] = "-"
  for (i = 1; i <= n; i++) {
    k = key($3, values[i])
    tested[k] = tested[k] (k in tested ? "; " : "") $5
    named[k] = place
  }
  case_count++
}

function row(name, value,    k, state) {
  k = key(name, value)
  known[k] = 1
  rows++
  if (k in tested) tested_count++
  if (k in unreachable) unreachable_count++
  if ((k in tested) && (k in unreachable)) complain(name " " value ": tested and unreachable")
  if (k in tested) state = "tested: " tested[k]
  else if (k in unreachable) state = "unreachable: " unreachable[k]
  else {
    state = "**open**"
    if (complete) complain(name " " value ": neither tested nor unreachable")
  }
  gsub(/\|/, "\\|", state)
  lines = lines "| " (value == "-" ? "`" name "`" : "") " | " \
      (value == "-" ? "description" : "`" value "`") " | " state " |\n"
}

kind == "rows" && $1 == chapter {
  row($2, "-")
  n = split($4, values, ",")
  for (i = 1; i <= n; i++) row($2, values[i])
  n = split($5, values, /[ ,]+/)
  for (i = 1; i <= n; i++) if (values[i] != "") row($2, values[i])
}

END {
  for (k in named)
    if (!(k in known)) {
      split(k, parts, SUBSEP)
      complain(named[k] ": the book has no row " parts[1] " " parts[2] " in this chapter")
    }
  printf "# Conformance: %s\n\n", chapter
  print "Made by tests/conformance/matrix.sh from the annotations in tests/conformance/" chapter "."
  printf "%d rows: %d tested by %d cases, %d unreachable, %d open.\n\n", rows, tested_count, \
      case_count, unreachable_count, rows - tested_count - unreachable_count
  print "| interface | value or form | state |"
  print "|---|---|---|"
  printf "%s", lines
}
