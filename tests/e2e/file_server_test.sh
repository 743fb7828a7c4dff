#!/bin/bash
# file_server_test.sh IMAGE.TAR BAD_SERVER PROGRAM: the file server is killed while a program reads and writes files
# through windows (servers/windows.c tells what it must see); the next one serves what runs then.
set -uo pipefail
bad_server=$(realpath "$2") program=$(realpath "$3")
. tests/e2e/terminal.sh
readonly image=$TMPDIR/disk.img kFileServer=3   # its task's number: servers.conf
tar -xf "$1" -C "$TMPDIR" || exit 1

seq -f %07.0f 0 393215 > "$TMPDIR/known"
debugfs -R 'dump /etc/servers.conf /dev/stdout' "$image?offset=1048576" 2> /dev/null > "$TMPDIR/servers.conf"
check "the list of servers was found" grep -q '^process' "$TMPDIR/servers.conf"
echo "killer /servers/bad ignore obey $kFileServer" >> "$TMPDIR/servers.conf"
debugfs -w -f /dev/stdin "$image?offset=1048576" > "$TMPDIR/put" 2>&1 << TEXT
rm /etc/servers.conf
write "$TMPDIR/servers.conf" /etc/servers.conf
write "$bad_server" /servers/bad
write "$program" /root/windows
sif /root/windows mode 0100755
write "$TMPDIR/known" /root/known
TEXT

boot --no-reboot
check "a prompt appears" prompt
type_line '/root/windows /root/known; echo "sta""tus $?"'
check "the program saw what it must see" shows '^status 0$' "$kBoot"
tr -d '\r' < "$log" | grep -aE '^(ok|not ok|#|1\.\.)'
check "the console says that the file server ended" grep -aq 'bootstrap: file ended' "$log"
check "and that it is started again" grep -aq 'bootstrap: starting file' "$log"
type_line 'cd / && ls /servers'
check "the shell works" shows '^bad'
type_line 'poweroff'
check "poweroff ends the machine in order" ends_in_order
finish
check "the file system is sound" file_system_sound
conclude
