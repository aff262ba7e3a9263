package cli

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/archive"
	"github.com/gwlogs/gwlogs/internal/redact"
	"github.com/gwlogs/gwlogs/internal/report"
	"github.com/gwlogs/gwlogs/internal/state"
	"github.com/gwlogs/gwlogs/internal/words"
)

// write makes the bundle appear, and says what it is.
func (r *archiving) write() error {
	if r.o.dryRun {
		m, size, err := r.builder.Write(nil)
		if err != nil {
			return r.tooLarge(err)
		}
		return r.say(m, "", size, "")
	}
	sums := &summing{w: r.out, hash: sha256.New()}
	m, err := r.writeBundle(sums)
	if err != nil {
		return r.tooLarge(err)
	}
	if r.output == "" {
		r.out.file.Rename(r.fileName(m))
	}
	file := r.out.file.Name()
	// First the journal: an entry for a bundle that did not appear does no
	// harm, a bundle whose report ID nobody remembers does.
	sum := hex.EncodeToString(sums.hash.Sum(nil))
	if err := r.remember(m, file, sums.size, sum); err != nil {
		r.s.console.fail(stateError("the report ID cannot be remembered", err))
		r.s.failed++
	}
	if err := r.out.commit(); err != nil {
		return err
	}
	r.noteEvent(m.ReportID)
	return r.say(m, file, sums.size, sum)
}

// writeBundle writes the bundle, encrypted if it is to be. What fails leaves
// the output without its last part, and it is thrown away.
func (r *archiving) writeBundle(w io.Writer) (*archive.Manifest, error) {
	buffered := bufio.NewWriterSize(w, 256<<10)
	if len(r.o.recipients) == 0 {
		m, _, err := r.builder.Write(buffered)
		if err == nil {
			err = buffered.Flush()
		}
		return m, err
	}
	sealed, err := age.Encrypt(buffered, r.o.recipients...)
	if err != nil {
		return nil, fmt.Errorf("cannot be encrypted: %w", err)
	}
	m, _, err := r.builder.Write(sealed)
	if err == nil {
		err = sealed.Close()
	}
	if err == nil {
		err = buffered.Flush()
	}
	return m, err
}

// summing sums up what is written.
type summing struct {
	w    io.Writer
	hash hash.Hash
	size int64
}

func (s *summing) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.hash.Write(p[:n])
	s.size += int64(n)
	return n, err
}

// tooLarge names the next step for a bundle that is larger than --max-size.
func (r *archiving) tooLarge(err error) error {
	var size *archive.SizeError
	if !errors.As(err, &size) {
		return err
	}
	hint := "leave out --max-size, or choose fewer events: --level critical,error,warning"
	if from := r.s.selection.Since; !from.IsZero() && !r.created.IsZero() {
		days := r.created.Sub(from).Hours() / 24 * float64(size.Max) / float64(size.Size)
		switch {
		case days >= 1:
			hint = fmt.Sprintf("choose a shorter time: --since %dd", int(days))
		case days*24 >= 1:
			hint = fmt.Sprintf("choose a shorter time: --since %dh", int(days*24))
		}
	}
	return &hintedError{fmt.Errorf("--max-size: the bundle would have %s, and %s are allowed: nothing was written",
		words.Bytes(float64(size.Size)), words.Bytes(float64(size.Max))), hint}
}

// fileName is gwlogs-COMPUTER-20170504T180000Z-REPORTID.zip.
func (r *archiving) fileName(m *archive.Manifest) string {
	parts := []string{"gwlogs"}
	computer, _, _ := strings.Cut(r.builder.Computer(), ".")
	computer = strings.Map(func(c rune) rune {
		if c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			return c
		}
		return -1
	}, computer)
	if computer != "" {
		parts = append(parts, computer[:min(len(computer), 63)])
	}
	parts = append(parts, m.Created.UTC().Format("20060102T150405Z"), m.ReportID)
	if r.o.mode == redact.None {
		parts = append(parts, "unredacted")
	}
	name := strings.Join(parts, "-") + ".zip"
	if len(r.o.recipients) > 0 {
		name += ".age"
	}
	return name
}

func (r *archiving) remember(m *archive.Manifest, file string, size int64, sum string) error {
	if full, err := filepath.Abs(file); err == nil {
		file = full
	}
	return r.folder.Remember(state.Bundle{
		ReportID: m.ReportID, Time: r.s.ios.Now().UTC().Truncate(time.Second), File: file, Bytes: size, SHA256: sum, Computer: r.builder.Computer(),
		From: m.Window.Requested.From, To: m.Window.Requested.To, Redaction: m.Redaction.Mode, Encrypted: len(r.o.recipients) > 0,
	})
}

// archived is what archive says as JSON.
type archived struct {
	ReportID  string            `json:"report_id"`
	File      *string           `json:"file"` // null for --dry-run
	Bytes     int64             `json:"bytes"`
	SHA256    *string           `json:"sha256"`
	Encrypted bool              `json:"encrypted"`
	Manifest  *archive.Manifest `json:"manifest"`
}

// say tells what is in the bundle and what to do with it; the report ID comes last.
func (r *archiving) say(m *archive.Manifest, file string, size int64, sum string) error {
	if r.o.made != nil {
		return r.o.made(m, file, size, sum)
	}
	if r.s.options.format == report.JSON {
		out := archived{ReportID: m.ReportID, Bytes: size, Encrypted: len(r.o.recipients) > 0, Manifest: m}
		if file != "" {
			out.File, out.SHA256 = &file, &sum
		}
		text, err := jsonText(out)
		if err != nil {
			return err
		}
		return r.print(text)
	}
	if r.o.mode == redact.None {
		r.s.console.note("nothing was redacted: there may be passwords and keys in the bundle")
	}
	if r.s.options.quiet {
		return r.print(m.ReportID + "\n")
	}
	r.s.coverage().sayUncovered()
	if r.s.totals.Visited == 0 {
		r.s.coverage().sayNothingFound("events")
	}
	return r.print(bundleText(m, file, size) + m.ReportID + "\n")
}

func (r *archiving) print(text string) error {
	_, err := io.WriteString(r.s.out, text)
	return err
}

// bundleText says what a bundle holds, for people.
func bundleText(m *archive.Manifest, file string, size int64) string {
	var b strings.Builder
	if file == "" {
		fmt.Fprintf(&b, "would write %s:\n", words.Bytes(float64(size)))
	} else {
		fmt.Fprintf(&b, "%s (%s):\n", report.Visible(file), words.Bytes(float64(size)))
	}
	width := len(archive.ManifestName)
	for _, e := range m.Entries {
		width = max(width, len([]rune(e.Path)))
	}
	for _, e := range m.Entries {
		line := fmt.Sprintf("  %-*s  %10s", width, report.Visible(e.Path), words.Bytes(float64(e.Bytes)))
		if strings.HasPrefix(e.Path, archive.LogFolder) {
			line += "  " + logText(&e)
		}
		if e.CutBytes > 0 {
			line += fmt.Sprintf("  without its first %s", words.Bytes(float64(e.CutBytes)))
		}
		b.WriteString(line + "\n")
	}
	fmt.Fprintf(&b, "  %-*s\n", width, archive.ManifestName)
	b.WriteString(redactionText(m))
	for _, u := range m.Redaction.NotInspected {
		fmt.Fprintf(&b, "not looked into: %s\n", report.Visible(u))
	}
	if file == "" {
		b.WriteString("nothing was written; the report ID would be:\n")
		return b.String()
	}
	b.WriteString("send this file to support together with its report ID:\n")
	return b.String()
}

func logText(e *archive.Entry) string {
	text := words.Thousands(uint64(e.Records)) + " events"
	if e.Records == 1 {
		text = "1 event"
	}
	if e.First != nil && e.Last != nil {
		text += fmt.Sprintf(", %s to %s", shownTime(*e.First), shownTime(*e.Last))
	}
	if e.Records == 0 && e.LogEnd != nil {
		text += fmt.Sprintf(": outside of the time asked for; the log goes from %s to %s", shownTime(*e.LogStart), shownTime(*e.LogEnd))
	}
	if e.Uncovered {
		text += "; the log begins later than asked for"
	}
	if e.Missing > 0 {
		text += fmt.Sprintf("; %s missing", words.Thousands(e.Missing))
	}
	return text
}

// redactionText says what was taken out.
func redactionText(m *archive.Manifest) string {
	if m.Redaction.Mode == string(redact.None) {
		return "redacted: nothing\n"
	}
	var parts []string
	for _, t := range m.Totals() {
		parts = append(parts, fmt.Sprintf("%s %s", words.Thousands(uint64(t.Count)), t.Rule))
	}
	if len(parts) == 0 {
		return "redacted (" + m.Redaction.Mode + "): nothing was found that had to be\n"
	}
	return "redacted (" + m.Redaction.Mode + "): " + strings.Join(parts, ", ") + "\n"
}
