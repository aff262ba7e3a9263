package redact

// What rules for identities ask of the surroundings of a trigger, which is mostly
// a single character and in every text.

// signSoon: a sign or a quotation mark within a word.
func signSoon(text []byte, _, to int) bool {
	for limit := min(len(text), to+16); to < limit; to++ {
		switch text[to] {
		case '=', ':', '"', '\'', '[':
			return true
		}
	}
	return to > 0 && to <= len(text) && text[to-1] == '/' // tcp://
}

// digitSoon: a digit, or two dots, within a few words.
func digitSoon(text []byte, _, to int) bool {
	dots := 0
	for limit := min(len(text), to+80); to < limit; to++ {
		switch b := text[to]; {
		case '0' <= b && b <= '9':
			return true
		case b == '.':
			if dots++; dots > 1 {
				return true
			}
		}
	}
	return false
}

// capitalSoon: a capital within two words.
func capitalSoon(text []byte, _, to int) bool {
	for limit := min(len(text), to+20); to < limit; to++ {
		if b := text[to]; 'A' <= b && b <= 'Z' || b >= 0x80 {
			return true
		}
	}
	return false
}

// digitNext: a digit right behind.
func digitNext(text []byte, _, to int) bool {
	return to < len(text) && '0' <= text[to] && text[to] <= '9'
}

// doubled: the same character before or behind, and a word behind it.
func doubled(text []byte, from, to int) bool {
	return to < len(text) && from > 0 && text[from-1] == text[from] && isNameByte(text[to]) && text[to] != '_' && text[to] != '-' &&
		(from == 1 || !isNameByte(text[from-2]) && text[from-2] != text[from] && (text[from] == '\\' || text[from-2] != ':' || from > 5 && text[from-3] == 'e'))
}

// accountHere: one word on each side of a backslash, and no other backslash
// next to them.
func accountHere(text []byte, from, to int) bool {
	part := func(b byte) bool { return isNameByte(b) || b == '.' || b == '$' }
	if from == 0 || to >= len(text) || !part(text[from-1]) || !part(text[to]) {
		return false
	}
	begin := from
	for begin > 0 && from-begin <= 64 && part(text[begin-1]) {
		begin--
	}
	if begin > 0 && (text[begin-1] == '\\' && !escapeBefore(text, begin) || text[begin-1] == '%' || text[begin-1] == '/') {
		return false
	}
	for n := 0; to < len(text) && n <= 64 && part(text[to]); n++ {
		to++
	}
	return to == len(text) || text[to] != '\\'
}

// escapeBefore reports whether a word begins with the letter of an escape: \nCONTOSO.
func escapeBefore(text []byte, begin int) bool {
	return begin < len(text) && (text[begin] == 'n' || text[begin] == 'r' || text[begin] == 't') && (begin < 2 || text[begin-2] != '\\')
}

// portHere: a name with a letter or a dot in front, and two digits behind.
func portHere(text []byte, from, to int) bool {
	if to+1 >= len(text) || text[to] < '0' || text[to] > '9' || text[to+1] < '0' || text[to+1] > '9' {
		return false
	}
	for i := from - 1; i >= 0 && from-i < 80; i-- {
		b := text[i]
		switch {
		case 'a' <= lower(b) && lower(b) <= 'z' || b == '.':
			return true
		case ('0' > b || b > '9') && b != '-':
			return false
		}
	}
	return false
}

// addressHere: a dot between two digits of which another dot is not far, or a
// colon as in an address of IPv6.
func addressHere(text []byte, from, to int) bool {
	if to >= len(text) {
		return false
	}
	if text[from] == '.' {
		if from == 0 || text[from-1] < '0' || text[from-1] > '9' {
			return false
		}
		i := to
		for i < len(text) && i < to+4 && '0' <= text[i] && text[i] <= '9' {
			i++
		}
		return i > to && i < len(text) && text[i] == '.'
	}
	colons, hex := 1, 0
	for i := to; i < len(text) && i < to+40; i++ {
		switch b := text[i]; {
		case b == ':':
			colons++
			if i == to {
				return true // ::
			}
		case isHex(b):
			hex++
		default:
			return colons > 2 && hex > 2
		}
	}
	return colons > 2 && hex > 2
}

// hardwareHere: pairs of hexadecimal digits on both sides.
func hardwareHere(text []byte, from, to int) bool {
	if from < 2 || to+5 >= len(text) {
		return false
	}
	return isHex(text[from-1]) && isHex(text[from-2]) && isHex(text[to]) && isHex(text[to+1]) && text[to+2] == text[from] && isHex(text[to+3]) && isHex(text[to+4])
}

// rdnHere: CN=, OU=, O= or E=.
func rdnHere(text []byte, from, _ int) bool {
	if from == 0 {
		return false
	}
	before := byte(' ')
	if from > 1 {
		before = text[from-2]
	}
	switch text[from-1] {
	case 'N':
		return before == 'C'
	case 'U':
		return before == 'O'
	case 'O', 'E':
		return !isNameByte(before)
	}
	return false
}

// hexRun: twenty pairs of hexadecimal digits, with one character between or none.
func hexRun(text string) bool {
	run := 0
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case isHex(b):
			if run++; run >= 40 {
				return true
			}
		case (b == ' ' || b == ':') && run > 1 && run%2 == 0:
		default:
			run = 0
		}
	}
	return false
}
