# run_scripts.sh SCRIPTS WORK: runs every script of a directory, each in a new directory below WORK, with
# nothing of the caller's environment but PATH. Run by busybox sh in the guest and on the host alike.
scripts=$1 work=$2
for script in "$scripts"/*.sh; do
  name=${script##*/}
  echo "=== ${name%.sh}"
  mkdir -p "$work/$name"
  cd "$work/$name" || exit 1
  cp "$script" script
  env -i PATH="$PATH" TZ=UTC HOME=/ timeout -s KILL 200 sh ./script < /dev/null > ../output 2>&1
  status=$?
  cat ../output
  echo "=== status $status"
  cd /
  rm -r "$work/$name"
done
echo "=== end"
