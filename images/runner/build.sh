# shellcheck shell=bash disable=SC2034,SC2054
# ./machina build: the disk image, only when the sources changed. Sourced by ./machina.

help_build() {
  cat << 'TEXT'
Usage: ./machina build [--force]

Builds the disk image (.machina/image/disk.img) and the kernel with its symbols
(.machina/image/kernel). Does nothing if no source file changed since.

  --force   ask Bazel even if nothing changed
TEXT
}

# Writes the built image beside the old one and then replaces it, so that an interrupt does no harm.
unpack_image() {
  local bin=$1
  rm -rf "$STATE/image.new" &&
    mkdir -p "$STATE/image.new" &&
    tar -xf "$bin/rootfs/disk.img.tar" -C "$STATE/image.new" &&
    cp "$bin/kernel/kernel" "$STATE/image.new/kernel" &&
    chmod u+w "$STATE/image.new"/* &&
    rm -rf "$STATE/image" &&
    mv "$STATE/image.new" "$STATE/image"
}

build_image() {   # [force]
  local stamp
  ensure_setup
  stamp=$(tree_stamp)
  if [ -z "${1:-}" ] && [ -f "$BUILT_IMAGE" ] && [ "$(cat "$STATE/built" 2> /dev/null)" = "$stamp" ]; then
    return 0
  fi
  if [ -d "$STATE/image" ]; then
    say "building: the sources changed"
  else
    say "building: the first time this downloads about 500 MB and takes some minutes"
  fi
  bazel_build //rootfs:disk //kernel:kernel || die "the build failed"
  unpack_image "$(bazel_bin)" || die "could not unpack the image"
  echo "$stamp" > "$STATE/built"
}

command_build() {
  local force=
  while [ $# -gt 0 ]; do
    case $1 in
      --force) force=force ;;
      *) bad_option build "$1" ;;
    esac
    shift
  done
  build_image $force
  say "image: $BUILT_IMAGE"
}
