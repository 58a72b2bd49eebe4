#!/bin/sh
# Fetches a source package of Debian 12 and unpacks it with Debian's patches and one of ours:
# fetch.sh NAME VERSION SHA256 FOLDER [PATCH]
#
# SHA256 is that of the package's .dsc file, which holds those of all its files. apt keeps its lists and its cache below
# FOLDER and reads a sources list of its own; the machine's configuration is neither used nor changed, but for the keys.
set -eu
name=$1 version=$2 sha256=$3 folder=$4 patch=${5:-/dev/null}
stamp=$name/.unpacked-$version-$(cksum <"$patch" | tr " " -)
mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
cd "$folder"
[ ! -f "$stamp" ] || exit 0

keys=/usr/share/keyrings/debian-archive-keyring.gpg
cat >apt/sources.list <<END
deb-src [signed-by=$keys] http://deb.debian.org/debian bookworm main
deb-src [signed-by=$keys] http://deb.debian.org/debian bookworm-updates main
deb-src [signed-by=$keys] http://deb.debian.org/debian-security bookworm-security main
END
cat >apt/apt.conf <<END
Dir::Etc::SourceList "$folder/apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Lists "$folder/apt/lists";
Dir::Cache "$folder/apt/cache";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
END
APT_CONFIG=$folder/apt/apt.conf
export APT_CONFIG
(
  flock 9 # two packages may be fetched at the same time, and share the lists
  apt-get update -qq
  apt-get source -qq --download-only "$name=$version"
) 9>apt/lock

dsc=${name}_${version#*:}.dsc
echo "$sha256  $dsc" | sha256sum -c --quiet
rm -rf "$name"
dpkg-source --no-check -x "$dsc" "$name" >"$name.log" # apt has checked the signature, and we the hash
patch -d "$name" -p1 -s -F0 <"$patch"
touch "$stamp"
