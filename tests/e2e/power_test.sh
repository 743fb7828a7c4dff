#!/bin/bash
# power_test.sh IMAGE.TAR: every way the machine ends: poweroff, halt, reboot with and without -f, the keys at the
# terminal, and what was written then is on the disk, whose file system is sound.
set -uo pipefail
. tests/e2e/terminal.sh
readonly image=$TMPDIR/disk.img
tar -xf "$1" -C "$TMPDIR" || exit 1

has_note() {   # TEXT: what the last run wrote
  debugfs -R 'cat /root/note' "$image?offset=1048576" 2> /dev/null | grep -qx "$1"
}

for command in 'poweroff -f' halt 'halt -f' reboot 'reboot -f'; do
  boot --no-reboot
  check "a prompt appears before $command" prompt
  # Files in the caches, open, removed while open, and a process that writes on.
  type_line "exec 7> /root/open; exec 8> /root/gone; rm /root/gone; echo '$command' > /root/note"
  type_line '(while :; do seq 200 > /root/busy; done) &'
  check "it works" ready
  type_line "$command"
  check "$command ends the machine" ends_in_order
  finish
  check "the file system is sound after $command" file_system_sound
  check "and has what was written" has_note "$command"
done

boot
check "a prompt appears" prompt
type_line 'echo again > /root/note; reboot'
check "reboot says so" shows 'Requesting system reboot'
check "reboot starts the machine again" prompt
type_line 'cat /root/note'
check "with what was written" shows '^again$'
keys '\001x'
check "Ctrl-A X ends the machine" ends_in_order
conclude
