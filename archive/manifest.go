package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gwlogs/gwlogs/matcher"
)

// Schema names the shape of the manifest; a change that could break a reader
// changes its number.
const Schema = "gwlogs.bundle/1"

// The names of a bundle's own entries. Logs are in LogFolder, further files
// in FileFolder.
const (
	ManifestName = "manifest.json"
	ReadmeName   = "README.txt"
	FindingsName = "findings.json"
	PageName     = "report.html"
	LogFolder    = "logs/"
	FileFolder   = "files/"
)

// A Manifest says what is in a bundle. Times are UTC, RFC 3339; keys are
// always there, null for what is not known.
type Manifest struct {
	Schema   string    `json:"schema"`
	ReportID string    `json:"report_id"`
	Created  time.Time `json:"created"` // the end of the window: a clock would make each bundle different
	Tool     Tool      `json:"tool"`
	Window   Window    `json:"window"`
	Entries  []Entry   `json:"entries"` // of everything but the manifest, in the order of the zip

	Redaction Redaction      `json:"redaction"`
	Failed    []FailedSource `json:"sources_failed"`
	LeftOut   []LeftOut      `json:"sources_left_out"`
}

// Tool is the program that made the bundle.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Window is the time that was asked for, and what of it the logs cover.
type Window struct {
	Requested Span `json:"requested"`
	Covered   Span `json:"covered"`
}

// Span is a time from its first to its last moment; nil for no limit.
type Span struct {
	From *time.Time `json:"from"`
	To   *time.Time `json:"to"`
}

// Entry is one file of the bundle. What concerns logs is zero for others.
type Entry struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // lower-case hex
	Source string `json:"source"` // name of the file or channel it was made from, redacted

	Channel   string     `json:"channel"`
	Records   int        `json:"records"`
	First     *time.Time `json:"first"`
	Last      *time.Time `json:"last"`
	Missing   uint64     `json:"missing_records"` // record numbers within the window that are not there
	Elsewhere uint64     `json:"duplicates"`      // records that an entry before has already, and left out here
	Part      bool       `json:"part"`            // the source has other events in the window, which tell of no gateway
	Damaged   int        `json:"damaged"`         // damaged places in the source
	Refused   int        `json:"refused"`         // records that could not be written
	LogStart  *time.Time `json:"log_start"`       // of the source, where it goes back beyond the window or not
	LogEnd    *time.Time `json:"log_end"`         // likewise
	Uncovered bool       `json:"uncovered"`       // the source begins after the window does
	Overrun   uint64     `json:"overwritten"`     // records before the source's first that it once held: it has wrapped
	CutBytes  int64      `json:"cut_bytes"`       // of a file: how much of its beginning was left out

	// Integrity is what the source shows of events that were in it once, or should be: see evtx.Integrity. Users are left
	// out. Null for what is no log.
	Integrity *matcher.Integrity `json:"integrity"`
}

// Redaction says what was taken out, and what could not be looked into.
type Redaction struct {
	Mode         string      `json:"mode"` // secrets, identities, none
	Rules        []RuleCount `json:"rules"`
	Suspects     []RuleCount `json:"suspects"` // what was left, and looks like a secret: random-word, name-and-value
	NotInspected []string    `json:"not_inspected"`
}

// RuleCount is how often a rule of redaction applied in an entry.
type RuleCount struct {
	Rule  string `json:"rule"`
	Entry string `json:"entry"`
	Count int    `json:"count"`
}

// FailedSource is a source that could not be read, or not to its end.
type FailedSource struct {
	Source string `json:"source"`
	Error  string `json:"error"`
}

// marshal writes the manifest with every key, lists as [] where empty.
func (m *Manifest) marshal() ([]byte, error) {
	out := *m
	if out.Entries == nil {
		out.Entries = []Entry{}
	}
	if out.Redaction.Rules == nil {
		out.Redaction.Rules = []RuleCount{}
	}
	if out.Redaction.Suspects == nil {
		out.Redaction.Suspects = []RuleCount{}
	}
	if out.Redaction.NotInspected == nil {
		out.Redaction.NotInspected = []string{}
	}
	if out.Failed == nil {
		out.Failed = []FailedSource{}
	}
	if out.LeftOut == nil {
		out.LeftOut = []LeftOut{}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(&out)
	return b.Bytes(), err
}

const maxManifest = 16 << 20 // bytes

// readManifest reads a manifest of a schema that is known.
func readManifest(r io.Reader) (*Manifest, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxManifest+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxManifest {
		return nil, fmt.Errorf("is larger than %d MiB", maxManifest>>20)
	}
	m := new(Manifest)
	if err := json.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("is no manifest: %w", err)
	}
	switch m.Schema {
	case Schema:
		return m, nil
	case "":
		return nil, errors.New("is no manifest: it has no schema")
	}
	return nil, fmt.Errorf("has the schema %q, and this program knows %s", m.Schema, Schema)
}
