# tar and gzip: round trips, listings, broken input.
mkdir -p d/e; seq 1 500 > d/numbers; echo text > d/e/text; ln -s numbers d/link; ln d/numbers d/hard; chmod 640 d/e/text
tar cf t.tar d; tar tf t.tar | sort
mkdir x; tar xf t.tar -C x; diff -r d x/d && echo same
readlink x/d/link; [ x/d/numbers -ef x/d/hard ] && echo linked; stat -c %a x/d/e/text
tar czf t.tgz d; mkdir y; tar xzf t.tgz -C y; diff -r d y/d && echo same
tar cf - d | (mkdir z; cd z; tar xf -); diff -r d z/d && echo same
seq 1 20000 > big; gzip -c big > big.gz; gunzip -c big.gz | cmp - big && echo same
rm big.gz; gzip big; ls big*; gunzip big.gz; md5sum big
gzip -c < big | zcat | md5sum
bzip2 -c big | bunzip2 -c | md5sum
echo garbage | gunzip > /dev/null 2>&1; echo $?
tar xf missing.tar; echo $?
tar cf - d/e | tar tf -
echo hello | gzip | gunzip
