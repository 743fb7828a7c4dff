# shellcheck shell=bash disable=SC2034,SC2054
# ./machina exec: one command in a throw-away guest. Sourced by ./machina.
# The guest's side of the protocol is in images/README.md.

readonly STATUS_TIMEOUT=124 STATUS_GUEST=125

help_exec() {
  cat << 'TEXT'
Usage: ./machina exec [OPTION]... [--] COMMAND [ARGUMENT]...

Boots without a display on a throw-away copy of the built disk, runs COMMAND in
the guest and ends. The command's output is the only thing on standard output,
its standard error follows on standard error when it has ended, and its exit
status is this command's.

  --put HOST:GUEST   copy a file or directory into the guest first (repeatable)
  --get GUEST:HOST   copy a file or directory out afterwards (repeatable)
  --memory MIB       memory size (default 256)
  --timeout SECONDS  limit for the whole run (default 300)
  --args TEXT        arguments for the kernel
  --icount           time counts instructions, one a nanosecond: computing takes
                     exactly as long in every run (waiting for the disk does not)
  --net              user-mode network with an NE2000 PCI card
  --image FILE       use this disk image instead of building one
  --console FILE     keep the console's output in FILE

Status 124: the time was over. Status 125: the guest panicked, did not come up or
did not finish, or a file could not be copied. Both show the console's output.
TEXT
}

# Runs debugfs commands (standard input) on an image's file system; prints complaints.
disk_commands() {   # IMAGE [debugfs option]
  PATH=$PATH:/usr/sbin:/sbin debugfs ${2:+"$2"} -f /dev/stdin "$1?offset=$ROOT_OFFSET" 2>&1
}

disk_path_ok() {   # PATH
  [[ $1 == /* ]] || die -2 "a path in the guest must be absolute: '$1'"
  [[ $1 != *[[:space:]\"]* ]] || die -2 "a path in the guest cannot have spaces or quotes: '$1'"
}

# debugfs commands that make a directory with its parents; those that exist only give a complaint.
make_dirs() {   # DIRECTORY
  [ "$1" != / ] || return 0
  make_dirs "$(dirname "$1")"
  echo "mkdir $1"
}

put_one() {   # HOST GUEST: commands for one file
  local mode=0100644
  [ ! -x "$1" ] || mode=0100755
  printf 'rm %s\nwrite "%s" %s\nset_inode_field %s mode %s\n' "$2" "$1" "$2" "$2" "$mode"
}

put_commands() {   # HOST GUEST
  local host=$1 guest=$2 path
  make_dirs "$(dirname "$guest")"
  if [ ! -d "$host" ]; then
    put_one "$host" "$guest"
    return
  fi
  make_dirs "$guest"
  (cd "$host" && find . -mindepth 1 -type d -printf '%P\n' | LC_ALL=C sort) |
    while read -r path; do echo "mkdir $guest/$path"; done
  (cd "$host" && find . -type f -printf '%P\n' | LC_ALL=C sort) |
    while read -r path; do put_one "$host/$path" "$guest/$path"; done
}

put_files() {   # IMAGE HOST:GUEST...
  local image=$1 pair host guest log
  shift
  for pair in "$@"; do
    host=$(realpath -e "${pair%:*}" 2> /dev/null) || die -2 "no file or directory ${pair%:*} to put"
    guest=${pair##*:}
    disk_path_ok "$guest"
    log=$(put_commands "$host" "$guest" | disk_commands "$image" -w)
    # Existing directories and the removal of what is not there are no errors.
    if grep -vE '^($|debugfs|Allocated inode|(ext2fs_)?mkdir: Ext2 (file|directory) already exists|rm: File not found)' <<< "$log" >&2; then
      die -$STATUS_GUEST "could not put $host as $guest"
    fi
  done
}

get_files() {   # IMAGE GUEST:HOST...
  local image=$1 pair guest host type
  shift
  for pair in "$@"; do
    guest=${pair%%:*} host=${pair#*:}
    type=$(echo "stat $guest" | disk_commands "$image" | sed -n 's/.*Type: \([a-z]*\).*/\1/p')
    rm -rf "$WORK/got"
    case $type in
      regular) echo "dump $guest $WORK/got" ;;
      directory)
        mkdir "$WORK/got"
        echo "rdump $guest $WORK/got"
        ;;
      *) die -$STATUS_GUEST "the guest has no file or directory $guest" ;;
    esac | disk_commands "$image" > /dev/null
    [ -e "$WORK/got" ] || die -$STATUS_GUEST "could not get $guest"
    if [ -d "$WORK/got" ]; then
      mkdir -p "$host"
      cp -r "$WORK/got/$(basename "$guest")/." "$host/"
    else
      cp "$WORK/got" "$host"
    fi
  done
}

# The script the guest runs: the command, quoted for a POSIX shell.
guest_script() {
  local word
  printf 'exec'
  for word in "$@"; do printf " '%s'" "${word//\'/\'\\\'\'}"; done
  echo
}

# Runs QEMU; the second serial port is standard output as it comes.
run_guest() {   # TIMEOUT
  local status=0 reader
  mkfifo "$WORK/output"
  cat "$WORK/output" &
  reader=$!
  timeout --kill-after=10 "$1" "${QEMU[@]}" -display none -monitor none \
    -serial "file:$WORK/console" \
    -chardev "file,id=output,path=$WORK/output" -serial chardev:output \
    < /dev/null > "$WORK/qemu.log" 2>&1 || status=$?
  # If QEMU never opened the pipe, let its reader go.
  : <> "$WORK/output"
  wait "$reader"
  return "$status"
}

guest_failed() {   # STATUS MESSAGE
  {
    cat "$WORK/qemu.log"
    tail -c 20000 "$WORK/console" 2> /dev/null | tr -d '\r'
    echo "dump /exec/stderr /dev/stdout" | disk_commands "$WORK/disk.img" | grep -vE '^debugfs|^/exec/stderr: File not found'
  } >&2 || true
  die -"$1" "$2"
}

exec_in_guest() {   # uses the options of command_exec
  local status=0 result
  cp --sparse=always --reflink=auto "$image" "$WORK/disk.img"
  guest_script "$@" > "$WORK/run"
  put_files "$WORK/disk.img" "$WORK/run:/exec/run" "${puts[@]}"
  machine "$WORK/disk.img" "$memory" "panic=exit${args:+ $args}"
  QEMU+=(-no-reboot -nic "$nic")
  [ -z "$icount" ] || counted_instructions
  run_guest "$timeout" || status=$?
  [ -z "$console" ] || cp "$WORK/console" "$console"
  case $status in
    0 | 1) ;;   # powered off
    124 | 137) guest_failed $STATUS_TIMEOUT "the guest did not finish within $timeout s" ;;
    *) guest_failed $STATUS_GUEST "the guest failed (QEMU's status $status)" ;;
  esac
  echo "dump /exec/status $WORK/status" | disk_commands "$WORK/disk.img" > /dev/null
  result=$(cat "$WORK/status" 2> /dev/null || true)
  [[ $result =~ ^[0-9]+$ ]] || guest_failed $STATUS_GUEST "the guest ended without the command's status"
  echo "dump /exec/stderr $WORK/stderr" | disk_commands "$WORK/disk.img" > /dev/null
  cat "$WORK/stderr" >&2 2> /dev/null || true
  get_files "$WORK/disk.img" "${gets[@]}"
  return "$result"
}

command_exec() {
  local memory=$DEFAULT_MEMORY timeout=300 args='' icount='' image='' nic=none console=''
  local puts=() gets=()
  while [ $# -gt 0 ]; do
    case $1 in
      --put | --get)
        need_value exec "$1" $#
        [[ $2 == ?*:?* ]] || die -2 "option '$1' needs FROM:TO, not '$2'"
        ;;&
      --memory | --timeout) need_value exec "$1" $#; need_number exec "$1" "$2" ;;&
      --args | --image | --console) need_value exec "$1" $# ;;&
      --put)
        [ -e "${2%:*}" ] || die -2 "no file or directory ${2%:*} to put"
        puts+=("$2")
        shift
        ;;
      --get) gets+=("$2"); disk_path_ok "${2%%:*}"; shift ;;
      --memory) memory=$2; shift ;;
      --timeout) timeout=$2; shift ;;
      --args) args=$2; shift ;;
      --image) image=$2; shift ;;
      --console) console=$2; shift ;;
      --icount) icount=1 ;;
      --net) nic=user,model=ne2k_pci ;;
      --) shift; break ;;
      -*) bad_option exec "$1" ;;
      *) break ;;
    esac
    shift
  done
  [ $# -gt 0 ] || die -2 "no command; see './machina help exec'"
  if [ -z "$image" ]; then
    build_image
    image=$BUILT_IMAGE
  else
    ensure_setup
  fi
  make_work_dir
  exec_in_guest "$@"
}
