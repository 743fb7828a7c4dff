# Subshells, command substitution, functions, variables and what a child may change.
a=1; (a=2; echo "in $a"); echo "out $a"
(cd / && pwd); [ -f script ] && echo "same directory"
x=$(echo one; echo two; exit 5); echo "$x $?"
y=`echo back`; echo "$y"
f() { echo "f $# $1"; return 7; }
f a b; echo $?
g() { local v=inner; echo $v; }
v=outer; g; echo $v
export E=exported; sh -c 'echo $E'
N=once sh -c 'echo $N'; echo "N=$N"
sh -c 'echo $0 $1 $#' name arg
set -- a 'b c' d; for i in "$@"; do echo "<$i>"; done; echo $#; shift; echo $1
echo ${u:-default} ${x:+set} ${#v} ${v%er} ${v#o}
case hello.c in *.h) echo h ;; *.c) echo c ;; esac
i=0; while [ $i -lt 5 ]; do i=$((i + 1)); [ $i = 3 ] && continue; echo $i; done
echo $((7 * 6)) $((17 % 5)) $((1 << 10)) $((0x1f)) $((-7 / 2)) $((2147483647 + 1))
IFS=:; set -- a:b:c; set -- $1; echo $#
unset IFS
eval 'echo evaluated'
{ echo group; }
! true; echo $?
echo $(echo $(echo $(echo deep)))
n=0; while [ $n -lt 50 ]; do (exit $n); [ $? = $n ] || echo wrong; n=$((n + 1)); done; echo "50 subshells"
