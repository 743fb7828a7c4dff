#!/bin/bash
# mkdisk.sh OUT.TAR GRUB.CFG MANIFEST GRUBDIR TOOLDIR OBJCOPY
# Makes disk.img (see README.md) without root or loop devices and packs it as a sparse tar file:
# that keeps the zeros of a mostly empty disk out of every cache. Same inputs, same bytes.
# MANIFEST lines:  d MODE PATH | f MODE PATH SOURCE | l PATH TARGET | b - PATH BUSYBOX
# (mode "-": executable if an ELF file or a script). Parent directories are made as needed.
set -euo pipefail
out=$1 config=$2 manifest=$3 grub=$4 tools=$5 objcopy=$6

# debugfs takes the time of every inode from here, not from the clock or the build's files.
export E2FSPROGS_FAKE_TIME=1 SOURCE_DATE_EPOCH=1 LC_ALL=C TZ=UTC MKE2FS_CONFIG=/dev/null

readonly kSector=512
readonly root_start=2048 root_sectors=$((128 * 2048))   # from 1 MiB: GRUB lies in the gap
readonly swap_start=$((root_start + root_sectors)) swap_sectors=$((320 * 2048))
readonly disk_id=0x4d414348

work=$(mktemp -d "${TMPDIR:-/tmp}/mkdisk.XXXXXX")
trap 'rm -rf "$work"' EXIT
image=$work/disk.img

tool() {
  local name=$1
  shift
  "$tools/libs/ld-linux-x86-64.so.2" --library-path "$tools/libs" "$tools/bin/$name" "$@"
}

fail() {
  echo "mkdisk: $*" >&2
  exit 1
}

is_elf() { [ "$(head -c 4 "$1" | tr -d '\0')" = $'\x7fELF' ]; }

is_script() { [ "$(head -c 2 "$1" | tr -d '\0')" = '#!' ]; }

mode_of() {
  if is_elf "$1" || is_script "$1"; then echo 0755; else echo 0644; fi
}

# The file to put for SOURCE: of a program a copy without debugging information, which only the
# debugger's own copy needs.
stripped() {
  local copy
  if ! is_elf "$1"; then
    echo "$1"
    return
  fi
  copy=$(mktemp "$work/stripped.XXXXXX")
  "$objcopy" --strip-debug "$1" "$copy" >&2
  echo "$copy"
}

# Turns the manifest into debugfs commands, parents first and in a fixed order.
commands() {
  local kind a b c path
  declare -A made=([/]=1 [/lost+found]=1)
  make_dir() {   # MODE PATH
    [ -z "${made[$2]:-}" ] || return 0
    make_dir 0755 "$(dirname "$2")"
    made[$2]=1
    printf 'mkdir %s\nset_inode_field %s mode 04%s\n' "$2" "$2" "$1"
  }
  put_file() {   # MODE PATH SOURCE
    local mode=$1 file
    [ -f "$3" ] || fail "no file $3 for $2"
    [ "$mode" != - ] || mode=$(mode_of "$3")
    file=$(stripped "$3")
    make_dir 0755 "$(dirname "$2")"
    printf 'write %s %s\nset_inode_field %s mode 010%s\n' "$file" "$2" "$2" "$mode"
  }
  put_link() {   # PATH TARGET
    make_dir 0755 "$(dirname "$1")"
    printf 'symlink %s %s\n' "$1" "$2"
  }
  while read -r kind a b c; do
    case $kind in
      d) make_dir "$a" "$b" ;;
      f) put_file "$a" "$b" "$c" ;;
      l) put_link "$a" "$b" ;;
      b)
        put_file 0755 "$b" "$c"
        # An i386 Linux program: the build machine can ask it for its own list of commands.
        for path in $("$c" --list-full | sort); do
          [ "/$path" = "$b" ] || put_link "/$path" "$b"
        done
        ;;
      *) fail "bad manifest line: $kind $a $b $c" ;;
    esac
  done < <(sort -k1,1 -k3,3 "$manifest")
}

little_endian32() {
  local i
  for i in 0 8 16 24; do printf "\\x$(printf %02x $(($1 >> i & 255)))"; done
}

partition() {   # ACTIVE TYPE START SECTORS; no CHS address: 0xfeffff means "beyond"
  printf "\\x$1\xfe\xff\xff\\x$2\xfe\xff\xff"
  little_endian32 "$3"
  little_endian32 "$4"
}

make_root() {
  local place="$image?offset=$((root_start * kSector))"
  tool mke2fs -q -F -t ext2 -b 4096 -I 128 -i 8192 -m 0 -r 1 -J size=8 -L machina \
    -O none,filetype,sparse_super,large_file,has_journal -U 6d616368-696e-4100-8000-000000000001 \
    -E "offset=$((root_start * kSector)),hash_seed=6d616368-696e-4100-8000-000000000002,root_owner=0:0,nodiscard" \
    "$image" $((root_sectors / 8)) > "$work/log" 2>&1 || fail "$(cat "$work/log")"
  commands > "$work/commands"
  tool debugfs -w -f "$work/commands" "$place" > "$work/log" 2>&1 || fail "$(tail -5 "$work/log")"
  # debugfs reports errors only as text.
  if grep -vE '^(debugfs|Allocated inode)' "$work/log" >&2; then fail "debugfs failed"; fi
}

make_boot() {
  tool grub-mkimage -O i386-pc -d "$grub" -c "$config" -p /boot/grub -o "$work/core.img" \
    biosdisk part_msdos ext2 multiboot serial terminal boot
  [ "$(stat -c %s "$work/core.img")" -le $(((root_start - 1) * kSector)) ] || fail "core.img is too big"
  dd if="$grub/boot.img" of="$image" bs=440 count=1 conv=notrunc status=none
  dd if="$work/core.img" of="$image" bs=$kSector seek=1 conv=notrunc status=none
  {
    little_endian32 $disk_id
    printf '\0\0'
    partition 80 83 $root_start $root_sectors
    partition 00 82 $swap_start $swap_sectors
    head -c 32 /dev/zero
    printf '\x55\xaa'
  } | dd of="$image" bs=1 seek=440 conv=notrunc status=none
}

truncate -s $(((swap_start + swap_sectors) * kSector)) "$image"
make_root
make_boot
tar --create --file "$out" --directory "$work" --format=gnu --sparse --hole-detection=raw \
  --owner=0 --group=0 --numeric-owner --mode=0644 --mtime=@1 disk.img
