#!/bin/sh
# builds.sh - all checks of building and installing; "make check-builds" runs
# it. One count for all of them; fails if one does.
for script in compilers changes installing; do
	sh "tests/build/$script.sh"
done | awk '
/^[0-9]+%: Checks: / {
	all += $3; failed += $5; skipped += $7; scripts++
	next
}
{ print; fflush() }
END {
	printf "%d%%: Checks: %d, Failures: %d, Skipped: %d\n",
		all ? 100 * (all - failed) / all : 0, all, failed, skipped
	exit !(scripts == 3 && failed == 0 && all > skipped)
}'
