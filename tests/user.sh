#!/bin/sh
# user.sh FOSTER TESTS ACTORS - the suites, run by an ordinary user: nobody,
# where root runs this. "make check-user" does.
#
# Of check_sim what asks this kernel; the rest is the same for everybody.
set -eu
foster=$1 tests=$2 actors=$3

# One that nobody may enter and read, wherever the project is.
place=$(mktemp -d "${TMPDIR:-/tmp}/suites.XXXXXX")
trap 'rm -rf -- "$place"' EXIT
trap 'exit 1' HUP INT TERM
tests/build/clone.sh "$place"
mkdir "$place/run"
cp "$foster" "$tests/check_unit" "$tests/check_sim" "$tests/check_e2e" \
	"$place/run"
cp -r "$actors" "$place/run/actors"
chmod -R a+rX "$place"
cd "$place"

as_user() # command...
{
	if test "$(id -u)" = 0; then
		setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$@"
	else
		"$@"
	fi
}

failed=0
as_user env SRC=src run/check_unit || failed=1
as_user run/check_sim conformance || failed=1
as_user env FOSTER=run/foster ACTORS=run/actors run/check_e2e || failed=1
exit $failed
