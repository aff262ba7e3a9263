package redact

import (
	"cmp"
	"embed"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

//go:embed words/*.yml
var wordFiles embed.FS

// A class is how sure the name of something says that it is a secret.
type class uint8

const (
	noSecret class = iota
	chance         // if it looks as if a machine had made it
	likely         // if it is no mere word or number
	sure           // unless it is a state or a place-holder
)

// A vocabulary knows what secrets are called, and what stands behind such a
// name without being one. See words/*.yml. Names are compared without capitals,
// accents and what divides their words: plain.
type vocabulary struct {
	names     map[string]class
	passwords map[string]string // names that people speak of, and their language
	alone     map[string]bool   // names that are a word of their own
	tails     []string          // what may follow the last word of a name
	longest   int               // plain name, in bytes
	states    map[string]bool
	sentences map[string]bool
	kinds     map[string]bool // of algorithms and types
	copulas   map[string]bool // "is"
	becomes   map[string]bool // "to" in "was changed to"
	changes   []string        // what words of a change begin with
	about     map[string]bool // words behind a name that make it another thing
	belongs   map[string]bool // and that do not
	triggers  []string        // one of them is in every name
	rests     map[string]bool // what a name may go on with behind its trigger, plain

	nameLabels, valueLabels []string        // what a name and its value are called that stand apart
	nameLabel, valueLabel   map[string]bool // the same, folded
	getters                 []string        // what functions begin with that are given a name
}

const longestName = 48

func newVocabulary() (*vocabulary, error) {
	v := &vocabulary{names: make(map[string]class), passwords: make(map[string]string), alone: make(map[string]bool)}
	phrases, err := v.loadNames()
	if err != nil {
		return nil, err
	}
	v.loadTriggers(phrases)
	return v, v.loadStates()
}

func readWords(name string, into any) error {
	data, err := wordFiles.ReadFile("words/" + name)
	if err != nil {
		return err
	}
	return yaml.Unmarshal(data, into)
}

// loadNames returns all names as they are written, with spaces between words.
func (v *vocabulary) loadNames() ([]string, error) {
	var in struct {
		Passwords, Sure, Likely, Chance map[string][]string
		Alone, None, Tails              []string
		Compounds                       [][][]string
	}
	if err := readWords("secret-names.yml", &in); err != nil {
		return nil, err
	}
	var phrases []string
	add := func(phrase string, c class) {
		plain, _ := plainName(phrase)
		if have, ok := v.names[plain]; !ok || have < c {
			v.names[plain] = c
		}
		v.longest = max(v.longest, len(plain))
		if c != noSecret {
			phrases = append(phrases, phrase)
		}
	}
	for language, list := range in.Passwords {
		for _, phrase := range list {
			add(phrase, sure)
			plain, _ := plainName(phrase)
			v.passwords[plain] = language
		}
	}
	for c, list := range map[class]map[string][]string{sure: in.Sure, likely: in.Likely, chance: in.Chance} {
		for _, phrases := range list {
			for _, phrase := range phrases {
				add(phrase, c)
			}
		}
	}
	for _, lists := range in.Compounds {
		for _, phrase := range combine(lists) {
			add(phrase, sure)
		}
	}
	for _, phrase := range in.None {
		add(phrase, noSecret)
	}
	for _, word := range in.Alone {
		plain, _ := plainName(word)
		v.alone[plain] = true
	}
	for _, word := range in.Tails {
		plain, _ := plainName(word)
		v.tails = append(v.tails, plain)
	}
	if v.longest > 64 {
		return nil, errors.New("words/secret-names.yml: a name is longer than 64 bytes")
	}
	return phrases, nil
}

// combine joins each word of the first list with each of the others.
func combine(lists [][]string) []string {
	phrases := []string{""}
	for _, list := range lists {
		var longer []string
		for _, p := range phrases {
			for _, word := range list {
				if p != "" && !strings.HasSuffix(p, "'") {
					word = " " + word
				}
				longer = append(longer, p+word)
			}
		}
		phrases = longer
	}
	return phrases
}

func (v *vocabulary) loadStates() error {
	var in struct {
		States, Sentences map[string][]string
		Kinds             []string
	}
	if err := readWords("states.yml", &in); err != nil {
		return err
	}
	var labels struct{ Names, Values, Getters, About, Belongs, Copulas, Becomes, Changes []string }
	if err := readWords("labels.yml", &labels); err != nil {
		return err
	}
	v.nameLabels, v.valueLabels, v.getters = labels.Names, labels.Values, labels.Getters
	v.nameLabel, v.valueLabel = foldedNames(labels.Names), foldedNames(labels.Values)
	set := func(lists ...[]string) map[string]bool {
		all := make(map[string]bool)
		for _, list := range lists {
			for _, word := range list {
				all[foldedWord(word)] = true
			}
		}
		return all
	}
	v.states = set(slices.Collect(maps.Values(in.States))...)
	v.sentences = set(slices.Collect(maps.Values(in.Sentences))...)
	v.kinds, v.about, v.belongs = set(in.Kinds), set(labels.About), set(labels.Belongs)
	v.copulas, v.becomes = make(map[string]bool), make(map[string]bool)
	for _, word := range labels.Copulas {
		v.copulas[word] = true
	}
	for _, word := range labels.Becomes {
		v.becomes[word] = true
	}
	for _, stem := range labels.Changes {
		v.changes = append(v.changes, foldedWord(stem))
	}
	return nil
}

// loadTriggers finds as few and as short words as are in the last words of all
// the names, as the value stands behind these, and what a name goes on with
// behind them. A short last word that is no name alone ("api" in "clave de api")
// has the one before it in its trigger.
func (v *vocabulary) loadTriggers(phrases []string) {
	v.rests = map[string]bool{"s": true}
	slices.SortFunc(phrases, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.Count(a, " "), strings.Count(b, " ")), cmp.Compare(utf8.RuneCountInString(a), utf8.RuneCountInString(b)), strings.Compare(a, b))
	})
	known := make(map[string]string) // the trigger in a word
	in := func(text string) string {
		trigger, ok := known[text]
		if !ok {
			if i := slices.IndexFunc(v.triggers, func(t string) bool { return strings.Contains(text, t) }); i >= 0 {
				trigger = v.triggers[i]
				known[text] = trigger
			}
		}
		return trigger
	}
	for _, phrase := range phrases {
		last := strings.LastIndexAny(phrase, " '") + 1
		word := phrase[last:]
		trigger := in(word)
		if trigger == "" && slices.Contains(v.tails, word) {
			trigger = in(phrase) // written as one word
		}
		if trigger == "" && last > 0 && (utf8.RuneCountInString(word) < 6 || word == "account") {
			word = phrase[strings.LastIndexAny(phrase[:last-1], " '")+1:]
			trigger = in(word)
		}
		switch {
		case trigger != "":
			_, rest, _ := strings.Cut(phrase, trigger)
			plain, _ := plainName(rest)
			v.rests[strings.TrimRight(plain, "0123456789")] = true
		case len(word) > 2:
			v.triggers = append(v.triggers, word)
		default: // too short for a search
			for _, sign := range []string{"=", ":", `"`, "'", " ", ",", "<", ">", "1", "2", "\t"} {
				v.triggers = append(v.triggers, word+sign)
			}
		}
	}
}

// A secretName is where a name one of the vocabulary stands in a text.
type secretName struct {
	word     int // where the word begins that ends the name
	from, to int // all of it, also of several words
	class    class
	pwd      bool // of the ones that are also a working directory
	token    bool // of the ones that are given to programs

	phrase     bool // of the ones that have several words
	pin        bool // of the ones that are a few digits
	credential bool // of the ones that are an account and a password
}

// around returns the name that has the byte at in it.
func (v *vocabulary) around(text string, at int) secretName {
	n := secretName{from: at, to: at, word: -1}
	if at < len(text) && !isNameByte(text[at]) {
		n.to++
	}
	for n.to < len(text) && n.to-at < longestName {
		c, size := utf8.DecodeRuneInString(text[n.to:])
		if !nameRune(c) || leavesScript(text, n.to) {
			break
		}
		n.to += size
	}
	if rest := text[n.to:]; len(rest) > 1 && rest[0] == ' ' && (rest[1] == '1' || rest[1] == '2') && !(len(rest) > 2 && isNameByte(rest[2])) {
		n.to += 2
	}
	for n.from > 0 && at-n.from < longestName {
		c, size := utf8.DecodeLastRuneInString(text[:n.from])
		inner := c == ' ' || c == '\'' || c == '’' || c == '\u00a0' || c == '\u202f'
		if !nameRune(c) && !inner || inner && n.from < len(text) && (text[n.from] == ' ' || text[n.from] == '\'') {
			break
		}
		if inner && n.word < 0 && n.from <= at {
			n.word = n.from
		}
		n.from -= size
	}
	if n.word < 0 {
		n.word = n.from
	}
	plain, bounds := plainName(text[n.from:n.to])
	n.class = v.classify(plain, bounds)
	n.pwd, n.token = strings.HasSuffix(plain, "pwd"), strings.HasSuffix(plain, "token") || strings.HasSuffix(plain, "jeton")
	n.phrase = strings.Contains(plain, "phras") || strings.Contains(plain, "frase") || strings.HasSuffix(plain, "zin")
	n.pin = strings.HasSuffix(plain, "pin") || strings.HasSuffix(plain, "otp") || strings.HasSuffix(plain, "verificationcode") || strings.HasSuffix(plain, "mfacode")
	n.credential = credentials([]byte(plain), len(plain))
	return n
}

// leavesScript reports whether a script without spaces ends at i, and a Latin word begins: 密码是Abc.
func leavesScript[T string | []byte](text T, i int) bool {
	if i < 3 || text[i] >= utf8.RuneSelf || text[i-1] < utf8.RuneSelf || text[i-3] < 0xe3 || text[i-3] > 0xed {
		return false
	}
	b := lower(text[i])
	return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' && i+2 < len(text) && isNameByte(text[i+1]) && isNameByte(text[i+2])
}

// class of a whole text, noSecret if it is not just a name.
func (v *vocabulary) classOf(text string) class {
	if len(text) > 2*longestName {
		return noSecret
	}
	return v.classify(plainName(text))
}

// classify tells what a plain name is, by its end. bounds has a bit for each of
// its first 64 bytes where a word begins.
func (v *vocabulary) classify(plain string, bounds uint64) class {
	for range 4 {
		if c, ok := v.end(plain, bounds); ok {
			return c
		}
		shorter := v.withoutTail(plain, bounds)
		if shorter == plain {
			break
		}
		plain = shorter
	}
	return noSecret
}

// end looks the longest end up that is a name.
func (v *vocabulary) end(plain string, bounds uint64) (c class, ok bool) {
	for i := max(0, len(plain)-v.longest); i < len(plain); i++ {
		c, ok := v.names[plain[i:]]
		if !ok {
			continue
		}
		if v.alone[plain[i:]] && i > 0 && (i >= 64 || bounds>>i&1 == 0) {
			continue
		}
		return c, true
	}
	return noSecret, false
}

// withoutTail drops a number, a plural, or a word like "value" at the end.
func (v *vocabulary) withoutTail(plain string, bounds uint64) string {
	if short := strings.TrimRight(plain, "0123456789"); len(short) < len(plain) && len(plain)-len(short) <= 2 {
		return short
	}
	for _, tail := range v.tails {
		if i := len(plain) - len(tail); i > 0 && i < 64 && (bounds>>i&1 != 0 || tail[0] >= utf8.RuneSelf) && plain[i:] == tail {
			return plain[:i]
		}
	}
	return strings.TrimSuffix(plain, "s")
}

func nameRune(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_' || c == '-' || c == utf8.RuneError || c >= 0x80 && invisible(c)
}

// plainName is a name of letters and digits alone, folded, and the bits of the
// bytes where its words begin: behind what divides them, and at a capital.
func plainName(text string) (plain string, bounds uint64) {
	var buf [2 * longestName]byte
	out := buf[:0]
	before, split := rune(0), true
	for i := 0; i < len(text); {
		c, n := rune(text[i]), 1
		if c >= utf8.RuneSelf {
			c, n = utf8.DecodeRuneInString(text[i:])
		}
		upper := 'A' <= c && c <= 'Z'
		if upper && (before < 'A' || before > 'Z' || i+1 < len(text) && 'a' <= text[i+1] && text[i+1] <= 'z') ||
			('0' <= before && before <= '9') != ('0' <= c && c <= '9') {
			split = true
		}
		before = c
		was := len(out)
		out = appendFolded(out, text[i:i+n], isPlain)
		switch {
		case len(out) == was:
			split = split || c == ' ' || c == '_' || c == '-' || c == '\'' || c == '.' || c == '’'
		case split && was < 64:
			bounds |= 1 << was
			split = false
		default:
			split = false
		}
		i += n
	}
	return string(out), bounds
}

func isPlain(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// foldedWord is a word of a sentence, folded, as it is compared with states.
func foldedWord(word string) string {
	return string(appendFolded(nil, word, func(c rune) bool { return !unicode.IsSpace(c) }))
}

// foldedName is a plain name alone.
func foldedName(text string) string {
	plain, _ := plainName(text[:min(len(text), 2*longestName)])
	return plain
}

func foldedNames(list []string) map[string]bool {
	all := make(map[string]bool)
	for _, text := range list {
		all[foldedName(text)] = true
	}
	return all
}

// bare is a text that is nothing but the name of a secret, perhaps with a sign
// behind it, or as an option.
func (v *vocabulary) bare(text string) (n secretName, ok bool) {
	if len(text) > 2*longestName {
		return n, false
	}
	name := strings.Trim(strings.TrimSpace(text), "\"'=:：＝[]")
	name = strings.TrimSpace(strings.TrimLeft(name, "-/"))
	if name == "" || strings.ContainsAny(name, "=:;\\,.!?()<>{}") {
		return n, false
	}
	n.class = v.classOf(name)
	return n, n.class != noSecret
}
