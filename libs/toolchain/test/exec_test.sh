#!/bin/bash
# The build's own tools are x86-64 programs of the locked compiler with a working C++ library.
[ "$(cat "$1")" = "caught 8" ]
