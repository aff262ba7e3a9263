// Package words has the sentences that gwlogs says to people about their logs,
// in each language: a file each, en.yml and those with the same keys beside it.
// What the commands say of themselves (help, errors) is English, and is not here.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed *.yml
var files embed.FS

// Words are the sentences of one language. They serve any number of goroutines.
type Words struct {
	lang     string
	sections func() map[string]section
}

// A section is sentences by key. The file is cut into them by its lines, and one is parsed when a sentence of it is said: most
// runs say little of it, and parsing all would be a sixth of a short one.
type section func() map[string]*sentence

// A sentence is a text, and a template once it was said, if there is anything in it to be filled in.
type sentence struct {
	text     string
	template func() (template, error)
}

// languages are all that there are by name. Nothing is parsed before it is said.
var languages = sync.OnceValue(func() map[string]*Words {
	all := make(map[string]*Words)
	for _, lang := range Languages() {
		all[lang] = &Words{lang: lang, sections: sync.OnceValue(func() map[string]section { return load(lang) })}
	}
	return all
})

const english = "en"

// Languages lists the languages there are: English, then the others by name.
func Languages() []string {
	names, _ := fs.Glob(files, "*.yml") // sorted
	all := []string{english}
	for _, name := range names {
		if lang := strings.TrimSuffix(name, ".yml"); lang != english {
			all = append(all, lang)
		}
	}
	return all
}

// In returns the words of a language, the English ones if there are none.
func In(lang string) *Words {
	if w := languages()[lang]; w != nil {
		return w
	}
	return languages()[english]
}

// Lang is the language that the words are of.
func (w *Words) Lang() string { return w.lang }

// load cuts a file of sentences into its sections. Each begins with its name at the start of a line, where nothing else stands but
// comments.
func load(lang string) map[string]section {
	src, _ := files.ReadFile(lang + ".yml")
	all := make(map[string]section)
	rest := string(src)
	for rest != "" {
		var text string
		text, rest = cutSection(rest)
		if name, _, ok := strings.Cut(text, ":"); ok && !strings.HasPrefix(text, "#") {
			all[name] = sync.OnceValue(func() map[string]*sentence { return parse(name, text) })
		}
	}
	return all
}

// cutSection cuts off a comment, or the lines up to the next one that is not indented.
func cutSection(text string) (section, rest string) {
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return text, ""
		}
		if at += i + 1; at == len(text) || !strings.ContainsRune(" \r\n", rune(text[at])) {
			return text[:at], text[at:]
		}
	}
}

// parse reads a section. The tests read all of them: there is none that cannot be read.
func parse(name, src string) map[string]*sentence {
	var sections map[string]map[string]string
	_ = yaml.Unmarshal([]byte(src), &sections)
	all := make(map[string]*sentence)
	for key, text := range sections[name] {
		s := &sentence{text: text}
		if strings.Contains(text, "{{") {
			s.template = sync.OnceValues(func() (template, error) { return compile(text) })
		}
		all[key] = s
	}
	return all
}

// sentence is nil if there is none of a key.
func (w *Words) sentence(key string) *sentence {
	name, key, _ := strings.Cut(key, ".")
	if section := w.sections()[name]; section != nil {
		return section()[key]
	}
	return nil
}

// Say returns a sentence; args are the names and values that are filled in,
// one after the other. There is no sentence of every key, and the tests look
// for keys that have none and for values that are missing: where that happens
// all the same, the key is returned.
func (w *Words) Say(key string, args ...any) string {
	s := w.sentence(key)
	if s == nil {
		return key
	}
	if s.template == nil {
		return s.text
	}
	values := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		values[fmt.Sprint(args[i])] = args[i+1]
	}
	t, err := s.template()
	if err != nil {
		return key
	}
	var b strings.Builder
	if !t.write(&b, values) {
		return key
	}
	return b.String()
}

// Has reports whether there is a sentence of a key.
func (w *Words) Has(key string) bool { return w.sentence(key) != nil }

// Raw returns the sentences of whole sections, by key, as the file has them: for a page that fills in what they leave open itself.
func (w *Words) Raw(sections ...string) map[string]string {
	all := make(map[string]string)
	for _, name := range sections {
		if section := w.sections()[name]; section != nil {
			for key, s := range section() {
				all[name+"."+key] = s.text
			}
		}
	}
	return all
}

// Thousands writes n with commas, in every language: digits are read alike.
func Thousands[N int | uint64](n N) string { return apart(fmt.Sprint(n)) }

func apart(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Bytes is a size: 812 B, 1.5 KiB, 140 MiB.
func Bytes(n float64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for ; n >= 1024 && i < len(units)-1; i++ {
		n /= 1024
	}
	if i == 0 || n >= 100 {
		return fmt.Sprintf("%.0f %s", n, units[i])
	}
	return fmt.Sprintf("%.1f %s", n, units[i])
}
