package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"path"
	"strings"
	"unicode"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/internal/check"
	"github.com/gwlogs/gwlogs/internal/reportid"
	"github.com/gwlogs/gwlogs/internal/safezip"
	"github.com/gwlogs/gwlogs/internal/sealed"
)

// A Verdict is what Verify found.
type Verdict struct {
	Manifest *Manifest // nil if there is none that can be read
	Problems []string  // one line each, fit for a terminal, in the order of the zip; none: the bundle is as it was made
	Checked  int       // entries whose content was read
	Bytes    int64     // of their content
	Records  int       // of their logs
}

const (
	maxProblems = 1000
	maxLine     = 400 // characters of a problem
)

// Verify reads the whole bundle that r holds in size bytes and holds it
// against its manifest. What is wrong with the bundle is in the verdict; an
// error is of ctx or of r, or says that there is no bundle to verify: it wraps
// ErrNotBundle or ErrEncrypted, or the archive is too damaged to have a
// list of entries. Memory does not grow with the content.
func Verify(ctx context.Context, r io.ReaderAt, size int64, identities ...age.Identity) (*Verdict, error) {
	r, size, err := sealed.Open(r, size, identities)
	if err != nil {
		return nil, err
	}
	src := &source{ctx: ctx, r: r}
	zip, err := openZip(src, size)
	if err != nil {
		return nil, err
	}
	manifest := findFile(zip, ManifestName)
	if manifest == nil {
		return nil, ErrNotBundle
	}
	c := &verifier{verdict: new(Verdict), listed: map[string]*Entry{}}
	c.readManifest(manifest)
	c.zip(zip, src)
	if src.err != nil {
		return nil, src.err
	}
	c.missing()
	c.finish()
	return c.verdict, nil
}

// A source is the file of the bundle. It remembers its first error, which is
// no fault of the bundle, and ends reading when ctx does: a few KiB of it can
// be no more than a few MiB of content.
type source struct {
	ctx context.Context
	r   io.ReaderAt
	err error
}

func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.ReadAt(p, off)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// A verifier is a verdict in the making.
type verifier struct {
	verdict *Verdict
	more    int // problems beyond those kept

	listed   map[string]*Entry // what the manifest lists; those found are set to nil
	manifest []string          // problems of the manifest, for its turn in the zip
}

// problem adds a line about an entry.
func (c *verifier) problem(name, format string, args ...any) {
	c.line(safezip.Printable(name) + ": " + fmt.Sprintf(format, args...))
}

func (c *verifier) line(text string) {
	if len(c.verdict.Problems) >= maxProblems {
		c.more++
		return
	}
	c.verdict.Problems = append(c.verdict.Problems, oneLine(text))
}

func (c *verifier) finish() {
	if c.more > 0 {
		c.verdict.Problems = append(c.verdict.Problems, fmt.Sprintf("… and %d more", c.more))
	}
}

// oneLine is the last guard against names and values of strangers.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
	if runes := []rune(text); len(runes) > maxLine {
		return string(runes[:maxLine]) + "…"
	}
	return text
}

// zip goes through the archive, and stops where the source fails.
func (c *verifier) zip(zip *safezip.Archive, src *source) {
	problems := map[*safezip.File][]safezip.Problem{}
	for _, p := range zip.Problems() {
		problems[p.File] = append(problems[p.File], p)
	}
	for _, p := range problems[nil] {
		c.line(p.String())
	}
	for _, f := range zip.Files {
		for _, p := range problems[f] {
			c.line(p.String())
		}
		c.file(f)
		if src.err != nil {
			return
		}
	}
}

// readManifest keeps what is wrong with the manifest for its turn.
func (c *verifier) readManifest(f *safezip.File) {
	m, err := loadManifest(f)
	if err != nil {
		if f.Refused() == "" { // otherwise it is said already
			c.manifest = append(c.manifest, err.Error())
		}
		return
	}
	c.verdict.Manifest = m
	fail := func(format string, args ...any) { c.manifest = append(c.manifest, fmt.Sprintf(format, args...)) }
	if !reportid.Valid(m.ReportID) {
		fail("report ID is no UUID: %s", safezip.Printable(m.ReportID))
	}
	if m.Created.IsZero() {
		fail("does not say when the bundle was created")
	}
	if w := m.Window.Requested; w.From != nil && w.To != nil && w.From.After(*w.To) {
		fail("window ends before it begins")
	}
	for i := range m.Entries {
		e := &m.Entries[i]
		switch _, twice := c.listed[e.Path]; {
		case e.Path == ManifestName:
			fail("lists itself")
		case twice:
			fail("lists %s more than once", safezip.Printable(e.Path))
		default:
			c.listed[e.Path] = e
		}
	}
}

// file checks an entry of the archive.
func (c *verifier) file(f *safezip.File) {
	if f.Name == ManifestName {
		for _, text := range c.manifest {
			c.problem(f.Name, "%s", text)
		}
		c.manifest = nil // a second one has been reported by its name
		return
	}
	if c.verdict.Manifest == nil {
		return // nothing to hold it against
	}
	e, listed := c.listed[f.Name]
	c.listed[f.Name] = nil
	switch {
	case !listed:
		c.problem(f.Name, "is not in the manifest")
	case f.Refused() != "" || e == nil: // which has been said
	case f.Size != e.Bytes:
		c.problem(f.Name, "has %d bytes, and the manifest says %d", f.Size, e.Bytes)
	default:
		c.content(f, e)
	}
}

// missing reports what the manifest lists and the archive does not have.
func (c *verifier) missing() {
	if c.verdict.Manifest == nil {
		return
	}
	for _, e := range c.verdict.Manifest.Entries {
		if c.listed[e.Path] != nil {
			c.problem(e.Path, "is in the manifest, and not in the archive")
			c.listed[e.Path] = nil
		}
	}
}

// content reads an entry to its end.
func (c *verifier) content(f *safezip.File, e *Entry) {
	r, err := f.Open()
	if err != nil {
		c.problem(f.Name, "%s", err)
		return
	}
	defer r.Close()
	c.verdict.Checked++
	sum := &summed{r: r, sum: sha256.New()}
	switch ext := strings.ToLower(path.Ext(f.Name)); {
	case ext == ".evtx":
		c.log(f.Name, sum, e)
	case strings.HasPrefix(f.Name, LogFolder):
		c.problem(f.Name, "is no .evtx log")
	case f.Name == FindingsName:
		err = checkSchema(sum, findingsSchema)
	case f.Name == CheckName:
		err = checkSchema(sum, check.Schema)
	case f.Name == PageName:
		err = checkPage(sum)
	}
	io.Copy(io.Discard, sum)
	c.verdict.Bytes += sum.n
	switch {
	case sum.err != nil:
		c.problem(f.Name, "%s", sum.err)
	case hex.EncodeToString(sum.sum.Sum(nil)) != e.SHA256:
		c.problem(f.Name, "sha256 differs from the manifest's: the entry was changed or damaged")
	}
	if err != nil && sum.err == nil {
		c.problem(f.Name, "%s", err)
	}
}

// summed is content that is read, with its checksum. It remembers its error:
// whoever reads it may not.
type summed struct {
	r   io.Reader
	sum hash.Hash
	n   int64
	err error
}

func (s *summed) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.sum.Write(p[:n])
	s.n += int64(n)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
