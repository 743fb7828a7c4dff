# Here-documents: expansion, quoting, tabs, several at once, long ones.
x=42
cat << END
plain $x $((x + 1)) $(echo sub) \$x
END
cat << 'END'
quoted $x `no`
END
cat <<- END
	indented
		twice
	END
cat << A; cat << B
first
A
second
B
while read -r l; do echo "[$l]"; done << END
1
2 2
END
cat << END | tr a-z A-Z
piped
END
long=$(seq 1 3000)
cat << END | md5sum
$long
END
