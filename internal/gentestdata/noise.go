package gentestdata

import (
	"fmt"
	"math/bits"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/evtx"
)

// noisePrefix begins the names of the files that hold noise.
const noisePrefix = "noise-"

// noiseSource says which noise a log has.
type noiseSource struct {
	File string // without .yaml
	Draw *draw  // absent: the events that the file lists
}

// draw is a rule: so many events between two times, the rest by chance.
type draw struct {
	Seed     uint64
	From, To time.Time
	Count    int
}

// noiseFile is what a gateway says all day.
type noiseFile struct {
	Texts  map[string]noiseText
	Events []noiseEvent
}

// noiseText is a text with holes: {1-99} a number, {guid}, {a|b|c} one of these.
type noiseText struct {
	ID     uint16
	Level  evtx.Level
	Weight int // how often it is drawn, beside the others
	Text   string
}

// noiseEvent is [time, name of the text, what fills its holes...].
type noiseEvent struct {
	time time.Time
	text string
	args []string
}

// UnmarshalYAML implements yaml.Unmarshaler. What fills a hole is taken as it
// is written: 07 stays 07.
func (e *noiseEvent) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode || len(n.Content) < 2 {
		return fmt.Errorf("line %d: [time, text, ...] is expected", n.Line)
	}
	if err := n.Content[0].Decode(&e.time); err != nil {
		return err
	}
	e.text = n.Content[1].Value
	for _, arg := range n.Content[2:] {
		e.args = append(e.args, arg.Value)
	}
	return nil
}

func (s *noiseSource) events(dir string) ([]Event, error) {
	var file noiseFile
	if err := decode(dir, s.File, &file); err != nil {
		return nil, err
	}
	if s.Draw != nil {
		return file.draw(*s.Draw)
	}
	var events []Event
	for _, e := range file.Events {
		text, ok := file.Texts[e.text]
		if !ok {
			return nil, fmt.Errorf("%s: no text %q", s.File, e.text)
		}
		filled, err := text.fill(e.args)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", s.File, e.time.Format(time.RFC3339), err)
		}
		events = append(events, text.event(e.time, filled))
	}
	return events, nil
}

func (t noiseText) event(at time.Time, text string) Event {
	said := Text(text)
	return Event{Time: at, ID: t.ID, Level: t.Level, Text: &said}
}

var hole = regexp.MustCompile(`\{[^{}]+\}`)

// fill puts args into the holes, in order.
func (t noiseText) fill(args []string) (string, error) {
	if n := len(hole.FindAllString(t.Text, -1)); n != len(args) {
		return "", fmt.Errorf("%d values for %d holes", len(args), n)
	}
	return hole.ReplaceAllStringFunc(t.Text, func(string) string {
		arg := args[0]
		args = args[1:]
		return arg
	}), nil
}

// draw makes the events of a rule, evenly spread, in whole seconds.
func (f *noiseFile) draw(d draw) ([]Event, error) {
	names := make([]string, 0, len(f.Texts))
	total := 0
	for name, t := range f.Texts {
		names = append(names, name)
		total += t.Weight
	}
	slices.Sort(names)
	if d.Count <= 0 || total <= 0 || !d.To.After(d.From) {
		return nil, fmt.Errorf("a rule for noise needs texts with weights, a count and two times")
	}
	r := &random{d.Seed}
	var events []Event
	step := d.To.Sub(d.From) / time.Duration(d.Count)
	for i := range d.Count {
		at := d.From.Add(time.Duration(i)*step + time.Duration(r.below(uint64(step)))).Truncate(time.Second)
		text := f.Texts[f.pick(names, int(r.below(uint64(total))))]
		events = append(events, text.event(at, hole.ReplaceAllStringFunc(text.Text, r.filler)))
	}
	return events, nil
}

// pick returns the name whose share of the weights holds n.
func (f *noiseFile) pick(names []string, n int) string {
	for _, name := range names {
		if n -= f.Texts[name].Weight; n < 0 {
			return name
		}
	}
	return names[len(names)-1]
}

// filler returns something for a hole.
func (r *random) filler(hole string) string {
	inside := hole[1 : len(hole)-1]
	if inside == "guid" {
		return r.guid()
	}
	if low, high, ok := strings.Cut(inside, "-"); ok {
		a, err1 := strconv.ParseUint(low, 10, 32)
		b, err2 := strconv.ParseUint(high, 10, 32)
		if err1 == nil && err2 == nil && a <= b {
			return strconv.FormatUint(a+r.below(b-a+1), 10)
		}
	}
	choices := strings.Split(inside, "|")
	return choices[r.below(uint64(len(choices)))]
}

// random is SplitMix64. It is here, and not the standard library's, because
// the logs must be the same with every version of Go.
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1.
func (r *random) below(n uint64) uint64 {
	high, _ := bits.Mul64(r.next(), n)
	return high
}

// guid returns a random GUID: version 4, lower case.
func (r *random) guid() string {
	a, b := r.next(), r.next()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}
