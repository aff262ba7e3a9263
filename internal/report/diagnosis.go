package report

import (
	"io"
	"time"

	"github.com/gwlogs/gwlogs/matcher"
)

// A Diagnosis is findings and what they rest on.
type Diagnosis struct {
	Tool, Version string
	Lang          string // of the texts about problems: "en" or "fr"
	From, To      time.Time
	Asked         time.Time // what the window was asked to begin with, if it was
	Sources       []Source
	Findings      *matcher.Findings
}

// A Source is a log that was looked at.
type Source struct {
	Name        string
	Channel     string // of its first event that was looked at
	Records     int
	Selected    int
	Damaged     int // places
	First, Last time.Time
	LowestID    uint64
	HighestID   uint64
	Failed      bool // it could not be read, or not to its end
}

// Missing is how many records are not there, by their numbers.
func (s *Source) Missing() uint64 {
	if s.LowestID == 0 || s.HighestID-s.LowestID < uint64(s.Records) {
		return 0
	}
	return s.HighestID - s.LowestID + 1 - uint64(s.Records)
}

// DiagnosisFormats lists the formats of a diagnosis.
func DiagnosisFormats() []Format { return []Format{Text, JSON} }

// WriteDiagnosis writes a diagnosis.
func WriteDiagnosis(w io.Writer, f Format, s Style, d *Diagnosis) error {
	var out []byte
	if f == JSON {
		var err error
		if out, err = diagnosisJSON(d); err != nil {
			return err
		}
		if s.Terminal {
			out = escapeLines(nil, out, appendJSONEscape)
		}
	} else {
		out = newDiagnosisText(s, d.Lang).append(d)
	}
	_, err := w.Write(out)
	return err
}
