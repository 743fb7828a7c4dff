#!/bin/bash
# The conformance matrix, from the sources of tests/conformance. In the root of the repository:
#   matrix.sh write [CHAPTER ...]         writes docs/conformance/CHAPTER.md (all chapters)
#   matrix.sh check CHAPTER [complete]    is docs/conformance/CHAPTER.md true? complete: nothing open?
#   matrix.sh cases CHAPTER               the names of the cases as the guest prints them, sorted
set -euo pipefail
export LC_ALL=C
here=tests/conformance

annotations() { # CHAPTER
  awk -f "$here/cases.awk" "$here/$1"/*.c
}

# The table on standard output, mistakes in the file ERRORS.
matrix() { # CHAPTER COMPLETE ERRORS
  local unreachable="$here/$1/unreachable.tsv"
  [ -e "$unreachable" ] || unreachable=/dev/null
  annotations "$1" | awk -f "$here/matrix.awk" -v chapter="$1" -v complete="$2" -v errors="$3" \
    kind=unreachable "$unreachable" kind=cases - kind=rows "$here/interfaces.tsv"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/errors"
command=$1 chapter=${2:-}
case $command in
  write)
    shift
    [ $# -gt 0 ] || set -- $(cd "$here" && for c in */*.c; do echo "${c%/*}"; done | grep -vxE 'support|selftest' | sort -u)
    for chapter in "$@"; do
      matrix "$chapter" 0 "$work/errors" > "$work/matrix"
      cp "$work/matrix" "docs/conformance/$chapter.md"
    done
    ;;
  check)
    matrix "$chapter" "$([ "${3:-}" = complete ] && echo 1 || echo 0)" "$work/errors" > "$work/matrix"
    diff -u "docs/conformance/$chapter.md" "$work/matrix" ||
      echo "docs/conformance/$chapter.md is old: $here/matrix.sh write $chapter" >> "$work/errors"
    ;;
  cases)
    annotations "$chapter" | awk -F'\t' '{
      gsub(/,/, ", ", $4)
      print $3 ($4 == "" ? "" : ", " $4) ", \"" $5 "\""
    }' | sort
    ;;
esac
cat "$work/errors" >&2
[ ! -s "$work/errors" ]
