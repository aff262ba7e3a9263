package report

import (
	"fmt"
	"io"

	"github.com/gwlogs/gwlogs/internal/eventtext"
	"github.com/gwlogs/gwlogs/matcher"
)

// A Diagnosis is an analysis as it is shown.
type Diagnosis struct {
	Tool, Version string
	Lang          string // of the texts about problems: "en" or "fr"
	*matcher.Analysis

	Bundle string // report ID of the bundle that all logs are from; empty if they are not from one

	Suggestion string // the command that tries whether a problem of the network is there still; empty for none

	AllSources bool // each log has a line of its own, however many there are

	// AboutText says that a text was asked about, and not what is in logs. Clues are what of it one can search for, where no
	// known problem explains it.
	AboutText bool
	Clues     []eventtext.Clue
}

// diagnosisFormats are the formats of a diagnosis, in the order in which they are shown.
func diagnosisFormats() []diagnosisFormat {
	return []diagnosisFormat{
		{Text, func(s Style, d *Diagnosis) ([]byte, error) { return newDiagnosisText(s, d.Lang).append(d), nil }},
		{JSON, diagnosisJSON},
		{Rows, diagnosisRows},
		{Parquet, diagnosisParquet},
		{Timesketch, diagnosisTimesketch},
	}
}

type diagnosisFormat struct {
	format Format
	render func(Style, *Diagnosis) ([]byte, error)
}

// DiagnosisFormats lists the formats of a diagnosis.
func DiagnosisFormats() []Format {
	var all []Format
	for _, f := range diagnosisFormats() {
		all = append(all, f.format)
	}
	return all
}

// WriteDiagnosis writes a diagnosis, in one of DiagnosisFormats.
func WriteDiagnosis(w io.Writer, format Format, s Style, d *Diagnosis) error {
	for _, f := range diagnosisFormats() {
		if f.format != format {
			continue
		}
		out, err := f.render(s, d)
		if err == nil {
			_, err = w.Write(out)
		}
		return err
	}
	return fmt.Errorf("a diagnosis has no format %q", string(format))
}
