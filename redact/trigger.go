package redact

// longBase64 is the trigger of a rule for bare keys: an = behind at least 43
// characters of base64.
const longBase64 = "="

// triggers finds in one pass which rules a text may concern, and whether it
// has anything that could be an escape. Nearly all texts of a log have
// neither, so that this is what redaction costs.
//
// Two bytes decide, by a table, whether a trigger may begin here. The bytes
// are those of UTF-8, or the low ones of UTF-16 (stride 2): every trigger is
// ASCII, but for what a name may go on with.
type triggers struct {
	first [256][4]uint64 // second bytes that follow a first, as bits
	by    map[[2]byte][]trigger
	all   uint64 // rules without a trigger
}

type trigger struct {
	text  string
	rules uint64
}

const maxRules = 64 // bits of a set

// newTriggers takes up to maxRules rules.
func newTriggers(rules []*Rule) *triggers {
	t := &triggers{by: make(map[[2]byte][]trigger)}
	merged := make(map[string]uint64)
	for i, r := range rules {
		if len(r.triggers) == 0 {
			t.all |= 1 << i
		}
		for _, text := range r.triggers {
			merged[text] |= 1 << i
		}
	}
	for text, set := range merged {
		if text == longBase64 {
			text += "\x00" // no second byte decides: see find
		}
		key := [2]byte{text[0], text[1]}
		t.by[key] = append(t.by[key], trigger{text, set})
		for _, a := range cases(text[0]) {
			for _, b := range cases(text[1]) {
				t.first[a][b>>6] |= 1 << (b & 63)
			}
		}
	}
	if _, ok := merged[longBase64]; ok {
		t.first['='] = [4]uint64{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	}
	return t
}

func cases(b byte) []byte {
	if 'a' <= b && b <= 'z' {
		return []byte{b, b - 'a' + 'A'}
	}
	return []byte{b}
}

// find returns the rules that may match, and whether there are escapes.
// Of UTF-16LE (stride 2), text is the raw bytes.
func (t *triggers) find(text []byte, stride int) (rules uint64, escaped bool) {
	rules = t.all
	for i := 0; i < len(text); i += stride {
		a := text[i]
		if a == '%' || a == '&' || a == '\\' {
			escaped = true
			continue
		}
		var b byte
		if i+stride < len(text) {
			b = text[i+stride]
		}
		if t.first[a][b>>6]>>(b&63)&1 == 0 {
			continue
		}
		if a == '=' {
			if base64Before(text, i, stride) {
				rules |= t.by[[2]byte{'=', 0}][0].rules
			}
			continue
		}
		for _, c := range t.by[[2]byte{lower(a), lower(b)}] {
			if rules&c.rules != c.rules && hasFold(text[i:], stride, c.text) {
				rules |= c.rules
			}
		}
	}
	return rules, escaped
}

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
