package view

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/report"
)

// maxExportName is how long the name of an exported file may be, in bytes, before its ending.
const maxExportName = 100

// exportName is a name that tells what is in an exported file: of which log, under which conditions, how many events. It is plain
// ASCII, which every system and every header takes.
func (s *snapshot) exportName(f *Filter, events int, ending string) string {
	var sources []string
	bundle := ""
	for i, l := range s.logs {
		if i == 0 || l.bundle == bundle {
			bundle = l.bundle
		} else {
			bundle = "\x00" // of several
		}
		name := l.source
		if len(sources) == 0 || sources[len(sources)-1] != name {
			sources = append(sources, name)
		}
	}
	words := []string{fmt.Sprintf("%d-logs", len(sources))}
	if base := path.Base(filepath.ToSlash(bundle)); len(sources) > 1 && bundle != "" && bundle != "\x00" {
		words[0] = nameWord(strings.TrimSuffix(strings.TrimSuffix(base, ".age"), ".zip"), 40)
	} else if len(sources) == 1 {
		base := path.Base(sources[0])
		words[0] = nameWord(strings.TrimSuffix(base, path.Ext(base)), 40)
	}
	for _, c := range f.Conditions {
		words = append(words, s.conditionWord(c))
	}
	name := words[0]
	for _, w := range words[1:] {
		if len(name)+len(w)+1 > maxExportName {
			name += "_and-more"
			break
		}
		name += "_" + w
	}
	return fmt.Sprintf("%s_%d-events.%s", name, events, ending)
}

// conditionWord is a condition as a part of a file's name.
func (s *snapshot) conditionWord(c Condition) string {
	values := append([]string(nil), c.Values...)
	head := c.Field + "-"
	switch c.Field {
	case "level":
		head = ""
		for i, v := range values {
			if level, ok := parseLevel(v); ok {
				values[i] = report.LevelName(evtx.Level(level))
			}
		}
	case "id":
		head = "id"
	case "text", "computer", "provider", "channel", "source", "finding":
		head = ""
	case "time":
		head = ""
		for i, v := range values {
			values[i] = strings.TrimSuffix(strings.ReplaceAll(v[:min(len(v), len("2006-01-02T15:04"))], ":", ""), "T0000")
		}
		if len(values) == 2 {
			switch {
			case values[1] == "":
				values = []string{"from", values[0]}
			case values[0] == "":
				values = []string{"until", values[1]}
			case values[0] == strings.TrimSuffix(values[1], "T2359"):
				values = values[:1]
			}
		}
	case "around":
		values = nil
		if at, ok := s.aroundTime(c); ok {
			values = []string{strings.ReplaceAll(at[:len("2006-01-02T15:04:05")], ":", "")}
		}
	case "marked":
		head, values = "marked", nil
	}
	if len(values) > 4 {
		values = append(values[:4], "and-more")
	}
	word := nameWord(head+strings.Join(values, "-"), 40)
	if c.Exclude {
		word = "not-" + word
	}
	return word
}

// aroundTime is when the event was that a condition looks around.
func (s *snapshot) aroundTime(c Condition) (string, bool) {
	var n int
	if _, err := fmt.Sscan(strings.Join(c.Values[:min(1, len(c.Values))], ""), &n); err != nil || n < 0 || n >= s.n {
		return "", false
	}
	at := textOf(s.at(n).time)
	return at, len(at) > len("2006-01-02T15:04:05")
}

// nameWord leaves letters, digits, dots and single dashes of a text.
func nameWord(text string, most int) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '.' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= most {
			break
		}
	}
	if word := strings.Trim(b.String(), "-."); word != "" {
		return word
	}
	return "x"
}
