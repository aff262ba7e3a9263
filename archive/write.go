package archive

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"

	"filippo.io/age"
)

// write makes the bundle appear.
func (m *maker) write() (err error) {
	r := m.result
	r.Computer, r.Encrypted = m.builder.computer, len(m.o.Recipients) > 0
	if m.o.DryRun {
		r.Manifest, r.Bytes, err = m.builder.write(nil)
		return err
	}
	sum := &tally{w: m.o.Out, hash: sha256.New()}
	if r.Manifest, err = m.seal(sum); err != nil {
		return err
	}
	r.Bytes, r.SHA256 = sum.n, hex.EncodeToString(sum.hash.Sum(nil))
	if m.o.File == "" && m.file != nil {
		m.file.Rename(fileName(r))
	}
	return m.appear()
}

// appear gives the file its name, once it is remembered: that somebody remembers a bundle that did not appear does no harm, a
// bundle that nobody remembers does.
func (m *maker) appear() error {
	if m.file != nil {
		m.result.File = m.file.Name()
	}
	if m.redact.Tokens != nil {
		m.result.Tokens = m.redact.Tokens.Given()
	}
	if m.o.Remember != nil && !m.o.DryRun {
		if err := m.o.Remember(m.result); err != nil {
			return err
		}
	}
	if m.file == nil {
		return nil
	}
	return m.file.Commit()
}

// seal writes the bundle, encrypted if it is to be. What fails leaves the output without its last part, and it is thrown away.
func (m *maker) seal(w io.Writer) (*Manifest, error) {
	buffered := bufio.NewWriterSize(w, 256<<10)
	if len(m.o.Recipients) == 0 {
		manifest, _, err := m.builder.write(buffered)
		if err == nil {
			err = buffered.Flush()
		}
		return manifest, err
	}
	sealed, err := age.Encrypt(buffered, m.o.Recipients...)
	if err != nil {
		return nil, fmt.Errorf("cannot be encrypted: %w", err)
	}
	manifest, _, err := m.builder.write(sealed)
	if err == nil {
		err = sealed.Close()
	}
	if err == nil {
		err = buffered.Flush()
	}
	return manifest, err
}

// A tally sums up what is written.
type tally struct {
	w    io.Writer
	hash hash.Hash // nil for none
	n    int64
}

func (t *tally) Write(p []byte) (int, error) {
	n, err := t.w.Write(p)
	if t.hash != nil {
		t.hash.Write(p[:n])
	}
	t.n += int64(n)
	return n, err
}

// fileName is gwlogs-COMPUTER-20170504T180000Z-REPORTID.zip.
func fileName(r *Result) string {
	parts := []string{"gwlogs"}
	computer, _, _ := strings.Cut(r.Computer, ".")
	computer = strings.Map(func(c rune) rune {
		if c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			return c
		}
		return -1
	}, computer)
	if computer != "" {
		parts = append(parts, computer[:min(len(computer), 63)])
	}
	parts = append(parts, r.Manifest.Created.UTC().Format("20060102T150405Z"), r.Manifest.ReportID)
	if r.Manifest.Redaction.Mode == string(None) {
		parts = append(parts, "unredacted")
	}
	name := strings.Join(parts, "-") + ".zip"
	if r.Encrypted {
		name += ".age"
	}
	return name
}
