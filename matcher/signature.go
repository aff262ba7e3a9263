package matcher

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A Signature is a known problem: a Sigma rule, and in fields of our own what
// it means and what to do.
type Signature struct {
	Rule   *sigma.Rule
	Source []byte // the file that it stands in; nil for a built-in one that was prepared, see RuleFile

	Name       string // kebab-case, stable, unique; of a rule without a name its id
	Text       Text   // English
	Rank       int    // how much it knows, see Catalogue.mostSpecific; 0 for one that does not compete
	Checked    Month  // of the page, in its references, that it was last compared with; zero if it was compared with none
	Captures   []Capture
	Version    string   // of a capture: the event counts only if the version of the integration runtime in it had expired; of a sign, if not
	Wraps      bool     // it says that something failed, and what it wraps says why: see Finding.Text
	Supersedes []string // names of signatures that say the same about the same event, less exactly
	Explained  []string // names of signatures that, if they are found as well, tell why
	Tells      Tells    // of the gateway
	OverBy     []string // names of signatures that end it; empty: nothing does; nil: see Tells.Ends
	Positive   []Sample // that it has to match
	Negative   []Sample // that it must not match

	locales *locales // nil for none

	own      bool      // written for gwlogs, see writtenForUs
	required *required // nil if it was not asked for
	claim    *claim    // likewise
}

// A Month is a year and a month, "2026-11"; the zero value is none.
type Month struct{ time.Time }

// UnmarshalYAML reads a month.
func (m *Month) UnmarshalYAML(node *yaml.Node) (err error) {
	if m.Time, err = time.Parse("2006-01", node.Value); err != nil {
		return fmt.Errorf("line %d: %q is not a month: 2026-11", node.Line, node.Value)
	}
	return nil
}

// A Text is what people read about a problem.
type Text struct {
	Title      string   `yaml:"title"`
	Cause      string   `yaml:"cause"`
	Resolution []string `yaml:"resolution"`
}

// In returns the text in a language, English where there is no other.
func (s *Signature) In(lang string) Text {
	text := s.Text
	t := s.locales.text(lang, s.Name)
	if t.Title != "" {
		text.Title = t.Title
	}
	if t.Cause != "" {
		text.Cause = t.Cause
	}
	if len(t.Resolution) > 0 {
		text.Resolution = t.Resolution
	}
	return text
}

// A Sample is events to try a signature on: one, or a sequence.
type Sample []SampleEvent

// A SampleEvent is an event as far as signatures look at it.
type SampleEvent struct {
	Channel  string     `yaml:"channel"` // empty: that of the gateway
	Provider string     `yaml:"provider"`
	Computer string     `yaml:"computer"`
	ID       uint16     `yaml:"id"`
	Level    evtx.Level `yaml:"level"`
	Time     time.Time  `yaml:"time"`
	Data     []string   `yaml:"data"`
}

// A Capture pulls something out of the events that a signature matches.
type Capture struct {
	Name   string
	Regexp *ast.Regexp

	address, port int // groups; an endpoint has both
	value         int // group that is taken otherwise
}

// newCapture settles what an expression yields: "address:port" if it has
// groups of these names, else its first group, else all that it matches.
func newCapture(name, expr string) (Capture, error) {
	lazy, err := ast.NewRegexp(expr)
	if err != nil {
		return Capture{}, fmt.Errorf("capture %s: %w", name, err)
	}
	re := lazy.Compiled()
	c := Capture{Name: name, Regexp: lazy, address: re.SubexpIndex("address"), port: re.SubexpIndex("port")}
	if re.NumSubexp() > 0 {
		c.value = 1
	}
	return c, nil
}

// endpoint is whether the capture yields an address and a port.
func (c *Capture) endpoint() bool { return c.address > 0 && c.port > 0 }

// take makes a value of a match, empty if there is nothing in it.
func (c *Capture) take(text []byte, match []int) captured {
	group := func(n int) string {
		if match[2*n] < 0 {
			return ""
		}
		return string(text[match[2*n]:match[2*n+1]])
	}
	if c.Name == blockedCapture {
		name := strings.ToLower(group(c.value))
		return captured{value: name, address: name}
	}
	if !c.endpoint() {
		return captured{value: group(c.value)}
	}
	address := strings.Trim(group(c.address), "[]")
	port, err := strconv.ParseUint(group(c.port), 10, 16)
	if address == "" || err != nil {
		return captured{}
	}
	return captured{value: joinHostPort(address, port), address: address, port: int(port)}
}

// joinHostPort is an address and a port as they are written, like net.JoinHostPort: package net is large, and nothing else of it is
// needed here.
func joinHostPort(address string, port uint64) string {
	if strings.Contains(address, ":") {
		address = "[" + address + "]"
	}
	return address + ":" + strconv.FormatUint(port, 10)
}
