#!/bin/sh
# Runs in the guest, which has little memory: paging space comes and goes while programs use it. /exec/thrash is thrash.c.
. /exec/check
not() { ! "$@"; }
in_use() { grep -q "^$1 " /proc/swaps; }
free_space() { sed -n 's/^SwapFree: *\([0-9]*\) kB/\1/p' /proc/meminfo; }

check "the partition is in use" in_use /dev/hd0s2
check "it cannot be added twice" not swapon /dev/hd0s2
check "a file system is refused" not swapon /dev/hd0s1
check "a missing partition is refused" not swapon /dev/hd0s4
check "what is not in use cannot be removed" not swapoff /dev/hd0s1

check "a file is made" dd if=/dev/zero of=/paging bs=1M count=48
check "it is added" swapon /paging
check "and shown" in_use /paging
check "nobody writes to it" not dd if=/dev/zero of=/paging bs=1k count=1 conv=notrunc
check "nor makes it shorter" not dd if=/dev/zero of=/paging bs=1k count=1
check "it cannot be added twice" not swapon /paging
check "a file with holes is refused" not sh -c 'truncate -s 8M /holes && swapon /holes'
check "a file in memory is refused" not sh -c 'dd if=/dev/zero of=/tmp/file bs=4k count=4 && swapon /tmp/file'

# 4 programs with 11 MiB each in 32 MiB of memory.
/exec/thrash 30 4 11 > /tmp/thrash 2>&1 &
sleep 8
check "the partition is removed while programs page" swapoff /dev/hd0s2
check "it is gone" not in_use /dev/hd0s2
check "what is left is not enough without the file" not swapoff /paging
sleep 4
check "the partition is added again" swapon /dev/hd0s2
check "the file is removed while programs page" swapoff /paging
check "it is gone" not in_use /paging
check "it is an ordinary file again" sh -c 'echo text > /paging && [ "$(cat /paging)" = text ] && rm /paging'
wait $!
check "the programs found what they had written" [ $? = 0 ]
cat /tmp/thrash | sed 's/^/# /'
check "paging space is free again" sh -c '[ "$(grep -c . /proc/swaps)" = 2 ]'
echo "1..$n"
