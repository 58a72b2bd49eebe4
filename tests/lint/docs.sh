#!/bin/sh
# The generated pages in docs/ are what the tables say.
set -eu
root=$1 docgen=$2
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$docgen" "$fresh"
status=0
for page in "$fresh"/*; do
  cmp "$page" "$root/docs/$(basename "$page")" || status=1
done
[ "$status" = 0 ] || echo "to renew them: cmake --build --preset debug --target docs"
exit $status
