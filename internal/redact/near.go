package redact

// A near looks at what stands around a trigger, from from to to, before a
// regular expression has to: it refuses where the rule cannot match.
type near func(text []byte, from, to, stride int) bool

// maxNameRest is how many bytes of a name may stand around its trigger.
const maxNameRest = 24

// behindName returns where the name around a trigger ends, and what follows it
// behind quotation marks, brackets, backslashes and spaces; 0 for nothing. The
// end is that of the text if secretNames has no such name. It may let through what is none.
func behindName(text []byte, to, stride int) (end int, sign byte) {
	var rest [8]byte
	n := 0
	for ; to < len(text) && isNameByte(text[to]); to += stride {
		if b := text[to]; n > 0 && (b == 0xa0 || b == 0xc2 || b == 0xe2) || n == 0 && (b == 0xa0 && stride == 2 || (b == 0xc2 || b == 0xe2) && stride == 1) {
			break // a no-break space, or a quotation mark
		}
		if n == len(rest) {
			return len(text), 0
		}
		rest[n] = lower(text[to])
		n++
	}
	if !nameEnds(rest[:n]) {
		return len(text), 0
	}
	end = to
	for limit := min(len(text), to+16*stride); to < limit; to += stride {
		switch b := text[to]; {
		case b == ' ', b == '\t', b == '\r', b == '\n', b == '"', b == '\'', b == ']', b == ')', b == '\\', b == '1', b == '2':
		case b >= 0x80, b == 0x19, b == 0x1d, b == 0x2f: // marks and spaces beyond ASCII, or their low bytes
		case (b == 'n' || b == 'r' || b == 't') && to >= stride && text[to-stride] == '\\':
		default:
			return end, b
		}
	}
	return end, 0
}

// nameEnds reports whether one of secretNames goes on like this behind its trigger.
func nameEnds(rest []byte) bool {
	switch string(rest) {
	case "", "s", "1", "2", "_1", "_2", "word", "wd", "phrase", "wort", "code", "e", "value", "_value", "key", "_key", "i", "l",
		"3", "word1", "word2", "word3", "words", "phrases", "codes", "es", "values", "keys", "en":
		return true
	}
	return len(rest) > 0 && rest[0] >= 0x80 // contraseña, accès, partagé
}

// isNameByte: letters, digits, and what names are made of several words with;
// bytes beyond ASCII too, as not all names are English.
func isNameByte(b byte) bool {
	return 'a' <= lower(b) && lower(b) <= 'z' || '0' <= b && b <= '9' || b == '_' || b == '-' || b >= 0x80
}

// signBehind: a name, then = or : (or the space of "mot de passe", whose
// trigger is its last word).
func signBehind(text []byte, _, to, stride int) bool {
	_, sign := behindName(text, to, stride)
	return sign == '=' || sign == ':'
}

// inTag: a name that ends the name of an XML element, in its opening tag.
func inTag(text []byte, from, to, stride int) bool {
	end, _ := behindName(text, to, stride)
	if end >= len(text) || text[end] != '>' && !isSpace(text[end]) {
		return false
	}
	return tagStart(text, from, stride) >= 0
}

// tagStart returns where the tag begins whose name has the byte from in it, -1
// if it is no opening tag.
func tagStart(text []byte, from, stride int) int {
	for i, n := from-stride, 0; i >= 0 && n < 4*maxNameRest; i, n = i-stride, n+1 {
		switch {
		case text[i] == '<':
			return i
		case !isNameByte(text[i]) && text[i] != ':' && text[i] != '.':
			return -1
		}
	}
	return -1
}

// quoteBehind: a name that ends with a quotation mark.
func quoteBehind(text []byte, _, to, stride int) bool {
	end, _ := behindName(text, to, stride)
	return end < len(text) && (text[end] == '"' || text[end] == '\'')
}

// sentenceBehind: a name, a space, and what may be "is" or, soon, a quotation
// mark; of those beyond ASCII a byte.
func sentenceBehind(text []byte, _, to, stride int) bool {
	end, _ := behindName(text, to, stride)
	if end+stride >= len(text) || text[end] != ' ' {
		return false
	}
	switch lower(text[end+stride]) {
	case 'i', 'w', 'l', 'e', '"', '\'':
		return true
	}
	b := text[end+stride]
	return b >= 0x80 || 0x18 <= b && b <= 0x1e
}

// optionBefore: a name with - or / in front of it and a space behind, or quotation marks around both.
func optionBefore(text []byte, from, to, stride int) bool {
	end, _ := behindName(text, to, stride)
	if end >= len(text) || !isSpace(text[end]) && text[end] != ',' {
		return false
	}
	for i, n := from-stride, 0; i >= 0 && n < maxNameRest; i, n = i-stride, n+1 {
		switch {
		case text[i] == '-' || text[i] == '/':
			if i < stride || isSpace(text[i-stride]) || text[i-stride] == '-' || text[i-stride] == '`' {
				return true
			}
		case !isNameByte(text[i]):
			return false
		}
	}
	return false
}

func isSpace(b byte) bool {
	return b == ' ' || b == '\t' || b == '\r' || b == '\n' || b == '"' || b == '\''
}

// atBehind: user information of a URL, which ends with @ before a slash, but
// for one in a password.
func atBehind(text []byte, _, to, stride int) bool {
	colon, digits := false, false
	for limit := min(len(text), to+maxLooked*stride); to < limit; to += stride {
		switch b := text[to]; {
		case b == ':' && !colon:
			colon, digits = true, true
		case b == '@':
			return true
		case b == '/':
			if !colon || digits {
				return false
			}
		case b == ' ', b == '\t', b == '\r', b == '\n', b == '"', b == '<', b == '>':
			return false
		case b < '0' || b > '9':
			digits = false
		}
	}
	return false
}

// tokenBehind: a word of at least 16 characters after a space.
func tokenBehind(text []byte, _, to, stride int) bool {
	spaces := 0
	for to < len(text) && isSpace(text[to]) {
		to += stride
		spaces++
	}
	n := 0
	for ; to < len(text) && n < 16; to += stride {
		if b := text[to]; !isBase64(b) && b != '=' && b != '.' && b != '_' && b != ':' && b != '~' && b != '-' {
			break
		}
		n++
	}
	return spaces > 0 && n >= 16
}

// spaceBehind: a word that ends here.
func spaceBehind(text []byte, _, to, stride int) bool {
	return to < len(text) && isSpace(text[to])
}

// signNext: = or : right behind, quotation marks and spaces aside.
func signNext(text []byte, _, to, stride int) bool {
	for limit := min(len(text), to+8*stride); to < limit; to += stride {
		switch {
		case text[to] == '=' || text[to] == ':':
			return true
		case !isSpace(text[to]) && text[to] != '\\':
			return false
		}
	}
	return false
}
