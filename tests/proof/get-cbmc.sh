#!/bin/sh
# get-cbmc.sh FOLDER: puts cbmc, goto-cc and goto-instrument into FOLDER/bin.
#
# Debian has them from 13 (trixie) on. On a Debian 12 they are taken from
# there with an apt state of its own, unpacked beside everything else and run
# by their own loader and libc: nothing of the machine's packages changes, and
# no root is needed. The mirror is the one that this machine's apt uses, and
# apt checks what comes from it against the machine's Debian keys.
set -eu

folder=$1
suite=trixie
tools='cbmc goto-cc goto-instrument'
# goto-instrument 6 knows loop contracts from a file; 5 does not.
least=6

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
test -x "$folder/bin/cbmc" && exit 0

if command -v cbmc >/dev/null && test "$(cbmc --version | cut -d. -f1)" -ge $least
then
	mkdir -p "$folder/bin"
	for tool in $tools; do
		ln -sf "$(command -v $tool)" "$folder/bin/$tool"
	done
	exit 0
fi
test "$(dpkg --print-architecture)" = amd64 ||
	{ echo "$0: install cbmc $least or later (this fetches amd64 only)" >&2; exit 1; }

mirror=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' \
	'Created-By: Packages' | sed -n 's/^Debian|Debian|main|//p' | head -n 1)
test -n "$mirror" ||
	{ echo "$0: this machine's apt knows no Debian mirror (apt-get update?)" >&2; exit 1; }
keys=/usr/share/keyrings/debian-archive-keyring.gpg
test -f "$keys" || { echo "$0: needs $keys" >&2; exit 1; }

apt=$folder/apt
mkdir -p "$apt/etc" "$apt/lists/partial" "$apt/cache/archives/partial"
: >"$apt/status"
echo "deb [signed-by=$keys] $mirror $suite main" >"$apt/sources.list"
cat >"$apt/apt.conf" <<END
Dir::State "$apt";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "";
END
export APT_CONFIG="$apt/apt.conf"
apt-get update -qq
mkdir -p "$folder/debs" "$folder/root" "$folder/bin"
(cd "$folder/debs" && apt-get download -qq cbmc libc6 libgcc-s1 libstdc++6 minisat)
for deb in "$folder"/debs/*.deb; do
	dpkg-deb -x "$deb" "$folder/root"
done
rm -rf "$folder/debs" "$apt"

# cbmc calls the machine's own gcc to read a source: that must not get this
# libc, so it is told to the loader and not to the environment.
libraries=$folder/root/usr/lib/x86_64-linux-gnu
for tool in $tools; do
	printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' \
		"$libraries/ld-linux-x86-64.so.2" "$libraries:$folder/root/usr/lib" \
		"$folder/root/usr/bin/$tool" >"$folder/bin/$tool.new"
	chmod +x "$folder/bin/$tool.new"
	mv "$folder/bin/$tool.new" "$folder/bin/$tool"
done
"$folder/bin/cbmc" --version >/dev/null
