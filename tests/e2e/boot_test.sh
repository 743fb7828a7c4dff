#!/bin/bash
# boot_test.sh IMAGE.TAR: ./machina boot ends in a shell that works, and poweroff ends the machine.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-/tmp}
image=$TMPDIR/disk.img
tar -xf "$1" -C "$TMPDIR" || exit 1
log=$TMPDIR/terminal
mkfifo "$TMPDIR/keys"
timeout --kill-after=10 240 ./machina boot --image "$image" --args panic=exit < "$TMPDIR/keys" > "$log" 2>&1 &
machine=$!
exec 3> "$TMPDIR/keys"

failures=0
check() {   # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then echo "ok - $name"; else echo "not ok - $name"; failures=$((failures + 1)); fi
}

# Waits until the terminal shows a text; gives up when the machine has ended or after SECONDS.
shows() {   # PATTERN SECONDS
  local deadline=$((SECONDS + $2))
  until tr -d '\r' < "$log" | grep -qE "$1"; do
    kill -0 "$machine" 2> /dev/null && [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}

type_line() { printf '%s\n' "$1" >&3; }

check "a prompt appears" shows '^machina# ' 100
type_line 'echo "the answer is $((6 * 7))"'
check "the shell computes" shows '^the answer is 42$' 30
type_line 'echo kept > /root/note; ls /root; cat /root/note'
check "files can be written" shows '^kept$' 30
type_line 'poweroff -f'
status=none
for _ in $(seq 300); do
  if ! kill -0 "$machine" 2> /dev/null; then
    wait "$machine"
    status=$?
    break
  fi
  sleep 0.2
done
check "poweroff ends the machine in order" [ "$status" = 0 ]
check "what was written is on the disk" \
  grep -q '^kept$' <(PATH=$PATH:/usr/sbin:/sbin debugfs -R 'cat /root/note' "$image?offset=1048576" 2> /dev/null)
[ $failures = 0 ] || cat "$log"
[ "$status" != none ] || kill "$machine"
exit $((failures > 0))
