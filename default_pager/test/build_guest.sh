#!/bin/sh
# Runs in the guest, which has little memory: what a build does - many small files, archives, compressors and sorts side
# by side - while another program uses more memory than there is. What comes out must be what went in.
. /exec/check
used_space() { awk '/^SwapTotal/ {total = $2} /^SwapFree/ {print total - $2}' /proc/meminfo; }
sums() { (cd "$1" && find . -type f | sort | xargs sha256sum | sha256sum); }

mkdir -p /build/tree
cd /build || exit 1
for i in 0 1 2 3 4 5 6 7; do
  mkdir "tree/part$i"
  for j in 0 1 2 3 4 5 6 7; do
    awk -v seed="$i$j" 'BEGIN { srand(seed); for (k = 0; k < 800; ++k) printf "%d line %d of file %d\n", rand() * 1e9, k, seed }' \
      > "tree/part$i/file$j"
  done
done
cp /bin/busybox tree/program
before=$(sums tree)

# Three programs with 12 MiB each in 32 MiB of memory.
/exec/thrash 45 3 12 > /tmp/thrash 2>&1 &
thrash=$!

one_job() {   # NUMBER
  mkdir "job$1" && tar cf - tree | gzip > "job$1/tree.tgz" && (cd "job$1" && gunzip -c tree.tgz | tar xf -)
}
lines() { cat tree/part*/file* tree/part*/file* tree/part*/file*; }
one_job 1 & job1=$!
one_job 2 & job2=$!
lines | sort > sorted & sort1=$!
lines | sort -r | sort > sorted_twice & sort2=$!
for pid in $job1 $job2 $sort1 $sort2; do check "a job ends well" wait $pid; done
most=$(used_space)

check "what the first job unpacked is what it packed" [ "$(sums job1/tree)" = "$before" ]
check "the second, too" [ "$(sums job2/tree)" = "$before" ]
check "both archives are alike" cmp job1/tree.tgz job2/tree.tgz
check "all lines were sorted" [ "$(wc -l < sorted)" = $((3 * 64 * 800)) ]
check "in both ways" cmp sorted sorted_twice
check "and in order" sort -c sorted
check "the tree is as it was" [ "$(sums tree)" = "$before" ]
check "another program found what it had written" wait $thrash
sed 's/^/# /' /tmp/thrash
echo "# $most KiB of paging space in use"
check "paging space was used" [ "$most" -gt 1024 ]
echo "1..$n"
