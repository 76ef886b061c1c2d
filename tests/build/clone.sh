#!/bin/sh
# clone.sh FOLDER: what a clone would have, and what was changed since the last
# commit, into a new folder. Without git: everything but what was built.
set -eu
mkdir -p "$1"
if files=$(mktemp) && git ls-files -z --cached --others --exclude-standard \
	>"$files" 2>/dev/null
then
	# A file that was removed and not yet committed is in the list.
	xargs -0 sh -c 'for file; do test ! -e "$file" || printf "%s\\0" "$file"
		done' list <"$files" | tar --null -T - -cf - | tar -xf - -C "$1"
else
	tar --exclude ./build --exclude ./.git -cf - . | tar -xf - -C "$1"
fi
rm -f "$files"
