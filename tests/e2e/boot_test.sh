#!/bin/bash
# boot_test.sh IMAGE.TAR: ./machina boot ends in a shell that works, soon; with --snapshot nothing is kept.
set -uo pipefail
. tests/e2e/terminal.sh
readonly image=$TMPDIR/disk.img
tar -xf "$1" -C "$TMPDIR" || exit 1

has_note() {
  debugfs -R 'cat /root/note' "$image?offset=1048576" 2> /dev/null | grep -qx kept
}
write_note() {
  type_line 'echo kept > /root/note; sync; cat /root/note'
  check "files can be written" shows '^kept$'
  type_line 'poweroff'
  check "poweroff ends the machine in order" ends_in_order
  finish
}

began=${EPOCHREALTIME/./}
boot --memory 32 --snapshot
check "a prompt appears" prompt
echo "# after $(((${EPOCHREALTIME/./} - began) / 1000)) ms on this machine as it is now"
[ $failures = 0 ] || give_up
type_line 'echo "the answer is $((6 * 7))"'
check "the shell computes" shows '^the answer is 42$'
type_line 'grep MemTotal /proc/meminfo'
check "it has the memory it was given" shows '^MemTotal: +(2[0-9]|3[0-2])[0-9]{3} kB'
write_note
check "--snapshot keeps nothing" [ -z "$(has_note && echo note)" ]
boot
check "a prompt appears again" prompt
write_note
check "without it what was written is on the disk" has_note
conclude
