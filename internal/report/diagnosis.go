package report

import (
	"io"

	"github.com/gwlogs/gwlogs/internal/eventtext"
	"github.com/gwlogs/gwlogs/matcher"
)

// A Diagnosis is an analysis as it is shown.
type Diagnosis struct {
	Tool, Version string
	Lang          string // of the texts about problems: "en" or "fr"
	*matcher.Analysis

	// AboutText says that a text was asked about, and not what is in logs. Clues are what of it one can search for, where no
	// known problem explains it.
	AboutText bool
	Clues     []eventtext.Clue
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
