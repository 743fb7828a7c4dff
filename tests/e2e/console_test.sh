#!/bin/bash
# console_test.sh IMAGE.TAR: what a user at the serial console does: editing a line, interrupting, stopping and
# continuing jobs, powering off; and the disk afterwards: sound, and in the next boot with what was written.
set -uo pipefail
. tests/e2e/terminal.sh
readonly image=$TMPDIR/disk.img
tar -xf "$1" -C "$TMPDIR" || exit 1

# Interrupts what is in the foreground until the shell answers: a job may not be there at the first ^C.
interrupted() {
  local i
  for i in 1 2 3 4 5; do
    keys '\003'
    ready $((kWait / 5)) && return 0
  done
  return 1
}

boot
check "a prompt appears" prompt
[ $failures = 0 ] || give_up
type_line 'echo "the answer is $((6 * 7))"'
check "a command's output" shows '^the answer is 42$'

keys 'echo wrongx\177\177\177\177\177\177right\r'
check "backspace erases" shows '^right$'
keys 'echo forgotten\025echo kept\r'
check "^U erases the line" shows '^kept$'
keys 'echo fit\033[D\033[Dirst, last or f\r'
check "the cursor moves inside the line" shows '^first, last or fit$'
keys '\033[A\r'
check "Up finds the last line again" shows '^first, last or fit$'
type_line 'touch /tmp/completed_by_tab'
keys 'ls -l /tmp/comp\t\r'
check "Tab completes" shows ' /tmp/completed_by_tab$'
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
type_line 'poweroff'
check "poweroff ends the machine" ends_in_order
finish
check "the file system is sound" file_system_sound

boot
check "the next boot has a prompt" prompt
type_line 'md5sum < /root/kept/numbers'
check "and the file" shows "^$(seq 1 5000 | md5sum)"
type_line 'rm -r /root/kept; ls /root; poweroff'
check "poweroff ends it again" ends_in_order
finish
check "the file system is still sound" file_system_sound
conclude
