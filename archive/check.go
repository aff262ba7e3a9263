package archive

import (
	"io"

	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/redact"
)

// CheckName is the entry with what gwlogs check found on the machine of the gateway, in bundles that have it.
const CheckName = "check.json"

// A CheckError is something wrong with Options.Check.
type CheckError struct{ Err error }

func (e *CheckError) Error() string { return "the result of the check: " + e.Err.Error() }
func (e *CheckError) Unwrap() error { return e.Err }

// openCheck reads the result of a check, that which was given or that of the bundle which is made anew.
func (m *maker) openCheck() (err error) {
	data := m.o.Check
	if data == nil && m.o.Bundle != nil && m.o.Bundle.files[CheckName] != nil {
		if data, err = m.o.Bundle.checkEntry(); err != nil {
			return err
		}
	}
	if data == nil {
		return nil
	}
	if m.checked, err = check.Decode(data); err != nil {
		err = &CheckError{err}
	}
	return err
}

func (b *Bundle) checkEntry() ([]byte, error) {
	in, err := b.Entry(CheckName)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, check.MaxEncoded+1))
}

// learnCheck learns the names of machines that a check has met.
func (m *maker) learnCheck(r *redact.Redactor, all *redact.Names) {
	if m.checked != nil {
		r.LearnText(all, m.checked.Named(), false)
	}
}

// check takes the result of a check, redacted, with its sentences in the language of the bundle.
func (b *builder) check(r *check.Report) error {
	b.redactor.TakeCounts()
	b.redactor.TakeSuspects()
	b.checked = r.Map(b.redactor.Text)
	b.rules = append(b.rules, ruleCounts(CheckName, b.redactor.TakeCounts())...)
	b.suspects = append(b.suspects, ruleCounts(CheckName, b.redactor.TakeSuspects())...)
	var err error
	b.checkJSON, err = check.Encode(b.checked, b.lang)
	return err
}
