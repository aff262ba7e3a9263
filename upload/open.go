package upload

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gwlogs/gwlogs/internal/reportid"
	"github.com/gwlogs/gwlogs/internal/words"
)

// Options say how to reach a destination. The zero value is good.
type Options struct {
	Agent string // name and version for the User-Agent: gwlogs/1.0.0
	Proxy Proxy
	CA    *x509.CertPool // who may vouch for the other side; nil for those of the system

	LimitRate int64         // bytes a second; 0 for no limit
	Stall     time.Duration // a connection on which next to nothing moves for so long is given up; 0 for a minute and a half
	Retry     Retry
	BlockSize int64 // where bundles go in blocks; 0 for 4 MiB
	Parallel  int   // blocks at once; 0 for 4

	// StateDir is a folder for how far uploads have come, so that one that was
	// interrupted goes on there; it is made when it is needed. Nothing in it is
	// secret. Empty: an interrupted upload begins anew.
	StateDir string
	Notify   func(e *Error) // is told what is tried again; may be called by several goroutines at once
}

// DefaultStall is how long nothing may move on a connection, unless Options.Stall says otherwise.
const DefaultStall = 90 * time.Second

func (o Options) withDefaults() Options {
	if o.Stall <= 0 {
		o.Stall = DefaultStall
	}
	o.Retry = o.Retry.withDefaults()
	return o
}

// Open returns the destination that a target names. Nothing is sent yet.
func Open(t *Target, o Options) Destination {
	o = o.withDefaults()
	return &checked{to: t.place.open(&t.hide, o), name: t.String(), listTime: listStalls * o.Stall}
}

// checked holds for every destination: nothing goes out that is no bundle, and
// nothing comes in without bounds, whatever the other side says.
type checked struct {
	to       Destination
	name     string
	listTime time.Duration
}

// listStalls is how long a list, or an answer that is read whole, may take to arrive, as a multiple of Options.Stall.
const listStalls = 10

// Send sends what can be a bundle.
func (c *checked) Send(ctx context.Context, b *Bundle, p *Progress) (*Sent, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	if over := ended(ctx); over != nil {
		return nil, over
	}
	if p == nil {
		p = new(Progress)
	}
	return c.to.Send(ctx, b, p)
}

// List does not wait for ever.
func (c *checked) List(ctx context.Context, reportID string) ([]Stored, error) {
	if reportID != "" && !reportid.Valid(reportID) {
		return nil, newError("a report ID is a UUID: 06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4", "%q is no report ID", words.Clip(reportID, 40))
	}
	if over := ended(ctx); over != nil {
		return nil, over
	}
	within, cancel := context.WithTimeoutCause(ctx, c.listTime,
		newError("name a report ID, or try again later", "%s: the list of bundles takes more than %s", c.name, lengthText(c.listTime)))
	defer cancel()
	all, err := c.to.List(within, strings.ToLower(reportID))
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(x, y Stored) int { return x.Time.Compare(y.Time) })
	return all, nil
}

// Fetch writes no more than was listed.
func (c *checked) Fetch(ctx context.Context, s *Stored, w io.WriterAt, p *Progress) (int64, error) {
	if over := ended(ctx); over != nil {
		return 0, over
	}
	limit := s.Size
	switch {
	case limit < 0:
		limit = MaxSize
	case limit > MaxSize:
		return 0, newError("have it sent again", "%s: %s is listed with %d bytes: no bundle is that large", c.name, s.Blob, s.Size)
	}
	if p == nil {
		p = new(Progress)
	}
	n, err := c.to.Fetch(ctx, s, &boundedWriter{w, limit, c.name}, p)
	if err == nil && s.Size >= 0 && n != s.Size {
		err = newError("get it again; if that does not help, have it sent again", "%s: %d bytes came, and %d were listed", c.name, n, s.Size)
	}
	return n, err
}

// boundedWriter takes what was announced and not a byte more.
type boundedWriter struct {
	w     io.WriterAt
	limit int64
	from  string
}

func (b *boundedWriter) WriteAt(p []byte, at int64) (int, error) {
	if at < 0 || int64(len(p)) > b.limit-at {
		return 0, newError("have it sent again, and tell whoever runs the destination",
			"%s: sends more than the %d bytes that it may", b.from, b.limit)
	}
	return b.w.WriteAt(p, at)
}

var sumForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// check refuses what cannot be a bundle: its names become paths and URLs.
func (b *Bundle) check() error {
	const hint = "gwlogs archive makes bundles that can be sent"
	switch {
	case !reportid.Valid(b.ReportID):
		return newError(hint, "the report ID of the bundle is no UUID")
	case !isFileName(b.Name):
		return newError("give the file another name", "the bundle cannot be sent under its name")
	case b.Data == nil, b.Size < 0, !sumForm.MatchString(b.SHA256):
		return newError(hint, "the bundle has no content, or no checksum")
	case b.Size > MaxSize:
		return newError("make the bundle smaller: --since 2d, --level critical,error",
			"the bundle has %d bytes: more than %d cannot be sent", b.Size, int64(MaxSize))
	}
	return nil
}

// isFileName reports whether a name is that of a file, without a folder, and not hidden.
func isFileName(name string) bool {
	return name != "" && len(name) <= 255 && name[0] != '.' && utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return r < ' ' || r == 0x7f || r == '/' || r == '\\'
	})
}

// maxListed is how many bundles a list may have.
const maxListed = 200_000

// listed gathers the bundles of a list.
type listed struct {
	reportID string // the only one that is wanted; empty for all
	all      []Stored
}

// add takes a bundle called ID/NAME, unless it is none or not wanted. Every
// text of it is cut to what it may have.
func (l *listed) add(id, name string, s Stored) error {
	if !reportid.Valid(id) || name == "" || strings.ContainsAny(name, `/\`) || l.reportID != "" && !strings.EqualFold(id, l.reportID) {
		return nil
	}
	if len(l.all) == maxListed {
		return newError("name a report ID, or remove the oldest", "there are more than %d bundles", maxListed)
	}
	if s.SHA256 = strings.ToLower(s.SHA256); !sumForm.MatchString(s.SHA256) {
		s.SHA256 = ""
	}
	s.ReportID, s.Tool, s.ETag = strings.ToLower(id), words.Clip(s.Tool, 100), words.Clip(s.ETag, 200)
	l.all = append(l.all, s)
	return nil
}

// stored is what is there when a bundle has arrived.
func (b *Bundle) stored(blob string) Stored {
	return Stored{Blob: blob, ReportID: b.ReportID, Time: clockNow(), Size: b.Size, SHA256: b.SHA256, From: b.From, To: b.To, Tool: b.Tool}
}

// clockNow is the time that something arrived where nobody else says it.
func clockNow() time.Time { return time.Now().UTC().Truncate(time.Second) }

// ended returns what ended the context, if it is over: nothing else matters then.
func ended(ctx context.Context) error {
	switch err := ctx.Err(); {
	case errors.Is(err, context.DeadlineExceeded):
		return context.Cause(ctx)
	default:
		return err
	}
}
