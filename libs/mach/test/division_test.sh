#!/bin/bash
# division_test.sh MACH-PARTS MACH-SA-PARTS: libmach.a and libmach_sa.a are divided as the book says.
set -euo pipefail
both="exc_cserver device_reply_cserver mach_user mach_port_user mach_host_user device_user exc_user traps"
libmach_only="default_pager_user memory_object_cserver memory_object_default_cserver notify_cserver
  seqnos_memory_object_cserver seqnos_memory_object_default_cserver seqnos_notify_cserver"
failed=0
has() { grep -qx "//libs/mach:$2" "$1"; }
for part in $both; do
  has "$1" "$part" || { echo "libmach.a lacks $part" && failed=1; }
  has "$2" "$part" || { echo "libmach_sa.a lacks $part" && failed=1; }
done
for part in $libmach_only; do
  has "$1" "$part" || { echo "libmach.a lacks $part" && failed=1; }
  ! has "$2" "$part" || { echo "libmach_sa.a has $part" && failed=1; }
done
exit $failed
