# mutants.awk - all mutants of C sources, one a line.
#
#	LC_ALL=C awk -v seed=1 -f mutants.awk src/*.c
#
# Nothing is parsed: the sources are formatted by clang-format, and what does
# not compile in the end is not counted. Comments, strings and preprocessor
# lines are left alone. Fields, separated by \001:
#
#	hash, file, offset, length, replacement, line, function, before, after
#
# The hash is of the seed, the function and the changed text, not of where it
# stands: an edit elsewhere in the file does not change which mutants are taken.

BEGIN {
	FS = "\n"
	for (i = 1; i < 128; i++)
		code[sprintf("%c", i)] = i
}

FNR == 1 {
	if (NR > 1)
		file_is_read()
	name = FILENAME
	sub(/.*\//, "", name)
	text = ""
}
{ text = text $0 "\n" }
END { file_is_read() }

# ---- what stands where ----

# The text with spaces in the place of all that is not code.
function masked(	n, i, j, c, two, out, state, line) {
	n = split(text, line, "\n")
	state = ""
	out = ""
	for (i = 1; i < n; i++) {
		if (state == "#" || (state == "" && line[i] ~ /^#/)) {
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
				if (c == "\"" || c == "'")
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

function hash_of(string,	i, h) {
	h = 5381
	for (i = 1; i <= length(string); i++)
		h = (h * 33 + code[substr(string, i, 1)]) % 2147483647
	for (i = 0; i < 4; i++)
		h = (h * 69621 + 12345) % 2147483647
	return h
}

# ---- the mutants ----

function one_line(string) {
	gsub(/[ \t\n]+/, " ", string)
	sub(/^ /, "", string)
	sub(/ $/, "", string)
	return string
}

# `len` characters from `at` on become `new`.
function mutant(at, len, new,	from, to, before, after) {
	for (from = at; from > 1 && substr(text, from - 1, 1) != "\n"; from--)
		;
	for (to = at + len - 1; substr(text, to, 1) != "\n"; to++)
		;
	before = one_line(substr(text, from, to - from))
	after = one_line(substr(text, from, at - from) new \
			 substr(text, at + len, to - at - len))
	printf "%010d\001%s\001%d\001%d\001%s\001%d\001%s\001%s\001%s\n",
		hash_of(seed ":" name ":" function_name ":" before ">" after),
		name, at - 1, len, one_line(new), number, function_name, before, after
}

# Each place of `operator`, which stands between spaces, becomes `new`.
function operators(operator, new,	at, from, rest) {
	from = 1
	while ((at = index(substr(code_line, from), " " operator " ")) > 0) {
		at += from - 1
		mutant(start + at, length(operator), new)
		from = at + length(operator) + 1
	}
	# The operator may be the last on its line.
	if (substr(code_line, length(code_line) - length(operator)) == \
	    " " operator)
		mutant(start + length(code_line) - length(operator),
		       length(operator), new)
}

function words(	at, rest, word, c) {
	at = 1
	while (at <= length(code_line)) {
		rest = substr(code_line, at)
		if (match(rest, /^[A-Za-z_][A-Za-z_0-9]*/)) {
			word = substr(rest, 1, RLENGTH)
			at += RLENGTH
			if (word == "true")
				mutant(start + at - 5, 4, "false")
			else if (word == "false")
				mutant(start + at - 6, 5, "true")
		} else if (match(rest, /^[0-9][0-9A-Za-z]*/)) {
			word = substr(rest, 1, RLENGTH)
			mutant(start + at - 1, RLENGTH, "(" word " + 1)")
			at += RLENGTH
		} else if (match(rest, /^'[^']*'/)) {
			word = substr(text, start + at - 1, RLENGTH)
			mutant(start + at - 1, RLENGTH, "(" word " + 1)")
			at += RLENGTH
		} else {
			c = substr(rest, 1, 1)
			if (c == "!" && substr(rest, 2, 1) != "=")
				mutant(start + at - 1, 1, "")
			at++
		}
	}
}

# A statement that begins on this line; `previous` is what stands before it.
function statements(	begin, rest, end, value) {
	match(code_line, /^\t+/)
	begin = start + RLENGTH
	rest = substr(code_line, RLENGTH + 1)
	if (previous !~ /[;{}:)]$/ && previous !~ /(else|do)$/)
		return
	if (rest ~ /^[a-z_][a-z_0-9]*\(/ && rest !~ /^(if|for|while|switch)/ ||
	    rest ~ /^\*?[a-z_][A-Za-z_0-9.>\[\]-]* ([-+*\/|&^]|<<|>>)?= / ||
	    rest ~ /^\*?[a-z_][A-Za-z_0-9.>\[\]-]* ([-+*\/|&^]|<<|>>)?=$/ ||
	    rest ~ /^\(?\*?[a-z_][A-Za-z_0-9.>\[\]-]*\)?(\+\+|--);/ ||
	    rest ~ /^(break|continue|return);/) {
		end = end_of(begin)
		if (end > 0)
			mutant(begin, end - begin, "")
	}
	if (rest ~ /^return [^;]/) {
		end = end_of(begin)
		value = substr(text, begin + 7, end - begin - 7)
		if (end > 0 && value !~ /^([0-9]+|true|false|NULL|!.*)$/)
			mutant(begin + 7, end - begin - 7, "!(" value ")")
	}
}

# if (it) becomes if (!(it)), where no operator says what it is.
function conditions(	at, open, close_at, it) {
	if (!match(code_line, /(if|while) \(/))
		return
	open = start + RSTART + RLENGTH - 2
	close_at = closing(open)
	if (!close_at)
		return
	it = substr(mask, open + 1, close_at - open - 1)
	if (it !~ /[!=<>]=| < | > |&&|\|\||!/)
		mutant(open + 1, close_at - open - 1,
		       "!(" substr(text, open + 1, close_at - open - 1) ")")
}

function file_is_read(	lines, n) {
	mask = masked()
	size = length(mask)
	function_name = "-"
	previous = ""
	start = 1
	n = split(mask, lines, "\n")
	for (number = 1; number < n; number++) {
		code_line = lines[number]
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
		if (code_line ~ /^\t/)
			statements()
		conditions()
		if (code_line ~ /[^ \t]/) {
			previous = code_line
			sub(/[ \t]+$/, "", previous)
		}
		start += length(code_line) + 1
	}
}
