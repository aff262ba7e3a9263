// Package words has the sentences that gwlogs says to people about their logs,
// in each language: a file each, en.yml and those with the same keys beside it.
// What the commands say of themselves (help, errors) is English, and is not here.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed *.yml
var files embed.FS

// Words are the sentences of one language. They serve any number of goroutines.
type Words struct {
	lang      string
	sentences func() map[string]*sentence
}

// A sentence is a text, and a template once it was said, if there is anything in it to be filled in.
type sentence struct {
	text     string
	template func() (template, error)
}

// languages are all that there are by name. Nothing is parsed before it is said.
var languages = sync.OnceValue(func() map[string]*Words {
	all := make(map[string]*Words)
	for _, lang := range Languages() {
		all[lang] = &Words{lang: lang, sentences: sync.OnceValue(func() map[string]*sentence { return load(lang) })}
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

// load reads a file of sentences. The tests read all of them: there is none that cannot be read.
func load(lang string) map[string]*sentence {
	src, _ := files.ReadFile(lang + ".yml")
	var sections map[string]map[string]string
	_ = yaml.Unmarshal(src, &sections)
	all := make(map[string]*sentence)
	for section, texts := range sections {
		for key, text := range texts {
			s := &sentence{text: text}
			if strings.Contains(text, "{{") {
				s.template = sync.OnceValues(func() (template, error) { return compile(text) })
			}
			all[section+"."+key] = s
		}
	}
	return all
}

// Say returns a sentence; args are the names and values that are filled in,
// one after the other. There is no sentence of every key, and the tests look
// for keys that have none and for values that are missing: where that happens
// all the same, the key is returned.
func (w *Words) Say(key string, args ...any) string {
	s := w.sentences()[key]
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
func (w *Words) Has(key string) bool { return w.sentences()[key] != nil }

// Raw returns the sentences of whole sections, by key, as the file has them: for a page that fills in what they leave open itself.
func (w *Words) Raw(sections ...string) map[string]string {
	all := make(map[string]string)
	for key, s := range w.sentences() {
		if section, _, _ := strings.Cut(key, "."); slices.Contains(sections, section) {
			all[key] = s.text
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
