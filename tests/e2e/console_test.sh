#!/bin/bash
# console_test.sh IMAGE.TAR: what a user at the serial console does: editing a line, interrupting, stopping and
# continuing jobs, powering off; and the disk afterwards: sound, and in the next boot with what was written.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-/tmp} HOME=${HOME:-/root}
PATH=$PATH:/usr/sbin:/sbin
readonly image=$TMPDIR/disk.img log=$TMPDIR/terminal kWait=100 kBoot=200
tar -xf "$1" -C "$TMPDIR" || exit 1

failures=0
seen=0      # bytes of the terminal's output that are dealt with
machine=0   # process id

check() {   # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then
    echo "ok - $name"
  else
    echo "not ok - $name"
    failures=$((failures + 1))
  fi
}

# Waits until the output after what is dealt with has a line that matches; that output is then dealt with.
shows() {   # PATTERN [SECONDS]
  local deadline=$((SECONDS + ${2:-$kWait})) size
  while :; do
    size=$(stat -c %s "$log")
    if tail -c "+$((seen + 1))" "$log" | head -c $((size - seen)) | tr -d '\r' | grep -qE "$1"; then
      seen=$size
      return 0
    fi
    kill -0 "$machine" 2> /dev/null && [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}

keys() { printf "$1" >&3; }
type_line() { printf '%s\r' "$1" >&3; }

# A prompt answers an empty line: the shell reads, nothing runs in the foreground.
ready() {
  type_line 'echo "re""ady"'
  shows '^ready$'
}

# Interrupts what is in the foreground until the shell answers: a job may not be there at the first ^C.
interrupted() {
  local i
  for i in 1 2 3 4 5; do
    keys '\003'
    type_line 'echo "re""ady"'
    shows '^ready$' $((kWait / 5)) && return 0
  done
  return 1
}

boot() {
  rm -f "$TMPDIR/keys"
  mkfifo "$TMPDIR/keys"
  seen=0
  timeout --kill-after=10 900 ./machina boot --image "$image" --args panic=exit \
    < "$TMPDIR/keys" > "$log" 2>&1 &
  machine=$!
  exec 3> "$TMPDIR/keys"
}

ends_in_order() {
  local deadline=$((SECONDS + kWait))
  while kill -0 "$machine" 2> /dev/null; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
  wait "$machine"
}

finish() {   # leaves no machine behind
  [ "$machine" != 0 ] || return 0
  exec 3>&-
  kill "$machine" 2> /dev/null
  wait "$machine" 2> /dev/null
  machine=0
}
trap finish EXIT
trap 'exit 1' TERM INT

file_system_sound() {
  dd if="$image" of="$TMPDIR/partition" bs=1M skip=1 count=128 conv=sparse status=none &&
    e2fsck -fn "$TMPDIR/partition" > "$TMPDIR/e2fsck" 2>&1 || { cat "$TMPDIR/e2fsck"; return 1; }
}

give_up() {
  tr -d '\r' < "$log" | tail -n 60
  finish
  exit 1
}

boot
check "a prompt appears" shows '^machina# ' $kBoot
[ $failures = 0 ] || give_up
type_line 'echo "the answer is $((6 * 7))"'
check "a command's output" shows '^the answer is 42$'

keys 'echo wrongx\177\177\177\177\177\177right\r'
check "backspace erases" shows '^right$'
keys 'echo forgotten\025echo kept\r'
check "^U erases the line" shows '^kept$'
type_line 'echo "no""w"; cat'
check "a reader starts" shows '^now$'
keys 'abx\177c\r'
check "backspace in the terminal's own line" shows '^abc$'
keys 'lost\025found\r'
check "^U in the terminal's own line" shows '^found$'
keys '\004'
check "^D ends the input" ready

# The child says when it is there; only then it is interrupted.
type_line 'sh -c "echo star""ted; exec sleep 1000"'
check "a command starts" shows '^started$'
check "^C ends it" interrupted
type_line 'sh -c "echo star""ted; exec sleep 1000"'
check "it starts again" shows '^started$'
keys '\003'
type_line 'echo "status $?"'
check "its status" shows '^status 130$'

type_line 'sh -c "echo star""ted; exec sleep 1000"'
check "a job starts" shows '^started$'
keys '\032'
check "^Z stops it" shows 'Stopped'
type_line 'jobs; echo "jo""bs"'
check "jobs shows it" shows '^\[1\].*Stopped'
check "and ends" ready
type_line 'bg; echo "b""g"'
check "bg continues it" shows '^bg$'
type_line 'jobs'
check "jobs shows that it runs" shows '^\[1\].*Running'
type_line 'fg'
check "fg names it" shows '^sh -c'
check "^C ends it in the foreground" interrupted
type_line 'echo "<$(jobs)>"'
check "no job is left" shows '^<>$'

type_line 'mkdir -p /root/kept; seq 1 5000 > /root/kept/numbers; md5sum < /root/kept/numbers'
check "a file is written" shows '^[0-9a-f]{32}  -$'
type_line 'poweroff -f'
check "poweroff ends the machine" ends_in_order
finish
check "the file system is sound" file_system_sound

boot
check "the next boot has a prompt" shows '^machina# ' $kBoot
type_line 'md5sum < /root/kept/numbers'
check "and the file" shows "^$(seq 1 5000 | md5sum)"
type_line 'rm -r /root/kept; ls /root; poweroff -f'
check "poweroff ends it again" ends_in_order
finish
check "the file system is still sound" file_system_sound
[ $failures = 0 ] || tr -d '\r' < "$log" | tail -n 60
exit $((failures > 0))
