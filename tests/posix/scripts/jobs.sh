# Background processes: wait, statuses, kill, stop and continue.
(exit 3) & wait $!; echo $?
sleep 0.1 & sleep 0.1 & wait; echo "all done $?"
for i in 1 2 3 4 5 6 7 8; do echo $i > b$i & done; wait; cat b1 b2 b3 b4 b5 b6 b7 b8
sleep 100 & p=$!; kill $p; wait $p 2> /dev/null; echo $?
sleep 100 & p=$!; kill -9 $p; wait $p 2> /dev/null; echo $?
sleep 100 & p=$!; kill -HUP $p; wait $p 2> /dev/null; echo $?
sleep 100 & p=$!; kill -STOP $p; kill -0 $p && echo there; kill -TERM $p; kill -CONT $p; wait $p 2> /dev/null; echo $?
(kill -0 $p) 2> /dev/null || echo gone
wait 99999 2> /dev/null; echo $?
(sleep 0.2; echo late) & echo early; wait
(echo a; (echo b; (echo c) & wait) & wait) & wait
p=''; for i in 1 2 3; do (exit $i) & p="$p $!"; done; for i in $p; do wait $i; echo $?; done
timeout 1 sleep 100; echo "timeout $?"
timeout -s KILL 1 sleep 100; echo "timeout $?"
timeout 50 true; echo "timeout $?"
[ "$(sh -c 'echo $PPID')" = $$ ] && echo parent
setsid true; echo $?
i=0; while [ $i -lt 100 ]; do (:) & i=$((i + 1)); done; wait; echo "100 children"
