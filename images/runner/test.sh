# shellcheck shell=bash disable=SC2034,SC2054
# ./machina test and ./machina bench. Sourced by ./machina.

help_test() {
  cat << 'TEXT'
Usage: ./machina test [--long] [TARGET]...

Builds everything and runs all tests (or these Bazel targets), shows the output
of those that fail, and ends with the line "N passed, N failed": test cases, a
target that does not build or dies early counting as one failure. The status is
not 0 if any failed.

  --long   also the tests that take long, and building the image a second time
           elsewhere, which must give the same bytes
TEXT
}

# Prints the passed and failed cases of one target. GoogleTest leaves their number in test.xml, a
# script's log has TAP lines; Bazel's verdict (ok or bad) on the whole target is never contradicted.
count_cases() {   # DIRECTORY VERDICT
  local passed=0 failed=0 totals
  totals=$(sed -n 's/^<testsuites tests="\([0-9]*\)" failures="\([0-9]*\)".*/\1 \2/p' "$1/test.xml" 2> /dev/null || true)
  if [ -n "$totals" ]; then
    failed=${totals#* }
    passed=$((${totals% *} - failed))
  elif [ -f "$1/test.log" ]; then
    passed=$(grep -cE '^ok\b' "$1/test.log" || true)
    failed=$(grep -cE '^not ok\b' "$1/test.log" || true)
  fi
  if [ "$2" = bad ] && [ "$failed" = 0 ]; then failed=1; fi
  if [ "$2" = ok ] && [ "$passed" = 0 ]; then passed=1; fi
  echo "$passed $failed"
}

# Reads Bazel's closing list and adds up the cases: count_results OUTPUT LOGS. The list leaves out
# all but a few of the targets that did not build; each of those is a failure too.
count_results() {
  local label verdict passed failed path listed=0 targets
  while read -r label verdict; do
    listed=$((listed + 1))
    path=${label#//}
    read -r passed failed < <(count_cases "$2/${path/:/\/}" "$verdict")
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed))
  done < <(tr -d '\r' < "$1" | sed 's/\x1b\[[0-9;]*[A-Za-z]//g' |
    sed -nE 's#^(//[^ ]+) +(\(cached\) )?(PASSED|FAILED|TIMEOUT|FLAKY|NO STATUS|INCOMPLETE|REMOTE FAILURE|FAILED TO BUILD).*#\1 \3#p' |
    sed -E 's/ PASSED$/ ok/; s/ [A-Z][A-Z ]*$/ bad/')
  targets=$(sed -n 's/^Executed [0-9]* out of \([0-9]*\) tests\{0,1\}:.*/\1/p' "$1" | tail -n 1)
  if [ "${targets:-0}" -gt "$listed" ]; then total_failed=$((total_failed + targets - listed)); fi
}

verdict() {   # NAME COMMAND...: a test that is not Bazel's
  local name=$1
  shift
  say "test: $name"
  if ("$@"); then
    total_passed=$((total_passed + 1))
  else
    say "FAILED: $name"
    total_failed=$((total_failed + 1))
  fi
}

# The same sources give the same image in another output base, our own code compiled anew.
reproducible_image() {
  local base=$HOME/.cache/machina/reproducible first second
  first=$(sha256sum < "$(bazel_bin)/rootfs/disk.img.tar")
  # Third-party libraries come from the cache; with the cache off everything else is built again.
  MACHINA_OUTPUT_BASE=$base bazel_build //libs/toolchain/test:cxx_test //libs/third_party/test:ext2fs_user_test &&
    MACHINA_OUTPUT_BASE=$base bazel_build --disk_cache= //rootfs:disk || return 1
  second=$(sha256sum < "$(MACHINA_OUTPUT_BASE=$base bazel_bin)/rootfs/disk.img.tar")
  MACHINA_OUTPUT_BASE=$base run_bazel clean --expunge 2> /dev/null || true
  [ "$first" = "$second" ]
}

command_test() {
  local long='' targets=() total_passed=0 total_failed=0 status=0 filter=-long,-bench
  while [ $# -gt 0 ]; do
    case $1 in
      --long) long=1 filter=-bench ;;
      -*) bad_option test "$1" ;;
      *) targets+=("$1") ;;
    esac
    shift
  done
  ensure_setup
  make_work_dir
  if [ "${#targets[@]}" = 0 ]; then
    targets=(//...)
    verdict "the disk image builds" build_image force
  fi
  say "test: ${targets[*]}"
  # shellcheck disable=SC2046
  run_bazel test $(bazel_options) --keep_going --build_tests_only --test_summary=short \
    --test_output=errors --test_tag_filters="$filter" "${targets[@]}" 2>&1 |
    grep --line-buffered -v '^WARNING: Download from file:/nonexistent/' |
    tee "$WORK/tests.log" >&2 || status=$?
  count_results "$WORK/tests.log" "$(run_bazel info bazel-testlogs 2> /dev/null)"
  # A broken package gives no line of its own in the list.
  if [ "$status" != 0 ] && [ "$total_failed" = 0 ]; then total_failed=1; fi
  [ -z "$long" ] || verdict "the image is reproducible" reproducible_image
  echo "$total_passed passed, $total_failed failed"
  [ "$total_failed" = 0 ] && [ "$total_passed" -gt 0 ]
}

help_bench() {
  cat << 'TEXT'
Usage: ./machina bench [TARGET]...

Runs the benchmarks (test targets with the tag "bench", or these) one after the
other and shows their tables on standard output. The status is not 0 if a figure
is over its limit or could not be measured.
TEXT
}

# Runs one benchmark and prints what it says, without Bazel's own lines.
run_bench() {   # TARGET
  local status=0 log
  log=${1#//}
  log=$(run_bazel info bazel-testlogs 2> /dev/null)/${log/://}/test.log
  rm -f "$log"
  # shellcheck disable=SC2046
  run_bazel test $(bazel_options) --test_output=errors --nocache_test_results "$1" > "$WORK/bench.log" 2>&1 || status=$?
  if [ ! -f "$log" ]; then
    cat "$WORK/bench.log" >&2
  else
    sed '1,/^-----*$/d' "$log"
  fi
  return "$status"
}

command_bench() {
  local targets=("$@") target status=0
  [[ ${1:-} != -* ]] || bad_option bench "$1"
  build_image
  make_work_dir
  if [ $# = 0 ]; then
    mapfile -t targets < <(run_bazel query 'attr("tags", "\bbench\b", tests(//...))' 2> /dev/null)
  fi
  [ "${#targets[@]}" -gt 0 ] || die "no target has the tag bench"
  for target in "${targets[@]}"; do
    say "bench: $target"
    run_bench "$target" || status=$?
    echo
  done
  return "$status"
}
