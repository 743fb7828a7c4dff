# shellcheck shell=bash disable=SC2034,SC2054
# ./machina boot and ./machina gdb. Sourced by ./machina.

help_boot() {
  cat << 'TEXT'
Usage: ./machina boot [OPTION]...

Builds the disk image if needed and boots it in QEMU; its console is this
terminal. `poweroff` in the guest or Ctrl-A X here ends it. The disk is kept
between boots in .machina/disk.img.

  --memory MIB      memory size (default 256)
  --display KIND    serial (default), curses (VGA text here), window (VGA window)
  --args TEXT       arguments for the kernel
  --fresh           replace the kept disk by the built image first
  --snapshot        throw away what this boot writes
  --image FILE      boot this disk image instead
  --no-reboot       end when the guest restarts
  --gdb [PORT]      wait for a debugger (default port 1234; see ./machina help gdb)
  --net             user-mode network with an NE2000 PCI card
  --kvm             use the processor's virtualization
TEXT
}

# The persistent disk: made from the built image when there is none.
prepare_disk() {
  local disk=$STATE/disk.img
  if [ ! -f "$disk" ] || [ "$1" = fresh ]; then
    cp --sparse=always --reflink=auto "$BUILT_IMAGE" "$disk.new"
    mv "$disk.new" "$disk"
    cp "$STATE/built" "$STATE/disk-from"
  elif ! cmp -s "$STATE/built" "$STATE/disk-from"; then
    say "the disk kept in .machina/disk.img is older than the built image; --fresh replaces it"
  fi
}

display_options() {   # KIND
  case $1 in
    serial) QEMU+=(-display none -serial mon:stdio) ;;
    curses) QEMU+=(-display curses -serial null) ;;
    window)
      ensure_packages qemu-system-gui
      QEMU+=(-serial mon:stdio)
      ;;
    *) die -2 "--display is serial, curses or window, not '$1'" ;;
  esac
}

command_boot() {
  local memory=$DEFAULT_MEMORY display=serial args='' fresh=keep image='' gdb='' net='' extra=()
  while [ $# -gt 0 ]; do
    case $1 in
      --memory | --display | --args | --image) need_value boot "$1" $# ;;&
      --memory) need_number boot "$1" "$2"; memory=$2; shift ;;
      --display) display=$2; shift ;;
      --args) args=$2; shift ;;
      --image) image=$2; shift ;;
      --fresh) fresh=fresh ;;
      --snapshot) extra+=(-snapshot) ;;
      --gdb)
        gdb=1234
        if [[ ${2:-} =~ ^[0-9]+$ ]]; then gdb=$2; shift; fi
        ;;
      --net) net=1 ;;
      --no-reboot) extra+=(-no-reboot) ;;
      --kvm) extra+=(-accel kvm) ;;
      *) bad_option boot "$1" ;;
    esac
    shift
  done
  [ -z "$image" ] || [ -f "$image" ] || die "no image file $image"
  if [ -z "$image" ]; then
    build_image
    prepare_disk "$fresh"
    image=$STATE/disk.img
  else
    ensure_setup
  fi
  machine "$image" "$memory" "$args"
  display_options "$display"
  if [ -n "$net" ]; then QEMU+=(-nic user,model=ne2k_pci); else QEMU+=(-nic none); fi
  if [ -n "$gdb" ]; then
    QEMU+=(-gdb "tcp:127.0.0.1:$gdb" -S)
    say "waiting for a debugger: ./machina gdb $gdb"
  fi
  [ "$display" = curses ] || say "Ctrl-A X ends QEMU, Ctrl-A C is its monitor"
  run_machine "${extra[@]}"
}

# QEMU's status says how the guest ended: 0 and 1 are a power-off, other odd ones a kernel panic.
run_machine() {
  local status=0
  "${QEMU[@]}" "$@" || status=$?
  case $status in
    0 | 1) return 0 ;;
    *) die -125 "the machine ended with status $status" ;;
  esac
}

help_gdb() {
  cat << 'TEXT'
Usage: ./machina gdb [PORT] [GDB-ARGUMENT]...

Attaches gdb, with the kernel's symbols, to a guest started in another terminal
with `./machina boot --gdb [PORT]` (default port 1234).
TEXT
}

command_gdb() {
  local port=1234
  if [[ ${1:-} =~ ^[0-9]+$ ]]; then port=$1; shift; fi
  ensure_packages gdb
  [ -f "$BUILT_KERNEL" ] || die "no kernel built yet: start './machina boot --gdb' first"
  exec gdb -q -ex "set architecture i386" -ex "set substitute-path . $ROOT" \
    -ex "target remote 127.0.0.1:$port" "$@" "$BUILT_KERNEL"
}
