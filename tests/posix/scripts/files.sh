# cp, mv, ln, chmod, touch, rm, stat, ls.
echo data > a; chmod 640 a; touch -d '2020-02-03 04:05:06' a
cp -a a b; stat -c '%n %a %s %Y %h %F' a b
ln a hard; ln -s a soft; ln -s missing dangling; stat -c '%n %h' a hard; readlink soft; readlink dangling
[ a -ef hard ] && echo one; cat soft; cat dangling; echo $?
ls -l a soft dangling | awk '{ print $1, $2, $5, $9, $10, $11 }' | grep -v soft
mkdir -p d/e/f; echo x > d/e/f/x; touch -d '2001-01-01 00:00:00' d/e/f/x; cp -a d d2; diff -r d d2 && echo same; stat -c '%Y' d2/e/f/x
chmod 000 a; stat -c %a a; chmod u+rw,g=r,o+x a; stat -c %a a; chmod -R a+rX d; stat -c %a d d/e/f/x
chmod 4755 b; stat -c '%a %A' b; chmod +t d; stat -c '%a %A' d; chmod 644 b
mv a moved; ls; mv moved d; ls d; mv d/moved .
rmdir d; echo $?; rm d; echo $?; rm -r d; ls
rm missing; echo $?; rm -f missing; echo $?
mkdir d2; echo $?; mkdir x/y; echo $?; ln b hard; echo $?
touch -d '1999-12-31 23:59:59' t; stat -c %Y t; date -u -r t
touch -r t t2; stat -c %Y t2; [ b -nt t ] && echo newer; [ t -ot b ] && echo older
ls -lR d2 | awk '{ if ($1 ~ /^[d-]/) print $1, $2, $9; else print }' | grep -v total
touch .hidden 'with space' -- -dash; ls; ls -a | wc -l; ls -1 -r; ls -F; ls -d .
rm ./-dash .hidden 'with space'; cp missing x; echo $?; cp d2 x; echo $?
truncate -s 100 i; stat -c %s i; truncate -s 2 b; od -c b
realpath soft > /dev/null; echo $?; ln -sf b soft; readlink soft; ln -s loop loop; cat loop; echo $?
cp b b; echo $?; mv b b; echo $?; cat d2; echo $?; cat b/x; echo $?; cd b; echo $?
