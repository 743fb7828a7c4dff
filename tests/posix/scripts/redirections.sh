# Redirections: append, read and write, duplicated and closed descriptors, noclobber.
echo one > f; echo two >> f; cat f
cat < f > g; cat g
exec 3> h; echo three >&3; echo four >&3; exec 3>&-; cat h
exec 4< f; read -r a <&4; read -r b <&4; exec 4<&-; echo "$a-$b"
{ echo out; echo err >&2; } > o 2> e; cat o e
{ echo out; echo err >&2; } > both 2>&1; cat both
ls missing 2> /dev/null; echo "status $?"
ls missing 2>&1; echo "status $?"
cat < missing; echo "status $?"
: > empty; wc -c < empty
echo 12345 > rw; exec 5<> rw; read -r line <&5; echo more >&5; exec 5>&-; cat rw
set -C; (echo no > f) 2> /dev/null; echo "noclobber $?"; echo yes >| f; set +C; cat f
(exec >&-; echo lost) 2> /dev/null; echo "closed $?"
exec 6>&1; echo saved > f; echo shown >&6; exec 6>&-; cat f
for i in 1 2 3; do echo $i; done > loop; cat loop
while read -r n; do echo "line $n"; done < loop
echo > dir/f; echo "status $?"
mkdir dir; echo > dir; echo "status $?"
( echo a >> app & echo b >> app; wait ); sort app
