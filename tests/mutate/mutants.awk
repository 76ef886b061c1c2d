# mutants.awk - all mutants of foster's sources, one a line.
#
#	LC_ALL=C awk -v seed=1 -f mutants.awk src/*.c src/arch/*.h src/foster.ld
#
# What people get wrong, one place at a time:
#
#	operator   == for !=, < for <=, && for ||, + for -; a ! left out
#	number     one more, one less
#	constant   another of the same kind: SIGINT for SIGTERM, EPERM for EACCES
#	statement  a call, an assignment, a jump, a case left out
#	swapped    two neighbouring statements, or two neighbouring arguments
#	condition  negated; always or never; one side of && or || left out
#	value      returned as its opposite
#
# Nothing is parsed: the sources are formatted by clang-format, and what does
# not compile in the end is not counted. Comments are left alone, and strings
# and preprocessor lines but in src/arch, where they name registers and
# arguments. Fields, separated by \001:
#
#	hash, file, offset, length, replacement, line, function, before, after, what
#
# The hash is of the seed, the function and the changed text, not of where it
# stands: an edit elsewhere in the file does not change which mutants are taken.

BEGIN {
	FS = "\n"
	for (i = 1; i < 128; i++)
		code[sprintf("%c", i)] = i
	# What a constant may become where its file has no other of its kind.
	others = "EACCES EINTR ENOENT O_RDONLY O_WRONLY SIGINT SIGTERM " \
		"STDERR_FILENO STDOUT_FILENO WNOHANG WUNTRACED"
}

FNR == 1 {
	if (NR > 1)
		file_is_read()
	name = FILENAME
	sub(/^src\//, "", name)
	text = ""
}
{ text = text $0 "\n" }
END { file_is_read() }

# ---- what stands where ----

# The text with spaces in the place of all that is not code.
function masked(	n, i, j, c, two, out, state, line, keeps) {
	keeps = name ~ /^arch\//
	n = split(text, line, "\n")
	state = ""
	out = ""
	for (i = 1; i < n; i++) {
		if (state == "#" || (state == "" && line[i] ~ /^#/ &&
		    !(keeps && line[i] ~ /^#define .*\(/))) {
			state = line[i] ~ /\\$/ ? "#" : ""
			out = out sprintf("%" length(line[i]) "s", "") "\n"
			continue
		}
		for (j = 1; j <= length(line[i]); j++) {
			c = substr(line[i], j, 1)
			two = substr(line[i], j, 2)
			if (state == "/*") {
				out = out " "
				if (two == "*/") {
					out = out " "
					j++
					state = ""
				}
			} else if (state != "") {
				if (c == state) {
					out = out c
					state = ""
				} else if (c == "\\") {
					out = out "  "
					j++
				} else {
					out = out " "
				}
			} else if (two == "/*") {
				out = out "  "
				j++
				state = "/*"
			} else {
				if ((c == "\"" && !keeps) || c == "'")
					state = c
				out = out c
			}
		}
		out = out "\n"
	}
	return out
}

# Where the statement that begins at `from` has its semicolon; 0: it has a
# block, or none of its own.
function end_of(from,	i, c, depth) {
	for (i = from; i <= size; i++) {
		c = substr(mask, i, 1)
		if (c == "(" || c == "[")
			depth++
		else if (c == ")" || c == "]")
			depth--
		if (depth < 0 || (depth == 0 && (c == "{" || c == "}")))
			return 0
		if (c == ";" && depth == 0)
			return i
	}
	return 0
}

# Where the parenthesis at `from` is closed.
function closing(from,	i, c, depth) {
	for (i = from; i <= size; i++) {
		c = substr(mask, i, 1)
		if (c == "(")
			depth++
		else if (c == ")" && --depth == 0)
			return i
	}
	return 0
}

# Where the side of && or || ends that lies from `at` on in this direction (1,
# -1): at its outer parenthesis, at another operator, or at the statement's end.
function end_of_side(at, direction,	c, two, depth) {
	for (; at > 1 && at < size; at += direction) {
		c = substr(mask, at, 1)
		two = substr(mask, at, 2)
		if (c == "(")
			depth += direction
		else if (c == ")")
			depth -= direction
		if (depth < 0)
			break
		if (depth > 0 || c == "(")
			continue
		if (c ~ /[;{},?:]/ || two == "&&" || two == "||" ||
		    two == "= " && substr(mask, at - 1, 1) !~ /[!<>=]/ ||
		    direction < 0 && substr(mask, at - 6, 7) == "return ")
			break
	}
	return at
}

function hash_of(string,	i, h) {
	h = 5381
	for (i = 1; i <= length(string); i++)
		h = (h * 33 + code[substr(string, i, 1)]) % 2147483647
	for (i = 0; i < 4; i++)
		h = (h * 69621 + 12345) % 2147483647
	return h
}

# ---- constants of the same kind ----

# SIGTERM: SIG, ENOENT: E, O_CLOEXEC: O, EVENT_DIED: EVENT; none: "".
function kind_of(word) {
	if (word ~ /^r[0-9]+$/)
		return "r"
	if (word !~ /^[A-Z][A-Z0-9]/)
		return ""
	if (word ~ /^SIG[A-Z0-9]+$/)
		return "SIG"
	if (word ~ /^E[A-Z0-9]+$/)
		return "E"
	if (word ~ /^WIF[A-Z]+$/)
		return "WIF"
	if (word ~ /^W[A-Z]+$/)
		return word ~ /(STATUS|SIG)$/ ? "WSTATUS" : "W"
	return word ~ /_/ ? substr(word, 1, index(word, "_") - 1) : ""
}

# next_one[constant]: of the same kind in this file, in the alphabet's order.
function constants(	all, words, n, i, j, count, sorted, kind, first, last) {
	all = mask " " (name ~ /^arch\// ? "" : others)
	gsub(/[^A-Za-z_0-9]+/, " ", all)
	n = split(all, words, " ")
	split("", next_one)
	for (i = 1; i <= n; i++) {
		if (kind_of(words[i]) == "" || words[i] in next_one)
			continue
		next_one[words[i]] = words[i]
		for (j = ++count; j > 1 && sorted[j - 1] > words[i]; j--)
			sorted[j] = sorted[j - 1]
		sorted[j] = words[i]
	}
	for (i = 1; i <= count; i++) {
		kind = kind_of(sorted[i])
		if (kind in last)
			next_one[last[kind]] = sorted[i]
		else
			first[kind] = sorted[i]
		last[kind] = sorted[i]
	}
	for (kind in last)
		next_one[last[kind]] = first[kind]
}

# ---- the mutants ----

function one_line(string) {
	gsub(/[ \t\n]+/, " ", string)
	sub(/^ /, "", string)
	sub(/ $/, "", string)
	return string
}

# `len` characters from `at` on become `new`.
function mutant(what, at, len, new,	from, to, before, after) {
	for (from = at; from > 1 && substr(text, from - 1, 1) != "\n"; from--)
		;
	for (to = at + len - 1; substr(text, to, 1) != "\n"; to++)
		;
	before = one_line(substr(text, from, to - from))
	after = one_line(substr(text, from, at - from) new \
			 substr(text, at + len, to - at - len))
	if (before == after)
		return
	printf "%010d\001%s\001%d\001%d\001%s\001%d\001%s\001%s\001%s\001%s\n",
		hash_of(seed ":" name ":" function_name ":" before ">" after),
		name, at - 1, len, one_line(new), number, function_name, before,
		after, what
}

# Each place of `operator`, which stands between spaces, becomes `new`.
function operators(operator, new,	at, from, rest) {
	from = 1
	while ((at = index(substr(code_line, from), " " operator " ")) > 0) {
		at += from - 1
		mutant("operator", start + at, length(operator), new)
		from = at + length(operator) + 1
	}
	# The operator may be the last on its line.
	if (substr(code_line, length(code_line) - length(operator)) == \
	    " " operator)
		mutant("operator", start + length(code_line) - length(operator),
		       length(operator), new)
}

function words(	at, rest, word, c) {
	at = 1
	while (at <= length(code_line)) {
		rest = substr(code_line, at)
		if (match(rest, /^[A-Za-z_][A-Za-z_0-9]*/)) {
			word = substr(rest, 1, RLENGTH)
			if (word == "true" || word == "false")
				mutant("constant", start + at - 1, RLENGTH,
				       word == "true" ? "false" : "true")
			else if (word in next_one)
				mutant("constant", start + at - 1, RLENGTH,
				       next_one[word])
			at += length(word)
		} else if (match(rest, /^([0-9][0-9A-Za-z]*|'[^']*')/)) {
			word = substr(text, start + at - 1, RLENGTH)
			# A buffer may be larger than it has to be.
			if (name !~ /\.c$/ ||
			    code_line !~ /_SIZE = |^\t+char [^=(]*;/)
				mutant("number", start + at - 1, RLENGTH,
				       "(" word " + 1)")
			if (word != "0")
				mutant("number", start + at - 1, RLENGTH,
				       "(" word " - 1)")
			at += length(word)
		} else {
			c = substr(rest, 1, 1)
			if (c == "!" && substr(rest, 2, 1) != "=")
				mutant("operator", start + at - 1, 1, "")
			at++
		}
	}
}

# f(a, b) becomes f(b, a); each pair of neighbours that are words.
function arguments(	at, first, second) {
	at = 1
	while (match(substr(code_line, at),
		     /[(,] ?[A-Za-z_0-9.>-]+, [A-Za-z_0-9.>-]+[,)]/)) {
		at += RSTART
		first = substr(code_line, at, RLENGTH - 2)
		if (first ~ /^ /) {
			first = substr(first, 2)
			at++
		}
		second = first
		sub(/,.*/, "", first)
		sub(/.*, /, "", second)
		if (first != second)
			mutant("swapped", start + at - 1,
			       length(first) + 2 + length(second),
			       second ", " first)
		at += length(first)
	}
}

# A statement that begins on this line; `previous` is what stands before it.
function statements(	begin, rest, end, value, tabs) {
	match(code_line, /^\t+/)
	tabs = RLENGTH
	begin = start + tabs
	rest = substr(code_line, tabs + 1)
	if (previous !~ /[;{}:)]$/ && previous !~ /(else|do)$/)
		return
	if (rest ~ /^(case [A-Z][A-Z_0-9]*|default):$/)
		mutant("statement", begin, length(rest), "")
	if (rest ~ /^(\(void\))?[a-z_][a-z_0-9]*\(/ &&
	    rest !~ /^(if|for|while|switch)/ ||
	    rest ~ /^\*?[a-z_][A-Za-z_0-9.>\[\]-]* ([-+*\/|&^]|<<|>>)?= / ||
	    rest ~ /^\*?[a-z_][A-Za-z_0-9.>\[\]-]* ([-+*\/|&^]|<<|>>)?=$/ ||
	    rest ~ /^\(?\*?[a-z_][A-Za-z_0-9.>\[\]-]*\)?(\+\+|--);/ ||
	    rest ~ /^(break|continue|return);/) {
		end = end_of(begin)
		if (end > 0)
			mutant("statement", begin, end - begin, "")
		if (end > 0 && rest !~ /^(break|continue|return);/)
			neighbour(begin, end, tabs)
	}
	if (rest ~ /^return [^;]/) {
		end = end_of(begin)
		value = substr(text, begin + 7, end - begin - 7)
		if (end > 0 && value !~ /^([0-9]+|true|false|NULL|!.*)$/)
			mutant("value", begin + 7, end - begin - 7,
			       "!(" value ")")
	}
}

# The statement before it, where there is one, comes after it.
function neighbour(begin, end, tabs) {
	if (tabs == last_tabs && last_end + tabs + 2 == begin)
		mutant("swapped", last_begin, end + 1 - last_begin,
		       substr(text, begin, end + 1 - begin) " " \
		       substr(text, last_begin, last_end + 1 - last_begin))
	last_begin = begin
	last_end = end
	last_tabs = tabs
}

# if (it) becomes if (!(it)), where no operator says what it is; if (true), if
# (false). A loop only ends: one that never does is seen by everything.
function conditions(	open, length_of_it, it, is_if) {
	if (!match(code_line, /(if|while) \(/))
		return
	is_if = code_line ~ /if \(/
	open = start + RSTART + RLENGTH - 2
	length_of_it = closing(open) - open - 1
	if (length_of_it <= 0)
		return
	it = substr(mask, open + 1, length_of_it)
	if (it !~ /[!=<>]=| < | > |&&|\|\||!/)
		mutant("condition", open + 1, length_of_it,
		       "!(" substr(text, open + 1, length_of_it) ")")
	if (is_if)
		mutant("condition", open + 1, length_of_it, "true")
	mutant("condition", open + 1, length_of_it, "false")
}

# Of a && b first one is left out, then the other.
function sides(	at, from, begin, end, before) {
	from = 1
	while (match(substr(code_line, from), / (&&|\|\|)( |$)/)) {
		at = start + from - 1 + RSTART
		from += RSTART + 2
		begin = end_of_side(at - 2, -1) + 1
		end = end_of_side(at + 2, 1)
		before = substr(mask, begin - 1, 1)
		# Behind another operator it is that one's right side.
		if (before !~ /[&|]/) {
			while (substr(mask, begin, 1) ~ /[ \t\n]/)
				begin++
			mutant("condition", begin, at + 3 - begin, "")
		}
		while (substr(mask, end - 1, 1) ~ /[ \t\n]/)
			end--
		mutant("condition", at - 1, end - at + 1, "")
	}
}

# A linker script's line, or an assembler's: left out, or behind the next.
function lines_of_a_list(	begin, length_of_it, pattern) {
	match(code_line, /^[ \t]*/)
	begin = start + RLENGTH
	length_of_it = length(code_line) - RLENGTH
	pattern = "^\t\"\t.*\\\\n\"$"
	if (name ~ /\.ld$/)
		pattern = "^\t+([*.].*[);]|ASSERT.*)$"
	if (code_line !~ pattern)
		return
	mutant("statement", begin, length_of_it, "")
	if (last_end == start - 2)
		mutant("swapped", last_begin, begin + length_of_it - last_begin,
		       substr(text, begin, length_of_it) " " \
		       substr(text, last_begin, last_end + 1 - last_begin))
	last_begin = begin
	last_end = begin + length_of_it - 1
}

function file_is_read(	lines, n) {
	mask = masked()
	size = length(mask)
	function_name = "-"
	previous = ""
	last_end = 0
	start = 1
	constants()
	n = split(mask, lines, "\n")
	for (number = 1; number < n; number++) {
		code_line = lines[number]
		if (name ~ /\.ld$/ || code_line ~ /^\t"/)
			lines_of_a_list()
		else
			of_code()
		if (code_line ~ /[^ \t]/) {
			previous = code_line
			sub(/[ \t]+$/, "", previous)
		}
		start += length(code_line) + 1
	}
}

function of_code() {
	if (match(code_line, /^[A-Za-z_].*[ *]\**[a-z_0-9]+\(/)) {
		function_name = substr(code_line, 1, RLENGTH - 1)
		sub(/.*[ *]/, "", function_name)
	} else if (code_line ~ /^(static |const |enum|struct)/) {
		function_name = "-"
	}
	operators("==", "!=")
	operators("!=", "==")
	operators("<", "<=")
	operators("<=", "<")
	operators(">", ">=")
	operators(">=", ">")
	operators("&&", "||")
	operators("||", "&&")
	operators("+", "-")
	operators("-", "+")
	words()
	arguments()
	if (code_line ~ /^\t/)
		statements()
	conditions()
	sides()
}
