#!/bin/bash
# reproducible_test.sh ONE OTHER: two runs of the image rule on the same inputs give the same bytes.
# (./machina test --long compares builds of the whole system in two places.)
if cmp "$1" "$2"; then
  echo "ok - the same files give the same image"
else
  echo "not ok - the same files give the same image"
  exit 1
fi
