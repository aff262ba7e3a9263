package gentestdata

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/evtx"
)

// A Spec says what is in a log.
type Spec struct {
	// FirstRecordID is the EventRecordID of the first event; 1 if it is not given.
	FirstRecordID uint64 `yaml:"first_record_id"`
	// Origin is where the events come from that do not say so themselves.
	Origin `yaml:",inline"`
	// Origins are others, which events refer to by name.
	Origins map[string]Origin
	// Noise is merged in by time.
	Noise *noiseSource
	// Events are in the order of the log: by time. Those of Load have the
	// noise among them, and Origin filled in.
	Events []Event
}

// An Origin says who wrote an event, where.
type Origin struct {
	Provider, Channel, Computer string
}

// An Event is one event of a log.
type Event struct {
	Time   time.Time
	ID     uint16
	Level  evtx.Level
	From   string // name of one of the specification's Origins
	Origin `yaml:",inline"`

	Qualifiers uint16
	Task       uint16
	Keywords   evtx.Keywords // absent: those of a classic event
	User       string        // a SID
	Process    uint32
	Thread     uint32

	// What the event says: one text, several, or named data; and binary data.
	Text    *Text
	Strings []Text
	Data    []Data
	Hex     string // binary data in hexadecimal digits
	UTF16   Text   // binary data that is a text in UTF-16
	ASCII   Text   // binary data that is a text in ASCII

	// What is in it, for those who look for it: the known problems that it is
	// an instance of, the endpoints and report IDs that it names, and the
	// secrets, to the byte as they stand in its texts or, decoded, in its
	// binary data. None of the secrets may survive redaction.
	Problems  []string
	Endpoints []string
	ReportID  string `yaml:"report_id"`
	Secrets   []string
}

// Data is a named datum of an event that is not classic.
type Data struct {
	Name  string
	Value Text
}

// strings returns the texts of a classic event.
func (e *Event) strings() []string {
	if e.Text != nil {
		return []string{string(*e.Text)}
	}
	all := make([]string, len(e.Strings))
	for i, s := range e.Strings {
		all[i] = string(s)
	}
	return all
}

// Texts returns all that the event says, but binary data.
func (e *Event) Texts() []string {
	all := e.strings()
	for _, d := range e.Data {
		all = append(all, string(d.Value))
	}
	return all
}

// A Text is a text in YAML; a line break in a literal block (|) stands for
// CR LF, which is what Windows programs write. In quotes \r\n is to be written.
type Text string

// UnmarshalYAML implements yaml.Unmarshaler.
func (t *Text) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: a text is expected", n.Line)
	}
	*t = Text(n.Value)
	if n.Style&yaml.LiteralStyle != 0 {
		*t = Text(strings.ReplaceAll(n.Value, "\n", "\r\n"))
	}
	return nil
}

// Names returns the names of the logs that have a specification in dir, in order.
func Names(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".yaml")
		if name != damagedFile && !strings.HasPrefix(name, noisePrefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no specification of a log", dir)
	}
	return names, nil
}

// Load returns the specification of that name in dir, with its noise.
func Load(dir, name string) (*Spec, error) {
	spec := &Spec{FirstRecordID: 1}
	if err := decode(dir, name, spec); err != nil {
		return nil, err
	}
	if spec.Noise != nil {
		noise, err := spec.Noise.events(dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		spec.Events = append(spec.Events, noise...)
		slices.SortStableFunc(spec.Events, func(a, b Event) int { return a.Time.Compare(b.Time) })
	}
	for i := range spec.Events {
		if err := spec.Events[i].complete(spec); err != nil {
			return nil, fmt.Errorf("%s: event of %s: %w", name, spec.Events[i].Time.Format(time.RFC3339Nano), err)
		}
	}
	return spec, nil
}

// complete fills in where the event comes from, and checks that the event is whole.
func (e *Event) complete(s *Spec) error {
	o := s.Origin
	if e.From != "" {
		var ok bool
		if o, ok = s.Origins[e.From]; !ok {
			return fmt.Errorf("no origin %q", e.From)
		}
	}
	for _, f := range []struct {
		to   *string
		from string
	}{{&e.Provider, o.Provider}, {&e.Channel, o.Channel}, {&e.Computer, o.Computer}} {
		if *f.to == "" {
			*f.to = f.from
		}
		if *f.to == "" {
			return errors.New("provider, channel or computer is missing")
		}
	}
	given := 0
	for _, is := range []bool{e.Text != nil, e.Strings != nil, e.Data != nil} {
		if is {
			given++
		}
	}
	switch {
	case e.Time.IsZero() || e.Level == 0:
		return errors.New("time or level is missing")
	case given > 1:
		return errors.New("more than one of text, strings and data")
	}
	return nil
}

// decode reads the YAML file of that name; an unknown key is an error.
func decode(dir, name string, to any) error {
	b, err := os.ReadFile(filepath.Join(dir, name+".yaml"))
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(to); err != nil && err != io.EOF {
		return fmt.Errorf("%s.yaml: %w", name, err)
	}
	return nil
}
