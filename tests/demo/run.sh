#!/bin/sh
#
# What `make run` shows: a container whose entrypoint is a shell script with a
# server in the foreground is stopped while the server answers a request. First
# with foster as process 1, line by line; then with `server | tee log` in the
# script, without an init, and under the others that are installed, one row of
# the table each.
#
# usage: run.sh BUILD_DIR (with foster in it). It fails if under foster the
# answer, the server or the worker did not end in order.
set -eu

build=$(cd "${1:?usage: run.sh BUILD_DIR}" && pwd)
cd "$(dirname "$0")"
demo=$build/demo
mkdir -p "$demo"

compile() {
	${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -o "$demo/$1" "$1.c"
}

compile engine
compile server
if command -v bash >/dev/null; then shell='bash'; else shell='sh'; fi
set -- "$shell" entrypoint.sh "$demo/server"

# How long the engine waits after TERM before it sends KILL, as Docker does.
patience=10
table=$demo/table
echo "                 the answer  server     worker     status  took" >"$table"

# stop_under NAME COMMAND...: plays one set-up and adds its row to the table.
stop_under() {
	"$demo/engine" "$patience" "$@" 3>>"$table"
}

# note WORD TEXT: explains WORD, if the table has it.
note() {
	if grep -q "$1" "$table"; then echo "  $1: $2"; fi
}

echo "foster -vv -- $shell entrypoint.sh, stopped in the middle of a request:"
echo
verdict=0
stop_under foster "$build/foster" -vv -- "$@" || verdict=1

# What copies the server's last words must not end before it.
LOG=$demo/server.log stop_under 'foster | tee' "$build/foster" -- "$@" \
	>"$demo/foster tee.log" || verdict=1
grep -q 'server: ended in order' "$demo/server.log" || verdict=1
if command -v tini >/dev/null; then
	LOG=$demo/tee.log stop_under 'tini -g | tee' tini -g -- "$@" \
		>"$demo/tini tee.log" || :
fi

# bash as process 1 ignores TERM; three seconds show it as well as ten.
patience=3
stop_under 'no init' "$@" >"$demo/no init.log" || :
patience=10
for init in tini 'tini -g' dumb-init catatonit; do
	if command -v "${init%% *}" >/dev/null; then
		# shellcheck disable=SC2086 # The words of $init are meant.
		stop_under "$init" $init -- "$@" >"$demo/$init.log" || :
	fi
done

echo
echo "The same with 'server | tee log', without an init, and under the others"
echo "that are installed:"
echo
cat "$table"
echo
note KILL "TERM was ignored; 3 s later (docker: 10 s) the engine sent KILL"
note "left over" "still running 2 s later, nobody had seen to its end"
exit $verdict
