# Files of megabytes: written, copied, sparse, read in the middle, cut short.
dd if=/dev/zero of=z bs=64k count=64 2> /dev/null; md5sum z; stat -c %s z
seq 1 300000 > n; wc n; md5sum n; cp n m; cmp n m && echo same; tail -n 1 m
dd if=n bs=1 skip=1000000 count=20 2> /dev/null | od -c
dd if=n of=part bs=4096 skip=10 count=3 2> /dev/null; md5sum part
printf XXXX | dd of=m bs=1 seek=70000 conv=notrunc 2> /dev/null; md5sum m; cmp n m; echo $?
printf end | dd of=sparse bs=1 seek=5000000 2> /dev/null; stat -c %s sparse; md5sum sparse
: > m; stat -c %s m; cat n n > nn; stat -c %s nn; md5sum nn
truncate -s 3000000 t; md5sum t; truncate -s 10 n; od -c n; truncate -s 8192 n; md5sum n
i=0; while [ $i -lt 200 ]; do echo "line $i" >> lines; i=$((i + 1)); done; md5sum lines
rm z n m part sparse nn t lines; ls
