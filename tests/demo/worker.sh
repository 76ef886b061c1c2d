# A background worker: on TERM it puts its job back and says so.
put_back() {
	echo "worker: told to stop, puts its job back"
	kill $!
	sleep 0.4
	echo "worker: ended in order"
	exit 0
}

sleep 60 &
trap put_back TERM
read -r self _ _ _ _ session _ </proc/self/stat
echo "worker: at work, process $self in session $session"
wait $!
