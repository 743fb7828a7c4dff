#!/bin/bash
# screen_test.sh IMAGE.TAR: the shell on the VGA text screen with a PS/2 keyboard: what is typed and shown, line
# editing, history, completion, interrupting and stopping jobs, scrolling, powering off.
set -uo pipefail
. images/runner/qemu.sh
. tests/e2e/terminal.sh
. tests/e2e/screen.sh
readonly image=$TMPDIR/disk.img
tar -xf "$1" -C "$TMPDIR" || exit 1

boot_with_screen() {
  machine "$image" 64 "panic=exit console=vga"
  start_machine "${QEMU[@]}" -no-reboot -nic none -display none -monitor stdio -serial "file:$TMPDIR/serial"
}

# The shell answers on an otherwise empty screen.
answers() {
  press_line "clear; echo \"$1\"\"$2\""
  on_screen "^$1$2\$"
}

# Presses a key until the shell answers: a job may not be there yet at the first.
stopped_by() {   # KEY
  local i
  for i in 1 2 3 4 5; do
    press "$1"
    press_line "echo \"sta\"\"tus \$?\""
    on_screen '^status ' $((kWait / 5)) && return 0
  done
  return 1
}

give_up() {
  screen
  cat "$TMPDIR/serial"
  finish
  exit 1
}

boot_with_screen
check "a prompt appears on the screen" on_screen '^machina#' "$kBoot"
[ $failures = 0 ] || give_up
press_line 'echo "the answer is $((6*7))"'
check "a command's output" on_screen '^the answer is 42$'
check "every printable character has a key" press_line "printf '%s\n' 'AZ az 09 -=[];\`,./\\!@#\$%^&*()_+{}:\"~|<>?'"
check "and shows" on_screen '^AZ az 09 -=\[\];`,\./\\!@#\$%\^&\*\(\)_\+\{\}:"~\|<>\?$'

press_text 'echo wrongx'
press backspace backspace backspace backspace backspace backspace
press_line 'right'
check "backspace erases" on_screen '^right$'
press_text 'echo fit'
press left left
press_text 'irst, last or f'
press ret
check "the cursor moves inside the line" on_screen '^first, last or fit$'
press_line 'clear; echo "again"'
check "a line to repeat" on_screen '^again$'
press_line 'clear'
press up up ret
check "Up finds it again" on_screen '^again$'
press_line 'touch /tmp/completed_by_tab'
press_line 'clear'
press_text 'ls /tmp/comp'
press tab ret
check "Tab completes" on_screen '^/tmp/completed_by_tab$'
check "the shell answers" answers he re

press_line 'sh -c "echo star""ted; exec sleep 1000"'
check "a command starts" on_screen '^started$'
check "^C ends it" stopped_by ctrl-c
check "with its status" on_screen '^status 130$'
press_line 'clear'
press_line 'sh -c "echo star""ted; exec sleep 1000"'
check "a job starts" on_screen '^started$'
check "^Z stops it" stopped_by ctrl-z
press_line 'clear; jobs'
check "jobs shows it" on_screen '^\[1\].*Stopped'
press_line 'bg; clear; jobs'
check "bg continues it" on_screen '^\[1\].*Running'
press_line 'clear; fg'
check "fg names it" on_screen '^sh -c'
check "^C ends it in the foreground" stopped_by ctrl-c
press_line 'clear; echo "<$(jobs)>"'
check "no job is left" on_screen '^<>$'

press_line 'clear; seq 1000 1100'
check "the screen scrolls" on_screen '^1100$'
check "by whole lines" [ "$(screen | grep -c '^1[01][0-9][0-9]$')" = $((kRows - 1)) ]
press_line 'clear; tty; poweroff'
check "poweroff ends the machine" ends_with 1   # QEMU's status, see images/README.md
finish
check "the file system is sound" file_system_sound
check "the shell's output was on the screen only" [ "$(grep -c 'the answer is' "$TMPDIR/serial")" = 0 ]
exit $((failures > 0))
