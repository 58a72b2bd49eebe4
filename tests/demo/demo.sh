#!/bin/sh
# The main job on a fixture pair: check it, then run it against the local emulator. Nothing leaves this machine.
# Usage: demo.sh FOLDER_OF_THE_BINARIES
set -eu
bin=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
image=fixtures/images/person.jpg
video=fixtures/videos/dance.mp4
output=build/demo

say() { printf '\n$ %s\n' "$*"; }

rm -rf "$output"
say wanprep check "$image" "$video"
"$bin/wanprep" check "$image" "$video"

say wanprep-sandbox -- wanprep run -o "$output" "$image" "$video"
"$bin/wanprep-sandbox" --pending 1000 --running 3000 -- \
  "$bin/wanprep" run --poll-interval 1s --yes -o "$output" "$image" "$video"

say find "$output" -type f
find "$output" -type f | sort
