package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/gwlogs/gwlogs/matcher"
)

// SignatureFormats lists the formats of a list of signatures.
func SignatureFormats() []Format { return []Format{Table, JSON} }

// WriteSignatures writes a list of signatures in the order given.
func WriteSignatures(w io.Writer, f Format, s Style, signatures []*matcher.Signature, lang string) error {
	if f == JSON {
		return writeSignaturesJSON(w, s, signatures, lang)
	}
	t := newDiagnosisText(s, lang)
	name := 0
	for _, s := range signatures {
		name = max(name, len(s.Name))
	}
	name = min(name, 48)
	for _, s := range signatures {
		head := t.severity(s.Rule.Level) + "  " + pad(Visible(s.Name), name, false) + "  "
		t.cut(head, severityWidth+2+max(name, len(s.Name))+2, s.In(lang).Title)
	}
	_, err := w.Write(t.out)
	return err
}

type jsonSignature struct {
	Name       string   `json:"name"`
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	Severity   string   `json:"severity"`
	Tags       []string `json:"tags"`
	Cause      string   `json:"cause"`
	Resolution []string `json:"resolution"`
	References []string `json:"references"`
}

func writeSignaturesJSON(w io.Writer, style Style, signatures []*matcher.Signature, lang string) error {
	out := make([]jsonSignature, len(signatures))
	for i, s := range signatures {
		text := s.In(lang)
		out[i] = jsonSignature{
			s.Name, s.Rule.ID, text.Title, s.Rule.Level.String(), list(s.Rule.Tags), text.Cause, list(text.Resolution), list(s.Rule.References),
		}
	}
	text, err := indentedJSON(style, out)
	if err == nil {
		_, err = w.Write(text)
	}
	return err
}

// WriteSignature writes what there is to know about a signature, for people.
func WriteSignature(w io.Writer, s Style, signature *matcher.Signature, lang string) error {
	t := newDiagnosisText(s, lang)
	rule, text := signature.Rule, signature.In(lang)
	t.line(0, text.Title)
	t.blank()
	t.wrap("   ", "   ", severityWord(t.words, rule.Level)+" · "+signature.Name)
	t.wrap("   ", "   ", rule.Description)
	t.meaning(text)
	t.blank()
	for _, reference := range rule.References {
		t.line(3, t.words.Say("diagnosis.more")+": "+reference)
	}
	if len(rule.Tags) > 0 {
		t.line(3, "tags: "+strings.Join(rule.Tags, ", "))
	}
	t.line(3, "id: "+rule.ID)
	t.line(3, "rule: "+rule.File+":"+strconv.Itoa(rule.Pos.Line))
	_, err := w.Write(t.out)
	return err
}
