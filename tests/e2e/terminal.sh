# shellcheck shell=bash
# What the tests of a user at a terminal share: booting a disk on a serial line, typing, waiting for what shows.
# Sourced after `set -uo pipefail`. Uses $image (a disk image); leaves no machine behind.
export TMPDIR=${TEST_TMPDIR:-/tmp} HOME=${HOME:-/root}
PATH=$PATH:/usr/sbin:/sbin
readonly log=$TMPDIR/terminal kWait=100 kBoot=200

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
    if tail -c "+$((seen + 1))" "$log" | head -c $((size - seen)) | tr -d '\r' | grep -aqE "$1"; then
      seen=$size
      return 0
    fi
    kill -0 "$machine" 2> /dev/null && [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}

# shellcheck disable=SC2059
keys() { printf "$1" >&3; }
type_line() { printf '%s\r' "$1" >&3; }

# A prompt answers an empty line: the shell reads, nothing runs in the foreground.
ready() {
  type_line 'echo "re""ady"'
  shows '^ready$' "${1:-$kWait}"
}

# Starts a command whose standard input is what keys and type_line write and whose output is $log.
start_machine() {   # COMMAND...
  rm -f "$TMPDIR/keys"
  mkfifo "$TMPDIR/keys"
  seen=0
  timeout --kill-after=10 900 "$@" < "$TMPDIR/keys" > "$log" 2>&1 &
  machine=$!
  exec 3> "$TMPDIR/keys"
}

boot() {   # [OPTION]... of ./machina boot
  start_machine ./machina boot --image "$image" --args panic=exit "$@"
}

prompt() { shows '^machina# ' "$kBoot"; }

# Waits until the machine has ended, with this status.
ends_with() {   # STATUS
  local deadline=$((SECONDS + kWait)) status=0
  while kill -0 "$machine" 2> /dev/null; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
  wait "$machine" || status=$?
  machine=0
  [ $status = "$1" ]
}

ends_in_order() { ends_with 0; }

finish() {   # leaves no machine behind
  exec 3>&-
  [ "$machine" != 0 ] || return 0
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

show_end_of_log() { tr -d '\r' < "$log" | tail -n 60; }

give_up() {
  show_end_of_log
  finish
  exit 1
}

# The verdict; to be called last.
conclude() {
  [ $failures = 0 ] || show_end_of_log
  exit $((failures > 0))
}
