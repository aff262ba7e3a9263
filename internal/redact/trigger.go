package redact

// longBase64 is the trigger of a rule for bare keys: an = behind at least 43
// characters of base64.
const longBase64 = "="

// triggers finds in one pass where in a text the rules may match, and whether
// it has anything that could be an escape. Nearly all texts of a log have
// neither, so that this pass is what redaction costs.
//
// Two bytes decide, by a table, whether a trigger may begin here. The bytes
// are those of UTF-8, or the low ones of UTF-16 (stride 2): every trigger is
// ASCII, but for what a name may go on with.
type triggers struct {
	first [256][4]uint64 // second bytes that follow a first, as bits
	by    map[[2]byte][]trigger
	rules []*Rule
	all   uint64 // rules without a trigger: they may match anywhere
}

type trigger struct {
	text  string
	rules []int
}

// A hit is a place that rules may match around.
type hit struct {
	at    int
	rules uint64
}

const maxRules = 64 // bits of a set

// newTriggers takes up to maxRules rules.
func newTriggers(rules []*Rule) *triggers {
	t := &triggers{by: make(map[[2]byte][]trigger), rules: rules}
	merged := make(map[string][]int)
	var order []string
	for i, r := range rules {
		if len(r.triggers) == 0 {
			t.all |= 1 << i
		}
		for _, text := range r.triggers {
			if merged[text] == nil {
				order = append(order, text)
			}
			merged[text] = append(merged[text], i)
		}
	}
	for _, text := range order {
		key := [2]byte{text[0], 0}
		if text == longBase64 {
			t.first['='] = [4]uint64{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
		} else {
			key[1] = text[1]
			for _, a := range cases(text[0]) {
				for _, b := range cases(text[1]) {
					t.first[a][b>>6] |= 1 << (b & 63)
				}
			}
		}
		t.by[key] = append(t.by[key], trigger{text, merged[text]})
	}
	return t
}

func cases(b byte) []byte {
	if 'a' <= b && b <= 'z' {
		return []byte{b, b - 'a' + 'A'}
	}
	return []byte{b}
}

// find appends the hits in a text, and reports whether it has escapes. Of
// UTF-16LE (stride 2), text is the raw bytes. With a nil hits it stops at the
// first one: found then says that there is any.
func (t *triggers) find(text []byte, stride int, hits *[]hit) (found, escaped bool) {
	found = t.all != 0
	for i := 0; i < len(text); i += stride {
		a := text[i]
		if a == '%' || a == '&' || a == '\\' {
			escaped = escaped || isEscape(text[i:], stride)
			continue
		}
		var b byte
		if i+stride < len(text) {
			b = text[i+stride]
		}
		if t.first[a][b>>6]>>(b&63)&1 == 0 {
			continue
		}
		if set := t.here(text, i, stride, a, b); set != 0 {
			found = true
			if hits == nil {
				return true, escaped
			}
			*hits = append(*hits, hit{i, set})
		}
	}
	return found, escaped
}

// here returns the rules that have a trigger at i.
func (t *triggers) here(text []byte, i, stride int, a, b byte) (set uint64) {
	if a == '=' {
		if base64Before(text, i, stride) {
			for _, r := range t.by[[2]byte{'=', 0}][0].rules {
				set |= 1 << r
			}
		}
		return set
	}
	for _, c := range t.by[[2]byte{lower(a), lower(b)}] {
		if !hasFold(text[i:], stride, c.text) {
			continue
		}
		for _, r := range c.rules {
			if near := t.rules[r].near; near == nil || near(text, i, i+len(c.text)*stride, stride) {
				set |= 1 << r
			}
		}
	}
	return set
}

// isEscape reports whether an escape begins here that could hide a secret. Line
// breaks and tabs do not.
func isEscape(text []byte, stride int) bool {
	at := func(i int) byte {
		if i*stride < len(text) {
			return text[i*stride]
		}
		return 0
	}
	switch text[0] {
	case '%':
		return isHex(at(1)) && isHex(at(2))
	case '&':
		return at(1) == '#' || 'a' <= at(1) && at(1) <= 'z'
	}
	switch at(1) {
	case '"', '\'', '\\', '/':
		return true
	case 'u':
		return isHex(at(2)) && isHex(at(3)) && isHex(at(4)) && isHex(at(5))
	case 'x':
		return isHex(at(2)) && isHex(at(3))
	}
	return false
}

func isHex(b byte) bool { return '0' <= b && b <= '9' || 'a' <= lower(b) && lower(b) <= 'f' }

// base64Before reports whether 43 characters of base64 stand before i.
func base64Before(text []byte, i, stride int) bool {
	const least = 43
	if i < least*stride {
		return false
	}
	for n := 1; n <= least; n++ {
		if !isBase64(text[i-n*stride]) {
			return false
		}
	}
	return true
}

func isBase64(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '+' || b == '/'
}

func hasFold(text []byte, stride int, want string) bool {
	if len(text) < (len(want)-1)*stride+1 {
		return false
	}
	for i := range len(want) {
		if lower(text[i*stride]) != want[i] {
			return false
		}
	}
	return true
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
