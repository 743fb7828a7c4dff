#!/bin/bash
# servers_test.sh IMAGE.TAR BAD_SERVER: a server that is missing, ends, crashes, never checks in or is terminated is
# named on the console with what it did; the system goes on without it, or ends: it never just hangs.
set -uo pipefail
bad_server=$(realpath "$2")
. tests/e2e/terminal.sh
readonly image=$TMPDIR/disk.img
tar -xf "$1" -C "$TMPDIR" || exit 1

# Replaces a file on the disk.
put() {   # FILE PATH
  printf 'rm %s\nwrite "%s" %s\n' "$2" "$1" "$2" | debugfs -w -f /dev/stdin "$image?offset=1048576" > "$TMPDIR/put" 2>&1
}
put "$bad_server" /servers/bad
debugfs -R 'dump /etc/servers.conf /dev/stdout' "$image?offset=1048576" 2> /dev/null > "$TMPDIR/usual"
check "the list of servers was found" grep -q '^process' "$TMPDIR/usual"

# Boots with a list of servers made from the usual one: the arguments are sed's.
boot_with() {
  sed "$@" "$TMPDIR/usual" > "$TMPDIR/servers.conf"
  put "$TMPDIR/servers.conf" /etc/servers.conf
  boot --no-reboot --snapshot
}

# Messages of a running system may come behind a prompt, so their patterns have no beginning of a line.

# Boots with one more server and waits for what the console says of it, then for a shell that works.
goes_on_with() {   # LINE PATTERN
  boot_with "\$a $1"
  check "$1: the console says so" shows "$2" "$kBoot"
  # What it says may come before the prompt or after it.
  check "$1: the shell works" ready
  finish
}

# Boots with a changed list and waits for what the console says and for the machine's end.
ends_with_message() {   # SED-SCRIPT PATTERN
  boot_with "$1"
  check "$1: the console says so" shows "$2" "$kBoot"
  check "$1: the machine ends" ends_in_order
  check "$1: and says why" grep -aqE 'the system cannot go on without|no servers to start' "$log"
  finish
}

goes_on_with 'extra /servers/nothing restart' \
  'bootstrap: extra: cannot start /servers/nothing: No such file or directory$'
goes_on_with 'extra module:nothing restart' 'bootstrap: extra: cannot start module nothing: '
goes_on_with 'extra /etc/motd restart' 'bootstrap: extra: cannot start /etc/motd: '
goes_on_with 'extra /servers/bad ignore exit' 'bootstrap: extra ended$'
goes_on_with 'extra /servers/bad restart exit' 'bootstrap: extra dies again and again; giving it up$'
goes_on_with 'extra /servers/bad ignore crash' \
  'bootstrap: extra crashed: bad access \(code 1, subcode 0x0\) at 0x[0-9a-f]{8}$'
goes_on_with 'extra /servers/bad ignore silent' 'bootstrap: extra has not checked in after [0-9]+ seconds$'
goes_on_with 'extra /servers/bad unnamed loop' \
  'bootstrap: extra uses the processor all the time; it shares it from now on$'
goes_on_with 'extra /servers/bad ignore kill 2' 'bootstrap: name ended$'
check "the name server is started again" \
  bash -c "tr -d '\r' < $log | grep -aA3 'bootstrap: name ended$' | grep -aq 'bootstrap: starting name$'"

# The next name server knows what the last one knew: nobody notices. A service that ends later is found on the
# file server, started again and let in under its name.
boot_with -e '$a late /servers/bad restart later' -e '$a killer /servers/bad ignore kill 2'
check "the name server dies" shows 'bootstrap: name ended$' "$kBoot"
check "the shell works" ready
type_line 'ls -l /servers && ps && cp /etc/motd /tmp/motd && cmp /etc/motd /tmp/motd && echo "pro""grams run"'
check "new programs start and find files and processes" shows '^programs run$'
type_line 'machina-info services; echo "en""d"'
check "the services are known" shows '^end$'
for service in 'file running' 'late (running|waiting)' 'process running' 'killer running'; do
  check "service $service" grep -aqE "^  service $service" "$log"
done
for i in 1 2; do
  check "a service ends" shows 'bootstrap: late ended$' "$kBoot"
  check "and is started again" shows 'bootstrap: starting late$'
done
check "the shell works" ready
finish

ends_with_message 's,/servers/process,/servers/nothing,' \
  '^bootstrap: process: cannot start /servers/nothing: No such file or directory$'
ends_with_message 's,module:file,module:nothing,' '^bootstrap: file: cannot start module nothing: '
ends_with_message 's,\$root,hd9,' '^bootstrap: file dies again and again; giving it up$'
ends_with_message 's,/sbin/init,/nothing,' '^process: the first process has ended '
ends_with_message 's,/sbin/init,/bin/false,' '^process: the first process has ended \(status 0x100\)$'
ends_with_message 's,/servers/process.*,/servers/bad required crash,' '^bootstrap: process crashed: bad access '
ends_with_message 's,restart,sometimes,' '^bootstrap: servers\.conf:[0-9]+: expected '
ends_with_message 'd' '^bootstrap: no servers to start$'
ends_with_message '$a extra /servers/bad ignore kill 4' 'bootstrap: process ended$'
conclude
