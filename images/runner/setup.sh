# shellcheck shell=bash disable=SC2034,SC2054
# ./machina setup: the programs the build machine needs, from Debian. Sourced by ./machina.

# Everything else (compiler, libraries, disk tools) is fetched and locked by the build itself. The
# libraries are those the locked compiler and its symbolizer are linked to.
readonly NEEDED_PACKAGES=(
  bazel-bootstrap e2fsprogs qemu-system-x86 xz-utils
  libcurl4 libedit2 libffi8 libxml2 libz3-4 libzstd1 zlib1g
)

help_setup() {
  cat << 'TEXT'
Usage: ./machina setup

Installs the Debian 12 packages the other commands need, as root or with sudo,
after saying which and how much. The other commands do this on their own when
something is missing.
TEXT
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

check_distribution() {
  local ID='' VERSION_ID=''
  # shellcheck disable=SC1091
  [ ! -r /etc/os-release ] || . /etc/os-release
  [ "$ID" = debian ] && [ "$VERSION_ID" = 12 ] ||
    die "the set-up knows Debian 12 only; this is ${ID:-unknown} ${VERSION_ID:-}. Install by hand: $*"
  [ "$(id -u)" = 0 ] || command -v sudo > /dev/null ||
    die "to install packages run './machina setup' as root, or install sudo"
}

# Prints a line each time another tenth is done; reads apt's output with its status lines.
show_progress() {
  awk -F: '/^(dl|pm)status:/ {
    step = int($3 / 10) * 10
    if ($1 != phase || step != last) {
      printf "machina:   %s %d %%\n", $1 == "dlstatus" ? "downloading" : "installing", step
      fflush(); phase = $1; last = step
    }
  }' >&2
}

install_packages() {   # PACKAGE...
  local log plan
  check_distribution "$@"
  say "missing Debian packages: $*"
  mkdir -p "$STATE"
  log=$STATE/setup.log
  # One broken index must not stop the rest: what is really missing shows below.
  as_root apt-get -q update > "$log" 2>&1 || say "apt-get update had errors (in $log), going on"
  plan=$(LC_ALL=C as_root apt-get --assume-no --no-install-recommends install "$@" 2>> "$log" || true)
  grep -E '^(Need to get|After this operation|.* newly installed)' <<< "$plan" | sed 's/^/machina:   /' >&2 || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends \
    -o APT::Status-Fd=1 install "$@" < /dev/null 2>> "$log" | tee -a "$log" | show_progress ||
    die "installing failed, the end of $log: $(tail -n 5 "$log")"
  say "installed: $*"
}

ensure_packages() {   # PACKAGE...
  local missing=() package
  for package in "$@"; do
    installed "$package" || missing+=("$package")
  done
  [ "${#missing[@]}" = 0 ] || install_packages "${missing[@]}"
}

ensure_setup() { ensure_packages "${NEEDED_PACKAGES[@]}"; }

command_setup() {
  [ $# = 0 ] || bad_option setup "$1"
  ensure_setup
  say "everything needed is installed"
}
