package archive

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"html"
	"io"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/internal/safezip"
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
// ErrNotBundle or safezip.ErrNotZip, or the archive is too damaged to have a
// list of entries. Memory does not grow with the content.
func Verify(ctx context.Context, r io.ReaderAt, size int64) (*Verdict, error) {
	src := &source{ctx: ctx, r: r}
	zip, err := safezip.Open(src, size)
	if err != nil {
		return nil, err
	}
	manifest := findFile(zip, ManifestName)
	if manifest == nil {
		return nil, ErrNotBundle
	}
	c := &check{verdict: new(Verdict), listed: map[string]*Entry{}}
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

// A check is a verdict in the making.
type check struct {
	verdict *Verdict
	more    int // problems beyond those kept

	listed   map[string]*Entry // what the manifest lists; those found are set to nil
	manifest []string          // problems of the manifest, for its turn in the zip
}

// problem adds a line about an entry.
func (c *check) problem(name, format string, args ...any) {
	c.line(safezip.Printable(name) + ": " + fmt.Sprintf(format, args...))
}

func (c *check) line(text string) {
	if len(c.verdict.Problems) >= maxProblems {
		c.more++
		return
	}
	c.verdict.Problems = append(c.verdict.Problems, oneLine(text))
}

func (c *check) finish() {
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
func (c *check) zip(zip *safezip.Archive, src *source) {
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
func (c *check) readManifest(f *safezip.File) {
	m, err := loadManifest(f)
	if err != nil {
		if f.Refused() == "" { // otherwise it is said already
			c.manifest = append(c.manifest, err.Error())
		}
		return
	}
	c.verdict.Manifest = m
	fail := func(format string, args ...any) { c.manifest = append(c.manifest, fmt.Sprintf(format, args...)) }
	if !isUUID(m.ReportID) {
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

// isUUID takes the form with hyphens alone.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, r := range s {
		switch i {
		case 8, 13, 18, 23:
			if r != '-' {
				return false
			}
		default:
			if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
				return false
			}
		}
	}
	return true
}

// file checks an entry of the archive.
func (c *check) file(f *safezip.File) {
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
func (c *check) missing() {
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
func (c *check) content(f *safezip.File, e *Entry) {
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
		err = checkFindings(sum)
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

// log checks a log: the records against the manifest, and its bytes.
func (c *check) log(name string, r io.Reader, e *Entry) {
	slots := &slotCheck{index: -1, fail: func(format string, args ...any) { c.problem(name, format, args...) }}
	r = io.TeeReader(r, slots)
	log, err := evtx.NewStreamReader(r)
	if errors.Is(err, evtx.ErrNotEventLog) {
		c.problem(name, "%s", err)
	}
	if err != nil {
		return
	}
	found := logSummary{window: c.verdict.Manifest.Window.Requested}
	for rec, err := range log.Records() {
		var damage *evtx.FormatError
		switch {
		case err == nil:
			found.add(rec)
		case errors.As(err, &damage):
			c.problem(name, "%s", damage)
		default:
			return // summed has it
		}
	}
	slots.finish()
	c.verdict.Records += found.records
	found.compare(e, func(format string, args ...any) { c.problem(name, format, args...) })
}

// A logSummary is what the manifest says of a log.
type logSummary struct {
	window      Span
	records     int
	channel     string
	first, last time.Time
	outside     int // records outside of the window
	outsideID   uint64
	outsideTime time.Time // of the first of them
}

func (s *logSummary) add(rec *evtx.Record) {
	t := rec.TimeCreated()
	if s.records == 0 {
		s.channel = rec.Channel()
	}
	s.records++
	if w := s.window; w.From != nil && t.Before(*w.From) || w.To != nil && t.After(*w.To) {
		if s.outside == 0 {
			s.outsideID, s.outsideTime = rec.EventRecordID(), t
		}
		s.outside++
	}
	if t.IsZero() {
		return
	}
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if t.After(s.last) {
		s.last = t
	}
}

func (s *logSummary) compare(e *Entry, fail func(format string, args ...any)) {
	if s.records != e.Records {
		fail("has %d records, and the manifest says %d", s.records, e.Records)
	}
	if s.channel != e.Channel {
		fail("has the channel %s, and the manifest says %s", safezip.Printable(s.channel), safezip.Printable(e.Channel))
	}
	if !sameTime(s.first, e.First) {
		fail("begins at %s, and the manifest says %s", timeText(&s.first), timeText(e.First))
	}
	if !sameTime(s.last, e.Last) {
		fail("ends at %s, and the manifest says %s", timeText(&s.last), timeText(e.Last))
	}
	if s.outside > 0 {
		fail("records outside of the window: %d, the first is record %d of %s", s.outside, s.outsideID, timeText(&s.outsideTime))
	}
}

// sameTime compares a time, zero for none, with one of the manifest.
func sameTime(t time.Time, m *time.Time) bool {
	if t.IsZero() || m == nil {
		return t.IsZero() && m == nil
	}
	return t.Equal(*m)
}

func timeText(t *time.Time) string {
	if t == nil || t.IsZero() {
		return "no time"
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Sizes and offsets of a log, as in package evtx, which does not look at what
// lies outside of records.
const (
	logHeaderSize   = 4096
	chunkSize       = 65536
	chunkHeaderSize = 512
	recordMinSize   = 28
)

// A slotCheck is written a log, and finds bytes in it that no reader shows:
// our writer leaves zeros wherever there is no record.
type slotCheck struct {
	fail    func(format string, args ...any)
	buf     [chunkSize]byte
	n       int // bytes in buf
	index   int // of the chunk in buf; -1 for the file header
	counted uint16
}

func (s *slotCheck) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		size := chunkSize
		if s.index < 0 {
			size = logHeaderSize
		}
		n := copy(s.buf[s.n:size], p)
		s.n, p = s.n+n, p[n:]
		if s.n < size {
			break
		}
		if s.index < 0 {
			s.header(s.buf[:size])
		} else {
			s.chunk(&s.buf)
		}
		s.index++
		s.n = 0
	}
	return written, nil
}

// finish is called behind the last byte.
func (s *slotCheck) finish() {
	if s.n > 0 {
		s.index++
	}
	if uint16(s.index) > s.counted { // fewer are damage, which the reader reports; the count wraps
		s.fail("has room for %d chunks, and its header counts %d", s.index, s.counted)
	}
}

func (s *slotCheck) header(b []byte) {
	s.counted = binary.LittleEndian.Uint16(b[42:])
	if !zeros(b[44:120]) || !zeros(b[128:]) {
		s.fail("file header: holds data in its reserve")
	}
	if flags := binary.LittleEndian.Uint32(b[120:]); flags != 0 {
		s.fail("file header: flags are 0x%x: it was not closed, or has no checksums", flags)
	}
}

func (s *slotCheck) chunk(b *[chunkSize]byte) {
	free := int(binary.LittleEndian.Uint32(b[48:]))
	if string(b[:8]) != "ElfChnk\x00" || free < chunkHeaderSize || free > chunkSize {
		return // the reader says so, or finish does
	}
	if !zeros(b[56:120]) {
		s.fail("chunk %d: holds data in its header's reserve", s.index)
	}
	if binary.LittleEndian.Uint32(b[120:])&4 != 0 {
		s.fail("chunk %d: has no checksums", s.index)
	}
	if end := recordsEnd(b[:free]); end != free {
		s.fail("chunk %d: holds %d bytes behind its records that are none", s.index, free-end)
	}
	if !zeros(b[free:]) {
		s.fail("chunk %d: holds data in its unused space", s.index)
	}
}

// recordsEnd walks through the records of a chunk, one right behind the other.
func recordsEnd(b []byte) int {
	pos := chunkHeaderSize
	for len(b)-pos >= recordMinSize && string(b[pos:pos+4]) == "**\x00\x00" {
		size := int64(binary.LittleEndian.Uint32(b[pos+4:]))
		if size < recordMinSize || size > int64(len(b)-pos) {
			break
		}
		pos += int(size)
	}
	return pos
}

func zeros(b []byte) bool { return len(bytes.TrimLeft(b, "\x00")) == 0 }

const (
	findingsSchema = "gwlogs.findings/1"
	maxFindings    = 64 << 20 // bytes
	maxDepth       = 100      // of findings
)

// checkFindings reads JSON token by token and looks for its schema.
func checkFindings(r io.Reader) error {
	limited := &io.LimitedReader{R: r, N: maxFindings + 1}
	schema, err := readSchema(json.NewDecoder(limited))
	switch {
	case limited.N <= 0:
		return fmt.Errorf("is larger than %d MiB", maxFindings>>20)
	case err != nil:
		return fmt.Errorf("is no JSON: %w", err)
	case schema != findingsSchema:
		return fmt.Errorf("has the schema %s, and this program knows %s", safezip.Printable(schema), findingsSchema)
	}
	return nil
}

// readSchema reads the whole of a JSON object and returns its member schema,
// the last of that name.
func readSchema(dec *json.Decoder) (schema string, err error) {
	depth, name, isName := 0, "", false // isName: in the outer object, a name is next
	for {
		t, err := dec.Token()
		if err == io.EOF || err == nil && depth == 0 && t != json.Delim('{') {
			return "", errors.New("it is no whole object")
		}
		if err != nil {
			return "", err
		}
		text, isText := t.(string)
		switch {
		case t == json.Delim('{') || t == json.Delim('['):
			depth++
		case t == json.Delim('}') || t == json.Delim(']'):
			depth--
		case depth == 1 && isName:
			name, isName = text, false
			continue
		case depth == 1 && name == "schema" && isText:
			schema = text
		}
		isName = depth == 1
		switch {
		case depth > maxDepth:
			return "", fmt.Errorf("it is nested more than %d deep", maxDepth)
		case depth == 0:
			return schema, atEnd(dec)
		}
	}
}

// atEnd makes sure that nothing follows.
func atEnd(dec *json.Decoder) error {
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("it does not end with the object")
	}
	return nil
}

const maxTag = 8192 // bytes of a meta element

// errNoPolicy is what a page without protection gets.
var errNoPolicy = errors.New("does not forbid the browser to load anything: it has no Content-Security-Policy in front of all else")

// checkPage reads a page and makes sure that a browser that shows it loads
// nothing: its first element has to be a policy that says so, for a browser
// honours it from there on. What a policy does not prevent must not be there.
func checkPage(r io.Reader) error {
	b := bufio.NewReaderSize(r, maxTag)
	for protected := false; ; {
		text, err := b.ReadSlice('<')
		if err == bufio.ErrBufferFull {
			err = nil
		}
		if !protected && len(bytes.TrimSpace(bytes.TrimSuffix(text, []byte("<")))) > 0 {
			return errNoPolicy
		}
		switch {
		case err == io.EOF && !protected:
			return errNoPolicy
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case len(text) == 0 || text[len(text)-1] != '<':
			continue
		}
		if protected, err = checkElement(b, protected); err != nil {
			return err
		}
	}
}

// checkElement looks at the element behind a '<', and reports whether the page
// is protected by now.
func checkElement(b *bufio.Reader, protected bool) (bool, error) {
	start, _ := b.Peek(maxTag)
	name := strings.ToLower(string(elementName.Find(start)))
	switch name {
	case "!doctype", "html", "head":
		if !protected && !plainStart(name, start[len(name):]) {
			return false, errNoPolicy
		}
		b.Discard(bytes.IndexByte(start, '>') + 1)
		return protected, nil
	case "meta":
		attrs, ok := attributes(start[len(name):])
		if !ok {
			return protected, errors.New("has a meta element that cannot be read")
		}
		equiv, isEquiv := attrs["http-equiv"]
		if isEquiv && !(strings.EqualFold(equiv, "Content-Security-Policy") && forbids(attrs["content"])) {
			return protected, errors.New("has a meta element that it should not have: http-equiv " + safezip.Printable(equiv))
		}
		if charset, ok := attrs["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
			return protected, errors.New("has a meta element that it should not have: charset " + safezip.Printable(charset))
		}
		b.Discard(bytes.IndexByte(start, '>') + 1)
		return protected || isEquiv, nil
	case "base", "form", "iframe", "frame", "object", "embed", "applet", "link":
		return protected, fmt.Errorf("has an element that it should not have: %s", name)
	}
	if !protected {
		return protected, errNoPolicy
	}
	return protected, nil
}

// plainStart reports whether an element in front of the policy does nothing
// itself: a style could load an image before the policy is known.
func plainStart(name string, rest []byte) bool {
	if name == "!doctype" {
		return len(rest) > 5 && strings.EqualFold(string(rest[:6]), " html>")
	}
	attrs, ok := attributes(rest)
	for a := range attrs {
		ok = ok && (a == "lang" || a == "dir")
	}
	return ok
}

var (
	elementName = regexp.MustCompile(`^!?[A-Za-z][A-Za-z0-9-]*`)
	attribute   = regexp.MustCompile(`^\s+([A-Za-z][A-Za-z0-9-]*)\s*=\s*("[^"<>]*"|'[^'<>]*'|[A-Za-z0-9_-]+)`)
)

// attributes reads the attributes of an element up to its '>'. It takes no
// form that two browsers could read in two ways.
func attributes(b []byte) (map[string]string, bool) {
	i := bytes.IndexByte(b, '>')
	if i < 0 {
		return nil, false
	}
	b = bytes.TrimSuffix(b[:i], []byte("/"))
	attrs := map[string]string{}
	for len(bytes.TrimSpace(b)) > 0 {
		m := attribute.FindSubmatch(b)
		if m == nil {
			return nil, false
		}
		name := strings.ToLower(string(m[1]))
		if _, twice := attrs[name]; twice {
			return nil, false
		}
		value := m[2]
		if value[0] == '"' || value[0] == '\'' {
			value = value[1 : len(value)-1]
		}
		attrs[name] = html.UnescapeString(string(value))
		b = b[len(m[0]):]
	}
	return attrs, true
}

// forbids reports whether a Content-Security-Policy lets nothing be loaded.
func forbids(policy string) bool {
	none := false
	for directive := range strings.SplitSeq(policy, ";") {
		words := strings.Fields(directive)
		if len(words) == 0 {
			continue
		}
		if strings.EqualFold(words[0], "default-src") {
			if none = len(words) == 2 && words[1] == "'none'"; !none {
				return false
			}
		}
		for _, source := range words[1:] {
			if !inside(source) {
				return false
			}
		}
	}
	return none
}

// inside reports whether a source of a policy is the page itself.
func inside(source string) bool {
	return source == "'none'" || source == "'unsafe-inline'" || source == "data:" || strings.HasPrefix(source, "'sha256-")
}
