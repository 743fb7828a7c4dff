#!/bin/sh
# mount, umount, df, sync in the guest, where it is root. Reports TAP.
failures=0
check() {   # NAME COMMAND...
  name=$1; shift
  if "$@"; then echo "ok - $name"; else echo "not ok - $name"; failures=$((failures + 1)); fi
}
fails() { ! "$@" 2> /dev/null; }
is() { [ "$1" = "$2" ] || { echo "# '$1' is not '$2'"; return 1; }; }

mkdir -p /mnt/a /mnt/b
echo under > /mnt/a/under
check "a memory file system is mounted" mount -t tmpfs none /mnt/a
check "it hides what was there" fails test -e /mnt/a/under
check "mount lists it" grep -q ' /mnt/a tmpfs ' /proc/mounts
check "so does the command" sh -c 'mount | grep -q "on /mnt/a type tmpfs"'
seq 1000 > /mnt/a/numbers
check "it keeps files" is "$(md5sum < /mnt/a/numbers)" "$(seq 1000 | md5sum)"
check "df shows it" is "$(df -P /mnt/a | awk 'NR == 2 { print $6 }')" /mnt/a
check "df of the disk is another" is "$(df -P /root | awk 'NR == 2 { print $6 }')" /
check "it is another device" fails test "$(stat -c %d /mnt/a)" = "$(stat -c %d /mnt)"
check "links do not cross" fails ln /mnt/a/numbers /mnt/b/numbers
check "moving copies across" mv /mnt/a/numbers /mnt/b/numbers
check "the copy is whole" is "$(md5sum < /mnt/b/numbers)" "$(seq 1000 | md5sum)"
check "a mount in a mount" sh -c 'mkdir /mnt/a/in && mount -t tmpfs none /mnt/a/in && echo deep > /mnt/a/in/deep'
check "an outer mount is busy" fails umount /mnt/a
check "the inner one is unmounted" umount /mnt/a/in
check "and empty" is "$(ls /mnt/a/in)" ''
check ".. leads out of it" is "$(cd /mnt/a/.. && pwd)" /mnt
exec 3> /mnt/a/open
check "an open file keeps it busy" fails umount /mnt/a
exec 3>&-
check "it is unmounted" umount /mnt/a
check "what was there is back" is "$(cat /mnt/a/under)" under
check "it is no longer listed" fails grep -q ' /mnt/a ' /proc/mounts
check "unmounting again fails" fails umount /mnt/a
check "no such type" fails mount -t nosuch none /mnt/a
check "no such place" fails mount -t tmpfs none /mnt/nowhere
check "no such device" fails mount -t ext2 hd7s1 /mnt/a
check "a memory file system that cannot be written makes no sense" fails mount -t tmpfs -o ro none /mnt/b
check "sync" sync
check "nobody else may mount" fails su nobody -s /bin/sh -c 'mount -t tmpfs none /mnt/a'
[ $failures = 0 ]
