#!/bin/bash
# COMPAT.md must be what compat.sh makes of the call table.
set -euo pipefail
diff -u "$2" <("$1" "$3")
