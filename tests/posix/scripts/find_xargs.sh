# find and xargs over a small tree.
mkdir -p t/a/b t/c; touch t/x.c t/a/y.c t/a/b/z.h t/c/w.c; echo data > t/c/full
find t | sort
find t -name '*.c' | sort
find t -type d | sort
find t -type f -size +0c
find t -name '*.c' -print0 | sort -z | xargs -0 echo
find t -type f | sort | xargs -n 2 echo
find t -maxdepth 1 | sort
find t -type f -exec echo {} \; | sort
find t -type f ! -name '*.c' | sort
find t -newer t/x.c > /dev/null; echo $?
seq 1 5000 | xargs echo | wc
seq 1 10 | xargs -I X echo "<X>"
seq 1 4 | xargs -n 1 sh -c 'exit 1'; echo $?
echo | xargs -r echo none
find missing; echo $?
find t -name '*.h' -exec rm {} +; find t | sort
find t -depth | sort | tail -n 1
find t -type f | xargs rm; find t -type f
rm -r t; ls
