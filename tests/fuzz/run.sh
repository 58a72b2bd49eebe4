#!/bin/sh
# Fuzzes one target: run.sh TARGET SECONDS [BUILD]. New inputs go to BUILD/corpus/TARGET, what breaks it to BUILD/crashes/.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1 seconds=$2 build=${3:-$here/../../build/fuzz}
row=$(grep "^$name " "$here/targets") || { echo "no such target: $name" >&2; exit 2; }
# shellcheck disable=SC2086
set -- $row
max_len=$2 dict= seeds=
[ "$3" = - ] || dict=-dict=$here/dict/$3.dict
[ "$4" = - ] || seeds=$(printf %s "$4" | sed "s|\([a-z]*\),*|$here/../../fixtures/\1 |g")
mkdir -p "$build/corpus/$name" "$build/crashes"
# shellcheck disable=SC2086
exec "$build/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -max_len="$max_len" $dict -timeout=10 \
  -rss_limit_mb=2048 -artifact_prefix="$build/crashes/$name-" -print_final_stats=1 \
  "$build/corpus/$name" "$here/corpus/$name" $seeds
