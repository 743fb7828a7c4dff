# sed, awk, grep, cut, tr and friends.
seq 1 10 | sed -n '3,5p'
seq 1 5 | sed '2d;s/4/four/'
echo 'a b c' | sed 's/\(.\) \(.\)/\2 \1/'
seq 1 3 | sed 'i\
before'
printf 'one\ntwo\n' > f; sed -i 's/two/2/' f; cat f
seq 1 100 | awk '{ s += $1 } END { print s, s / NR }'
printf 'a 1\nb 2\na 3\n' | awk '{ n[$1] += $2 } END { for (k in n) print k, n[k] }' | sort
awk 'BEGIN { printf "%d %5.2f %s %x\n", 42, 3.14159, "text", 255; print length("hello"), substr("hello", 2, 3), toupper("up") }'
awk -F: '{ print $2 }' << END
a:b:c
d:e:f
END
awk 'BEGIN { "echo piped" | getline x; print x; system("echo system"); print "sorted" | "sort" }'
awk 'BEGIN { while (i++ < 3) print i > "awk.out"; close("awk.out"); while ((getline l < "awk.out") > 0) print "l" l }'
seq 1 20 | grep -c 1; seq 1 20 | grep -v 1 | tr '\n' ' '; echo
echo 'Some Text' | grep -io text; grep nothing f; echo $?; grep -rn 2 f
echo a:b:c | cut -d: -f2; echo abcdef | cut -c2-4
echo hello | tr a-y b-z; echo hello | tr -d l; echo aabbcc | tr -s abc
echo hello | rev; seq 1 3 | tac; seq 1 4 | paste - -
printf '%s %d %05d %x %o %c\n' str 42 42 255 8 c; printf '%.3f %e\n' 3.14159 12345.678
echo 'a	b' | expand; nl f; fold -w 3 f; od -c f; hexdump -C f
expr 3 + 4; expr length hello; basename /a/b.c .c; dirname /a/b/c
echo '6 * 7' | bc
