# ps, env, uname, renice, pidof, /proc: what is said of processes.
cp "$(which busybox)" .
./busybox sleep 60 & p=$!
i=0; while [ "$(cat /proc/$p/comm 2> /dev/null)" != busybox ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
ps -o pid,ppid,comm,args | awk -v p=$p -v me=$$ '$1 == p { print ($2 == me), $3, $4, $5, $6 }'
ps -o comm,pid | awk -v p=$p '$2 == p { print $1 }'; ps | awk 'NR == 1 { print $1, $2 }'
ps -o pgid,sid,pid | awk -v p=$p '$3 == p { print ($1 > 0), NF }'
tr '\0' ' ' < /proc/$p/cmdline; echo; cat /proc/$p/comm; grep -E '^(Name|State|Pid|PPid)' /proc/$p/status | sed "s/$p/P/; s/$$/ME/"
awk '{ print $2, $3 }' /proc/$p/stat; kill -STOP $p; sleep 0.3; awk '{ print $3 }' /proc/$p/stat; kill -CONT $p
kill $p; wait $p 2> /dev/null; echo $?; [ -d /proc/$p ]; echo $?; cat /proc/$p/stat 2> /dev/null; echo $?
[ "$(awk '{ print $1 }' /proc/self/stat)" -gt 0 ] && echo self; [ "$(readlink /proc/self)" -gt 0 ] && echo link
n=$(awk '{ print $19 }' /proc/$$/stat); renice -n 5 $$ > /dev/null; echo $(($(awk '{ print $19 }' /proc/$$/stat) - n)); echo $(($(sh -c 'awk "{ print \$19 }" /proc/self/stat') - n)); pidof nosuchprocess; echo $?
uname -s; uname | wc -w; uname -a | wc -l; [ "$(uname -n)" = "$(hostname)" ] && echo host; uname -q 2> /dev/null; echo $?
env -i sh -c 'echo "<$HOME>"'; env -i X=1 sh -c 'echo $X; env | grep -v -e PWD -e SHLVL -e _= | sort'; env X=2 sh -c 'echo $X'; env nosuch; echo $?
id -u root; id -g root; id -un 0 2> /dev/null | grep -c root; id nosuchuser; echo $?; [ "$(id -un)" = "$(whoami)" ] && echo me
[ "$(cut -d' ' -f1 /proc/uptime | cut -d. -f1)" -ge 0 ] && echo up; grep -c . /proc/loadavg; [ "$(grep MemTotal /proc/meminfo | awk '{ print $2 }')" -gt 1000 ] && echo memory
time -p true 2>&1 | awk '{ print $1 }'; free | awk 'NR == 1 { print $1, $2, $3 } /^(Mem|Swap)/ { print $1, ($2 >= $4) }'
cat < /dev/stdin; echo piped | cat /dev/stdin; echo fd | cat /dev/fd/0; echo self | cat /proc/self/fd/0
(echo to stdout > /dev/stdout) | cat; (echo to stderr > /dev/stderr) 2>&1 | cat; (echo twice | tee /dev/stderr) 2>&1 | cat
seq 3 > five; exec 5< five; cat /dev/fd/5; exec 5<&-; cat /dev/fd/5 2> /dev/null; echo $?; cat /dev/fd/x 2> /dev/null; echo $?
tty; tty < /dev/null; echo $?; sleep 0.1; echo $?; usleep 1000; echo $?; sleep 0 x 2> /dev/null; echo $?
