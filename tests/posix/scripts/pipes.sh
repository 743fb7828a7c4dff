# Pipes: order, several stages, exit statuses, a reader that ends first, much data.
echo one | cat
printf 'b\na\nc\n' | sort | tr a-z A-Z | sed 's/^/> /'
seq 1 1000 | grep 7 | wc -l
seq 1 20000 | tail -n 1
yes | head -n 3
yes 'a longer line of text' | head -c 100000 | md5sum
false | true; echo "status $?"
true | false; echo "status $?"
(exit 3) | (exit 4); echo "status $?"
echo x | while read -r line; do echo "read $line"; done
seq 1 5 | { read -r first; echo "first $first"; cat; }
{ echo out; echo err >&2; } 2>&1 | sort
seq 1 100000 | tee copy | md5sum
md5sum < copy
cat copy copy copy | wc -c
echo a | cat | cat | cat | cat | cat | cat | cat | cat
