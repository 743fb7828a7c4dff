# Renames, deep directories, many files, long names.
p=top; i=0; while [ $i -lt 30 ]; do p=$p/level$i; i=$((i + 1)); done
mkdir -p $p; echo deep > $p/file; cat $p/file; find top | wc -l
(cd $p && cat file && cd ../.. && basename "$(pwd)" && cat level28/level29/file)
mv top renamed; cat renamed/${p#top/}/file; rm -r renamed; ls
mkdir many; i=0; while [ $i -lt 200 ]; do echo $i > many/file_with_a_name_$i; i=$((i + 1)); done
ls many | wc -l; ls many | md5sum; cat many/* | awk '{ s += $1 } END { print s }'
rm many/*_1*; ls many | wc -l; touch many/again; ls many | head -n 3
for i in many/*_2*; do mv $i $i.moved; done; ls many/*.moved | wc -l; rm -r many
mkdir a b; echo 1 > a/f; echo 2 > b/f; mv a/f b/f; cat b/f; ls a; mv b a; ls a/b; rmdir a; echo $?
mv a a/b; echo $?; mv missing x; echo $?; mkdir c; mv -T c a; echo $?; echo f > f; mv -T c f; echo $?; mv -T f c; echo $?
n=$(printf '%0200d' 7); echo long > $n; cat $n; ls | grep -c 0000; mv $n ${n}x; cat ${n}x; rm ${n}x
n=$(printf '%0256d' 7); echo no > $n 2> /dev/null; echo $?
cd c; cd ..; cd ./c/../c; basename "$(pwd)"; cd ..; rmdir c; ls -d c; echo $?
mkdir gone; (cd gone; rmdir ../gone; ls; echo x > y; echo $?) 2> /dev/null
echo *; echo a/*; echo no*; echo ?; echo [a-c]
touch open; exec 3< open; rm open; cat <&3; echo removed >&3; exec 3<&-; ls
echo keep > k; exec 3< k; rm k; cat <&3; exec 3<&-
