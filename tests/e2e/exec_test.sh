#!/bin/bash
# exec_test.sh IMAGE.TAR: ./machina exec carries output, status and files between host and guest; guests that
# panic, hang or end by themselves are told apart from commands that fail.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-/tmp} HOME=${HOME:-/root}
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
  "$machina" exec --image disk.img --timeout 200 "$@" > out 2> err
  status=$?
}

run sh -c 'printf "a\000\r\nb"; echo wrong >&2; exit 7'
check "the command's status is the run's" [ $status = 7 ]
check "output arrives byte for byte" cmp out <(printf 'a\0\r\nb')
check "errors arrive apart" cmp err <(echo wrong)

mkdir -p tree/deep && head -c 300000 /dev/urandom > tree/deep/bytes
run --put tree:/root/tree --get /root/copy:copy --get /root/sum:sum \
  sh -c 'cp -r /root/tree /root/copy && md5sum < /root/tree/deep/bytes > /root/sum && cat /root/tree/deep/bytes'
check "files go in, are copied and come out" diff -r tree copy
check "the guest sees the same bytes" [ "$(cut -c1-32 sum)" = "$(md5sum < tree/deep/bytes | cut -c1-32)" ]
check "much output arrives whole" cmp out tree/deep/bytes
run /no/such/command
check "a command that is not there is status 127" [ $status = 127 ]
run sh -c 'kill -9 $$'
check "a killed command is status 137" [ $status = 137 ]
run sh -c 'seq 1000 | sort -rn | head -n 1; exit 0'
check "pipelines work" cmp out <(echo 1000)
run machina-info objects
check "the kernel's counters can be printed" grep -Eq '^ +ports +[1-9][0-9]* ' out
check "nothing is said about a good run" [ ! -s err ]
run --memory 100 -- sh -c 'awk "/MemTotal/ { print (\$2 > 80000 && \$2 < 102400) }" /proc/meminfo'
check "--memory is what the guest has" cmp out <(echo 1)

# With --icount the guest's clock counts instructions from the start of the machine (and runs on while it waits
# for the disk, so the bound is wide).
run --icount -- date +%s
check "--icount works" [ $status = 0 ]
boot_time=$(($(cat out) - $(date -d '2026-01-01 UTC' +%s)))
echo "# a command starts after $boot_time s of 10^9 instructions"
check "the system is up within 30 * 10^9 instructions" [ "$boot_time" -lt 30 ]

run --get /nothing:x true
check "getting what is not there is status 125" [ $status = 125 ]
run --args panic_after=4 sleep 1000
check "a panic is status 125" [ $status = 125 ]
check "with the console's output" grep -q '^panic: the kernel argument' err
check "and nothing on standard output" [ ! -s out ]
run sh -c 'echo before; poweroff -f; sleep 1000'
check "a guest that ends by itself is status 125" [ $status = 125 ]
check "it says so" grep -q "without the command's status" err
check "what came before is there" cmp out <(echo before)
run sh -c 'reboot -f; sleep 1000'
check "so is a guest that restarts" [ $status = 125 ]
run --timeout 45 sh -c 'echo waiting; exec sleep 1000'
check "a run over its time is status 124" [ $status = 124 ]
check "it shows the console's output" grep -q 'Machina kernel' err
check "what it said is there" cmp out <(echo waiting)
run --wrong
check "a wrong option is status 2" [ $status = 2 ]
exit $((failures > 0))
