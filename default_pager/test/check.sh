# shellcheck shell=sh
# TAP, for scripts that run in the guest. They end with echo "1..$n".
n=0
check() {   # NAME COMMAND...
  name=$1
  shift
  n=$((n + 1))
  if "$@" > /tmp/out 2>&1; then echo "ok $n - $name"; else echo "not ok $n - $name"; sed 's/^/# /' /tmp/out; fi
}
