# From the loops of loops.txt that `wanted` names, what goto-instrument reads.
BEGIN {
	FS = " *[|] *"
	count = split(wanted, names, " ")
	for (i = 1; i <= count; i++)
		is_wanted[names[i]] = 1
	printf "{ \"functions\": ["
}
$1 in is_wanted {
	split($1, place, ".")
	map = ""
	parts = split($5, words, " ")
	for (i = 1; i <= parts; i++)
		map = map words[i] "," place[1] "::" words[i] ";"
	parts = split($6, words, " ")
	for (i = 1; i <= parts; i++) {
		# a variable of an inner block: BLOCK::NAME
		name = words[i]
		block = "1"
		if (match(name, /^[0-9:]+::/)) {
			block = substr(name, 1, RLENGTH - 2)
			name = substr(name, RLENGTH + 1)
		}
		map = map name "," place[1] "::" block "::" name ";"
	}
	sub(/;$/, "", map)
	gsub(/ OR /, " || ", $3)
	printf "%s\n{ \"%s\": [ { \"loop_id\": \"%s\", \"assigns\": \"%s\", \"invariants\": \"%s\", \"decreases\": \"%s\", \"symbol_map\": \"%s\" } ] }", comma, place[1], place[2], $2, $3, $4, map
	comma = ","
	delete is_wanted[$1]
}
END {
	print "\n] }"
	for (name in is_wanted) {
		print "loops.txt has no " name > "/dev/stderr"
		exit 1
	}
}
