# shellcheck shell=bash disable=SC2034,SC2054
# Shared by the commands of ./machina: messages, state, Bazel. Sourced, never run.

# Per-checkout state: the built image, the persistent disk. Nothing in it is precious but disk.img.
readonly STATE=$ROOT/.machina
readonly BUILT_IMAGE=$STATE/image/disk.img
readonly BUILT_KERNEL=$STATE/image/kernel
readonly ROOT_OFFSET=$((1024 * 1024))   # of the ext2 partition in an image, in bytes

say() { echo "machina: $*" >&2; }

die() {   # [-STATUS] MESSAGE
  local status=1
  if [[ $1 =~ ^-[0-9]+$ ]]; then
    status=${1#-}
    shift
  fi
  say "$*"
  exit "$status"
}

bad_option() { die -2 "unknown option '$2'; see './machina help $1'"; }

# The value of an option that needs one: need_value COMMAND OPTION COUNT-OF-WORDS-LEFT
need_value() { [ "$3" -ge 2 ] || die -2 "option '$2' needs a value; see './machina help $1'"; }

need_number() {   # COMMAND OPTION VALUE
  [[ $3 =~ ^[1-9][0-9]*$ ]] || die -2 "option '$2' needs a positive number, not '$3'"
}

# Bazel with this checkout's settings. MACHINA_OUTPUT_BASE moves its output.
run_bazel() {
  local startup=()
  [ -z "${MACHINA_OUTPUT_BASE:-}" ] || startup+=("--output_base=$MACHINA_OUTPUT_BASE")
  (cd "$ROOT" && exec bazel "${startup[@]}" "$@")
}

# Options every build and test shares; without a terminal progress is a line now and then.
bazel_options() {
  echo --experimental_convenience_symlinks=ignore --ui_event_filters=-info
  if [ -t 2 ] && [ -z "${CI:-}" ]; then
    echo --color=yes --curses=yes
  else
    echo --color=no --curses=no --show_progress_rate_limit=20
  fi
}

# The repository rules ask the cache with a download that is meant to fail: not worth a warning.
quieter() { grep --line-buffered -v '^WARNING: Download from file:/nonexistent/' >&2 || true; }

bazel_build() {   # TARGET...
  # shellcheck disable=SC2046
  if [ -t 2 ] && [ -z "${CI:-}" ]; then
    run_bazel build $(bazel_options) "$@"
  else
    run_bazel build $(bazel_options) "$@" 2> >(quieter)
  fi
}

bazel_bin() { run_bazel info bazel-bin 2> /dev/null; }

# A fingerprint of every source file, cheap enough to take at each start.
tree_stamp() {
  (cd "$ROOT" && find . \( -path ./.git -o -path ./.machina -o -name 'bazel-*' \) -prune -o \
    -type f -printf '%P %s %T@ %m\n' | LC_ALL=C sort | sha256sum)
}

make_work_dir() {
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/machina.XXXXXX")
  trap 'rm -rf "$WORK"' EXIT
}
