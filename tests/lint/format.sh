#!/bin/sh
# All C sources are formatted by .clang-format.
set -eu
cd "$1"
find src include tests '(' -name '*.[ch]' -o -name '*.cpp' ')' -print0 | xargs -0 clang-format --dry-run --Werror
