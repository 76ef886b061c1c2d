# An entrypoint as images have it: something in the background, something
# that leaves orphans behind, and the server in the foreground.
# usage: entrypoint.sh SERVER...
# With LOG in the environment the server's output is copied to that file.

if command -v setsid >/dev/null; then
	setsid sh worker.sh &
else
	sh worker.sh &
fi

# Three orphans: the subshell that started each is gone at once. The $( )
# returns when the last of them has let go of its end of the pipe.
: "$(for _ in 1 2 3; do (sleep 0.1 &); done)"

if [ -n "${LOG-}" ]; then
	"$@" 2>&1 | tee "$LOG"
else
	"$@"
fi
echo "entrypoint: the server has ended with status $?"
