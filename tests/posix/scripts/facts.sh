# What the environment tells: date, id, uname, env, umask, limits, statuses.
date -u -d '2024-02-29 12:34:56' '+%Y-%m-%d %H:%M:%S %j %a %b %s'
date -u -d @0; date -u -d @2000000000 +%c; TZ=EST5EDT date -d @1720000000; TZ=CET-1 date -d @1720000000 +%T%z
[ "$(date +%Y)" -gt 2020 ] && echo year
[ "$(id -u)" -ge 0 ] && echo number
uname -s; env -i A=1 B=2 env | sort; env -u PATH echo unset
umask; umask 027; touch f; mkdir d; stat -c %a f d; umask 077; touch g; stat -c %a g; umask 000; touch h; mkdir i; stat -c %a h i; umask 022
(umask 070; touch j); stat -c %a j; umask
true; echo $?; false; echo $?; missing_command; echo $?; ./script2; echo $?
echo 'echo I run' > script2; ./script2; echo $?; chmod +x script2; ./script2; echo $?
printf '#!/bin/sh\necho "args $#: $*"\nexit 12\n' > s3; chmod +x s3; ./s3 a 'b c'; echo $?
printf '#!/nowhere/sh\n' > s4; chmod +x s4; ./s4; echo $?
printf 'garbage\0\1\2' > s5; chmod +x s5; ./s5 > /dev/null 2>&1; echo $?
mkdir dd; ./dd; echo $?; . ./script2; sh missing; echo $?; sh -c 'exit 300'; echo $?
sh -e -c 'false; echo no'; echo $?; sh -u -c 'echo $nope' 2> /dev/null; echo $?; sh -c 'syntax (' 2> /dev/null; echo $?
PATH=/nowhere; ls; echo $?
