# Traps: EXIT, signals sent to oneself and by others, ignored and reset ones.
(trap 'echo bye' EXIT; echo hi)
(trap 'echo bye $?' EXIT; exit 3); echo $?
trap 'echo usr1' USR1; kill -USR1 $$; echo after
trap 'echo usr2' USR2; kill -s USR2 $$; echo after
trap '' TERM; kill -TERM $$; echo survived
trap - TERM
sh -c 'kill -TERM $$; echo not reached'; echo $?
sh -c 'kill -KILL $$; echo not reached'; echo $?
sh -c 'trap "echo got; exit 9" HUP; kill -HUP $$; echo not reached'; echo $?
sh -c 'trap "" INT; sh -c "kill -INT \$\$; echo ignored by the child too"'
trap
trap - USR1 USR2
trap
sh -c 'trap "echo child term; exit 5" TERM; echo ready > ready; while :; do sleep 1; done' &
while [ ! -s ready ]; do sleep 0.05; done
kill $!; wait $! 2> /dev/null; echo "status $?"
kill -0 $$ && echo alive
kill -l 9; kill -l 15; kill -l
