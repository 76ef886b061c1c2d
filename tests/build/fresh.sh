#!/bin/sh
# fresh.sh FOLDER: the README's own commands on a machine that has nothing but
# what the README names: a bare Debian, made in FOLDER by debootstrap and kept
# there as an archive. As root. "make check-fresh" runs it.
#
# RELEASE=trixie    which Debian
# COMMANDS='...'    instead of the README's
#
# The machine is a mount and PID namespace with a root folder of its own, not
# chroot(2): the kernel refuses user namespaces below that, and tests need
# them. The clone is called foster, in a folder with a blank, below one that
# nobody but root may enter.
set -eu
folder=$1/fresh
release=${RELEASE:-trixie}
readme=$(sed -n 's/^    \(make run\|make deps check\)$/\1/p' README.md)
commands=${COMMANDS:-$readme}
began=$(date +%s)

fail() {
	echo "check-fresh: $*" >&2
	exit 1
}

step() { # words
	echo "== $(($(date +%s) - began)) s: $*"
}

missing() { # what it needs
	if [ "${MUST:-}" = 1 ]; then
		fail "MUST=1, and it needs $1"
	fi
	echo "skipped: check-fresh: needs $1"
	exit 0
}

test "$(id -u)" = 0 || missing root
command -v debootstrap >/dev/null || missing debootstrap
test -n "${COMMANDS:-}" || test "$(echo "$readme" | wc -l)" -eq 2 ||
	fail "'make run' and 'make deps check' are not in the README any more"

# Where this machine's own packages come from.
mirror=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' \
	'Created-By: Packages' | sed -n 's/^Debian|Debian|main|//p' | head -n 1)
test -n "$mirror" || missing "a Debian mirror in apt's lists"

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
archive=$folder/$release.tar
root=$(mktemp -d "$folder/root.XXXXXX")
chmod 755 "$root"
trap 'rm -rf --one-file-system -- "$root"' EXIT
trap 'exit 1' HUP INT TERM

if ! [ -f "$archive" ]; then
	step "debootstrap $release"
	debootstrap --variant=minbase "$release" "$root" "$mirror" \
		>"$folder/debootstrap.log" 2>&1 || {
		tail -n 5 "$folder/debootstrap.log" >&2
		fail "no $release from $mirror"
	}
	rm -f "$root"/var/cache/apt/archives/*.deb
	tar -cf "$archive.new" -C "$root" .
	mv "$archive.new" "$archive"
else
	tar -xf "$archive" -C "$root"
fi

step 'a clone called foster'
clone="$root/root/closed/a folder/foster"
mkdir -p "$clone"
chmod 700 "$root/root/closed"
tests/build/clone.sh "$clone"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cat >"$root/root/inside.sh" <<END
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qqy ${PACKAGES:-gcc make} >/dev/null 2>&1
cd '/root/closed/a folder/foster'
id=\$(id -u)
echo "\$(. /etc/os-release; echo "\$PRETTY_NAME"), \$(gcc --version | head -n 1), uid \$id"
$(echo "$commands" | sed 's/.*/began=$(date +%s)\
echo "== &"\
&\
echo "== &: $(($(date +%s) - began)) s"/')
END

# Its own mounts and PIDs; only what a machine has anyway.
step "$release: apt-get install ${PACKAGES:-gcc make}, and then:"
unshare --mount --propagation private --pid --fork --kill-child sh -eu -c '
	cd "$1"
	mount --bind . .
	cd "$1"
	mount -t proc proc proc
	mount --rbind /sys sys
	mount -t tmpfs -o mode=755 dev dev
	for node in null zero full random urandom tty; do
		touch dev/$node
		mount --bind /dev/$node dev/$node
	done
	mkdir dev/pts dev/shm
	mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
	mount -t tmpfs shm dev/shm
	ln -s pts/ptmx dev/ptmx
	ln -s /proc/self/fd dev/fd
	ln -s /proc/self/fd/0 dev/stdin
	ln -s /proc/self/fd/1 dev/stdout
	ln -s /proc/self/fd/2 dev/stderr
	mkdir -p old
	pivot_root . old
	umount -l /old
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
		MUST="$2" ${3:+http_proxy="$3"} sh /root/inside.sh
' fresh "$root" "${MUST:-}" "${http_proxy:-}" </dev/null || fail "on $release: failed"
step 'good'
