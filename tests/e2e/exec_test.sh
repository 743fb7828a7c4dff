#!/bin/bash
# exec_test.sh IMAGE.TAR: ./machina exec carries output, status and files between host and guest.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-/tmp}
machina=$PWD/machina
tar -xf "$1" -C "$TMPDIR" || exit 1
cd "$TMPDIR" || exit 1

failures=0
check() {   # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then
    echo "ok - $name"
  else
    echo "not ok - $name"
    tail -n 20 err
    failures=$((failures + 1))
  fi
}

run() {   # leaves out, err and $status
  "$machina" exec --image disk.img --timeout 100 "$@" > out 2> err
  status=$?
}

run sh -c 'printf "a\000\r\nb"; echo wrong >&2; exit 7'
check "the command's status is the run's" [ $status = 7 ]
check "output arrives byte for byte" cmp out <(printf 'a\0\r\nb')
check "errors arrive apart" cmp err <(echo wrong)

mkdir -p tree/deep && head -c 300000 /dev/urandom > tree/deep/bytes
run --put tree:/root/tree --get /root/copy:copy --get /root/sum:sum \
  sh -c 'cp -r /root/tree /root/copy && md5sum < /root/tree/deep/bytes > /root/sum'
check "files go in, are copied and come out" diff -r tree copy
check "the guest sees the same bytes" [ "$(cut -c1-32 sum)" = "$(md5sum < tree/deep/bytes | cut -c1-32)" ]
run /no/such/command
check "a command that is not there is status 127" [ $status = 127 ]
run sh -c 'seq 1000 | sort -rn | head -n 1; exit 0'
check "pipelines work" cmp out <(echo 1000)
exit $((failures > 0))
