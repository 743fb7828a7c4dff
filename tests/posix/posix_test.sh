#!/bin/bash
# posix_test.sh IMAGE.TAR BUSYBOX RUN_SCRIPTS SCRIPT...: every script prints in the guest, in its memory file
# system and on its disk, what it prints on this machine's Linux with the same busybox. Reports TAP.
set -uo pipefail
export TMPDIR=${TEST_TMPDIR:-/tmp} HOME=${HOME:-/root}
image=$1 busybox=$(realpath "$2") driver=$3
shift 3
here=$TMPDIR/posix
mkdir -p "$here/scripts" "$here/bin" "$here/work" || exit 1
tar -xf "$image" -C "$TMPDIR" || exit 1
cp -L "$@" "$here/scripts" && cp -L "$driver" "$here/run_scripts.sh" || exit 1
chmod -R u+w,a-x+X "$here/scripts"

# The guest has every command as a link in /bin; so has this directory.
for command in $("$busybox" --list); do ln -sf "$busybox" "$here/bin/$command"; done
on_host() {
  env -i PATH="$here/bin" TZ=UTC "$here/bin/sh" "$here/run_scripts.sh" "$here/scripts" "$here/work"
}
in_guest() {
  ./machina exec --image "$TMPDIR/disk.img" --console "$TMPDIR/console" --timeout 1000 \
    --put "$here/scripts:/exec/scripts" --put "$here/run_scripts.sh:/exec/run_scripts.sh" -- \
    sh -c 'for work in /tmp/posix /var/posix; do
      echo "##### $work"
      TZ=UTC sh /exec/run_scripts.sh /exec/scripts $work || exit 1
    done'
}

on_host > "$here/host" || { echo "not ok - the scripts run on the host"; exit 1; }
failures=0
in_guest > "$here/guest" || { echo "not ok - the guest ran all scripts"; failures=1; }

# What one script printed: its name, and in the guest's output the work directory.
section() { sed -n "/^=== $1\$/,/^=== status/p"; }
directory() { sed -n "\\,^##### $1\$,,/^=== end/p" "$here/guest"; }
for script in "$@"; do
  name=$(basename "$script" .sh)
  section "$name" < "$here/host" > "$here/expected"
  for work in /tmp/posix /var/posix; do
    directory $work | section "$name" > "$here/actual"
    if [ -s "$here/expected" ] && cmp -s "$here/expected" "$here/actual"; then
      echo "ok - $name in $work"
    else
      echo "not ok - $name in $work (- host, + guest)"
      diff -a -u "$here/expected" "$here/actual" | tail -n +3 | head -n 60
      failures=$((failures + 1))
    fi
  done
done
exit $((failures > 0))
