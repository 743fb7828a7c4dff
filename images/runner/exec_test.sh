#!/bin/bash
# exec_test.sh IMAGE.TAR: ./machina exec against a guest that is played by a script.
set -uo pipefail
tar=$(realpath "$1")
machina=$(realpath machina)
export TMPDIR=${TEST_TMPDIR:-$(mktemp -d)} HOME=${TEST_TMPDIR:-/root}
fake=$TMPDIR/bin
mkdir "$fake"
cp images/runner/testdata/qemu-system-i386 "$fake/"
export PATH=$fake:$PATH:/usr/sbin:/sbin
cd "$TMPDIR" && tar -xf "$tar"

failures=0
check() {   # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then echo "ok - $name"; else echo "not ok - $name"; failures=$((failures + 1)); fi
}

# Runs ./machina exec; leaves output, errors and status in $out, $err and $status.
run() {
  "$machina" exec --image disk.img --timeout 20 "$@" > out 2> err
  status=$? out=$(tr -d "\0" < out) err=$(cat err)
}

# shellcheck disable=SC2016
run echo "it's" 'a "test" $HOME' '*'
check "arguments arrive as they are" [ "$out" = "it's a \"test\" \$HOME *" ]
check "success is status 0" [ $status = 0 ]
check "nothing else is said" [ -z "$err" ]

run sh -c 'echo wrong >&2; exit 7'
check "the status comes back" [ $status = 7 ]
check "standard error is apart" [ "$err" = wrong -a -z "$out" ]

run sh -c 'printf "a\0\377\r\nb"'
check "output is binary" cmp -s out <(printf 'a\0\377\r\nb')

mkdir -p tree/sub && echo one > tree/1 && echo two > tree/sub/2 && chmod +x tree/1
run --put tree:/deep/er/tree --put tree/1:/etc/motd --get /deep/er/tree:copy --get /etc/motd:motd true
check "files go in and come out" [ $status = 0 ]
check "a directory survives the trip" diff -r tree copy
check "a file is replaced" [ "$(cat motd)" = one ]
check "the image itself is not touched" cmp -s disk.img <(tar -xOf "$tar")

run --get /nothing/here:x true
check "getting what is not there fails" [ $status = 125 ]
run --put nowhere:/x true
check "putting what is not there fails" [ $status = 2 ]
run --wrong
check "an unknown option fails with a hint" grep -q "help exec" err

GUEST=panic run true
check "a panic is status 125" [ $status = 125 ]
check "and shows the console" grep -q "guest is panic" err
GUEST=silent run true
check "a missing status is status 125" [ $status = 125 ]
GUEST=hang run --timeout 2 true
check "a hang is status 124" [ $status = 124 ]
check "and shows the console" grep -q "guest is hang" err
exit $((failures > 0))
