package upload

import (
	"strings"
	"time"
)

// The names of metadata of a blob; Azure takes letters, digits and underscores.
const (
	metaReportID = "report_id"
	metaSHA256   = "sha256"
	metaFrom     = "window_from"
	metaTo       = "window_to"
	metaTool     = "tool"
)

func (b *Bundle) metadata() map[string]*string {
	m := map[string]*string{metaReportID: &b.ReportID, metaSHA256: &b.SHA256}
	if tool := asciiOnly(b.Tool); tool != "" {
		m[metaTool] = &tool
	}
	for name, at := range map[string]*time.Time{metaFrom: b.From, metaTo: b.To} {
		if at != nil {
			m[name] = new(at.UTC().Format(time.RFC3339Nano))
		}
	}
	return m
}

func asciiOnly(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, text)
}

// describe fills in what the metadata say. Names come in any case.
func (s *Stored) describe(metadata map[string]*string) {
	for name, value := range metadata {
		if value == nil {
			continue
		}
		switch strings.ToLower(name) {
		case metaReportID:
			s.ReportID = *value
		case metaSHA256:
			s.SHA256 = *value
		case metaTool:
			s.Tool = *value
		case metaFrom:
			s.From = metaTime(*value)
		case metaTo:
			s.To = metaTime(*value)
		}
	}
}

func metaTime(text string) *time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil
	}
	return &at
}
