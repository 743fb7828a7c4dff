# The test command's operators.
echo x > f; : > e; mkdir d; ln -s f l; mkfifo p; chmod 644 f
for t in '-e f' '-f f' '-d f' '-d d' '-s f' '-s e' '-L l' '-f l' '-p p' '-e no' '-L no' '-c /dev/null' '-b f' '-S f' \
  '-r f' '-w f' '-u f' '-g f' '-k f' '-x d' 'f -ef l' 'f -ef e' '-n a' '-z a' 'a = a' 'a != a' 'a = b' \
  '1 -eq 1' '1 -ne 1' '1 -lt 2' '2 -le 2' '3 -gt 4' '4 -ge 4' '! -e f' '-e f -a -e no' '-e f -o -e no' '-t 0' ''; do
  if test $t; then echo "yes $t"; else echo "no $t"; fi
done
[ -z "" ] && echo empty; [ "a b" = "a b" ] && echo string; [ ] ; echo $?
[ 1 -eq x ] 2> /dev/null; echo $?
: > /dev/null; cat /dev/null; head -c 4 /dev/zero | od -An -tx1; dd if=/dev/zero bs=1000 count=3 2> /dev/null | wc -c
[ "$(head -c 16 /dev/urandom | wc -c)" = 16 ] && echo random
echo full > /dev/full; echo $?
