# sort, uniq, diff, cmp, patch, head, tail, wc, checksums.
printf 'b 2\na 10\nc 1\na 10\n' > f
sort f; sort -u f; sort -k2n f; sort -r f; sort f | uniq -c; sort f | uniq -d
seq 1 3000 | awk '{ print ($1 * 7919) % 3001 }' | sort -n | md5sum
seq 1 3000 | awk '{ print ($1 * 7919) % 3001 }' | sort | md5sum
mkdir -p l/s r/s; echo same | tee l/a > r/a; echo 1 > l/b; echo 2 > r/b; echo only > l/s/c; echo x > l/s/d; echo x > r/s/d
diff -r l r | sed 's/\t.*//'; diff -rq l r; echo $?
printf '1\n2\n3\n4\n' > o; printf '1\ntwo\n3\n4\n5\n' > n
diff o n | sed 's/\t.*//'; diff -u o n | tail -n +3 > p; cat p
diff o o; echo $?; cmp o n; echo $?; cmp o o; echo $?
{ echo '--- o'; echo '+++ o'; cat p; } | patch o; diff o n && echo patched
seq 1 100 > s; head -n 2 s; tail -n 2 s; head -c 5 s; tail -c 4 s; wc s; tail -n +99 s
md5sum s; sha1sum s; sha256sum s; sha512sum s
md5sum s > sums; md5sum -c sums
