# Runs in the guest (disks_test.sh): hd1 is a small disk with few inodes, hd2 fails to write its log,
# hd3 has a file with an unreadable sector and no journal. Every line of output is compared.
says() { echo "$1: $2"; }
refused() {   # WHAT COMMAND...: says why the command fails
  what=$1
  shift
  "$@" 2> /tmp/why > /tmp/out && says "$what" "was not refused"
  [ -s /tmp/why ] && says "$what" "$(head -1 /tmp/why | sed 's/.*: //')"
}
works() {   # WHAT COMMAND...
  what=$1
  shift
  "$@" > /tmp/out 2> /tmp/why && says "$what" ok || says "$what" "$(cat /tmp/why)"
}

mkdir -p /mnt/1 /mnt/2 /mnt/3 /mnt/t
for disk in 1 2 3; do works "mount hd$disk" mount -t ext2 /dev/hd$disk /mnt/$disk; done
works "mount tmpfs" mount -t tmpfs none /mnt/t
refused "mount twice" mount -t ext2 /dev/hd1 /mnt/1
refused "no such disk" mount -t ext2 /dev/hd9 /mnt/t
refused "not a file system" mount -t ext2 /dev/hd0s2 /root

# No inodes left.
files=0
while touch /mnt/1/f$files 2> /tmp/why; do files=$((files + 1)); done
says "files" "$files, then $(sed 's/.*: //' /tmp/why)"
refused "directory without inodes" mkdir /mnt/1/directory
works "a name needs no inode" ln /mnt/1/f1 /mnt/1/another
works "remove" rm /mnt/1/f2
works "its inode is free" touch /mnt/1/again

# No blocks left.
refused "filling the disk" dd if=/dev/zero of=/mnt/1/f0 bs=64k
says "free blocks" "$(df /mnt/1 | awk 'END { print ($4 < 64) ? "none" : $4 }')"
works "sync of a full disk" sync /mnt/1/f0
works "remove the large file" rm /mnt/1/f0
works "its blocks are free" dd if=/dev/zero of=/mnt/1/f3 bs=64k count=80
works "sync" sync

# A sector that cannot be read.
works "read up to the bad sector" dd if=/mnt/3/blob of=/tmp/part bs=4k count=1
refused "the bad sector" cat /mnt/3/blob
works "another file" cat /mnt/3/good
works "write beside it" cp /mnt/3/good /mnt/3/copy

# A log that cannot be written.
works "write" cp /etc/passwd /mnt/2/file
refused "fsync" sync /mnt/2/file
works "what was written is there" cmp /etc/passwd /mnt/2/file

# Unmounting.
cd /mnt/1
refused "unmount a current directory" umount /mnt/1
cd /
for disk in 1 3; do works "unmount hd$disk" umount /mnt/$disk; done
refused "unmount with changes that cannot be written" umount /mnt/2
works "unmount tmpfs" umount /mnt/t
works "mount read-only" mount -t ext2 -o ro /dev/hd1 /mnt/1
refused "write on a read-only mount" touch /mnt/1/new
refused "remove on a read-only mount" rm /mnt/1/f1
says "names kept" "$(ls /mnt/1 | wc -l)"
works "unmount" umount /mnt/1
works "mount again" mount -t ext2 /dev/hd1 /mnt/1
works "write again" cp /etc/passwd /mnt/1/f4
