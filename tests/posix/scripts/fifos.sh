# Named pipes: opening waits for the other side, data, end of file, a broken one.
mkfifo f; [ -p f ] && echo fifo
echo through > f & cat f; wait
cat f > got & echo other > f; wait; cat got
seq 1 30000 > f & md5sum < f; wait
(for i in 1 2 3; do echo $i; done) > f & while read -r l; do echo "l $l"; done < f; wait
mkfifo a b
(while read -r n; do echo $((n * n)); done) < a > b &
exec 3> a 4< b
for i in 2 3 4; do echo $i >&3; read -r r <&4; echo $r; done
exec 3>&- 4<&-; wait
(sleep 0.1; head -n 1 f) & yes > f 2> /dev/null; echo "broken $?"; wait
ls -l f | cut -c1-10
rm f a b; ls
