# du, df, dd, sync, stat, truncate: sizes and space. Numbers of one file system are not shown.
seq 1 2000 > f; du -k f; du -h f; du -b f 2> /dev/null; echo $?; cp f g; du -ck f g; mkdir d; cp f d/h; du -a d | grep h$
: > empty; du empty; truncate -s 1M sparse; du -k sparse; stat -c '%s %b %F' sparse empty
ln f hard; du -c f hard | tail -n 1; du missing; echo $?
df -P . | head -n 1; df -P . | awk 'NR == 2 { print NF, ($2 > 0), ($3 >= 0), ($4 > 0), $5 ~ /%$/ }'
df -k . | head -n 1; df -h . | head -n 1; df -i . > /dev/null; echo $?; df missing; echo $?
where() { df -P "$1" | awk 'NR == 2 { print $1, $6 }'; }  # its space may change between two looks
[ -n "$(where .)" ] && [ "$(where .)" = "$(where f)" ] && echo 'one file system'
sync; echo $?; sync -d f; echo $?; sync -f f; echo $?; sync missing; echo $?
dd if=f of=part bs=10 skip=2 count=3 2> /dev/null; cat part; echo; dd if=f bs=1 count=5 2> said; cat said | head -n 2
dd if=/dev/zero of=zeros bs=1k count=4 conv=fsync 2> /dev/null; stat -c %s zeros; dd if=part of=zeros bs=1 seek=100 conv=notrunc 2> /dev/null
stat -c %s zeros; od -A d -c zeros | sed -n 6,9p; dd if=part of=zeros bs=1 seek=100 2> /dev/null; stat -c %s zeros
dd if=/dev/zero of=/dev/full count=1 2> /dev/null; echo $?; dd if=missing of=x 2> /dev/null; echo $?; dd if=f of=d 2> /dev/null; echo $?
printf 'abcd' | dd conv=swab 2> /dev/null; echo
truncate -s +5 part; truncate -s 40 part; stat -c %s part; truncate -s 3 part; stat -c %s part; truncate -c -s 5 missing; ls missing 2> /dev/null; echo $?
stat -c '%n %s %h %u %g %a %A %F' f | sed "s/ $(id -u) $(id -g) / uid gid /"; stat -t missing; echo $?
stat -c '%F %t %T' /dev/null /dev/zero; mkfifo p; stat -c '%F %A' p d; stat -L -c %F . ; stat -c %N p | tail -c 3
stat -f -c '%l' .; stat -f -c '%s' . | grep -c '[0-9]'; wc -c f g | tail -n 1; cmp f g && echo equal; cmp f zeros; echo $?
head -c 20 f | tail -c 10; tail -n +1999 f; shred -u g; ls g; echo $?
