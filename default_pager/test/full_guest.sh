#!/bin/sh
# Runs in the guest: memory and paging space are full. The program that uses most is killed; nothing else notices.
. /exec/check

check "less paging space" sh -c 'dd if=/dev/zero of=/paging bs=1M count=16 && swapon /paging && swapoff /dev/hd0s2'
# A program that fits, which goes on all the time.
/exec/thrash 40 1 6 > /tmp/modest 2>&1 &
modest=$!
for i in 1 2 3; do
  /exec/thrash 60 1 200 > /tmp/greedy 2>&1
  check "a program that needs more than there is is killed" grep -q '^not ok 1 .*(status 0x9)$' /tmp/greedy
  check "others start" sh -c 'ls -l /bin > /dev/null'
done
wait $modest
check "the program that fits found what it had written" [ $? = 0 ]
check "the servers are there" sh -c 'machina-info services | grep -c running | grep -q "[23]"'
echo "1..$n"
