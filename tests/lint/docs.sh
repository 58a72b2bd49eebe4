#!/bin/sh
# The generated pages in docs/ are what the tables say. To renew them: cmake --build --preset release --target docs
set -eu
root=$1 docgen=$2
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$docgen" "$fresh"
status=0
for page in "$fresh"/*; do
  cmp "$page" "$root/docs/$(basename "$page")" || status=1
done
exit $status
