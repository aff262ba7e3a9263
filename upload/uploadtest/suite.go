package uploadtest

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gwlogs/gwlogs/upload"
)

// A Suite is what users rely on, whatever the destination: Run tries it on one.
// Each destination of package upload passes it, against a real service.
type Suite struct {
	// New returns a place that is there and empty.
	New func(t testing.TB) Place
	// Missing returns a place at the same service that is not there.
	Missing func(t testing.TB) Place

	Lists   bool // what is there can be listed; otherwise a place has room for one bundle
	Looks   bool // the destination finds out what is there under a name already
	Resumes bool // an upload that was interrupted goes on
	HTTP    bool // and so there may be a proxy in between that makes mistakes
}

// A Place is a destination as a user names it.
type Place struct {
	URL    string
	CA     *x509.CertPool // who vouches for the service; nil for nobody
	Secret []string       // what of the URL must never be shown
}

// Run runs the suite.
func (s Suite) Run(t *testing.T) {
	for _, part := range []struct {
		name string
		run  func(t *testing.T)
		when bool
	}{
		{"there and back", s.thereAndBack, true},
		{"names", s.names, true},
		{"again", s.again, true},
		{"something else under the name", s.occupied, s.Looks},
		{"two at once", s.twoAtOnce, true},
		{"list", s.list, s.Lists},
		{"interrupted", s.interrupted, true},
		{"changed meanwhile", s.changed, true},
		{"no bundle", s.noBundle, true},
		{"no more than was listed", s.listedShort, true},
		{"no room here", s.noRoom, true},
		{"over before it begins", s.over, true},
		{"not there", s.missing, true},
		{"what is shown", s.shown, true},
		{"faults on the way", s.faults, s.HTTP},
	} {
		if part.when {
			t.Run(part.name, part.run)
		}
	}
}

// checkError makes sure that an error is one of package upload, with a hint, and without a secret.
func checkError(t *testing.T, p Place, err error) {
	t.Helper()
	var e *upload.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v (%T) is no *upload.Error", err, err)
	}
	if e.Text == "" || len(e.Text) > 250 || strings.ContainsAny(e.Text, "\r\n") || e.Hint == "" {
		t.Errorf("%q, hint %q: want one line that is not long, and what to do", e.Text, e.Hint)
	}
	checkHidden(t, p, fmt.Sprintf("%v %s %s", err, e.Text, e.Hint))
}

func checkHidden(t *testing.T, p Place, text string) {
	t.Helper()
	for _, secret := range p.Secret {
		if strings.Contains(text, secret) {
			t.Errorf("%q shows %q", text, secret)
		}
	}
}

// place is a new one, opened.
func (s Suite) place(t *testing.T) (Place, upload.Options, upload.Destination) {
	t.Helper()
	p := s.New(t)
	o := Options(p)
	o.StateDir = t.TempDir()
	return p, o, Open(t, p, o)
}

// empty fails if something is there.
func (s Suite) empty(t *testing.T, d upload.Destination) {
	t.Helper()
	all, err := d.List(t.Context(), ReportID)
	if !s.Lists && err == nil && len(all) == 1 {
		if n, err := d.Fetch(t.Context(), &all[0], &sink{}, nil); err == nil {
			t.Errorf("%d bytes are there", n)
		}
		return
	}
	if err != nil || len(all) != 0 {
		t.Errorf("it is there: %v, %v", all, err)
	}
}

// Sizes around those of blocks and steps arrive as they were, with what is known of them.
func (s Suite) thereAndBack(t *testing.T) {
	for _, size := range []int{0, 1, Block - 1, Block, Block + 1, 10*Block + 12345, 1<<20 + 1} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			_, _, d := s.place(t)
			b := NewBundle(1, size)
			var progress upload.Progress
			sent, err := d.Send(t.Context(), b, &progress)
			if err != nil {
				t.Fatal(err)
			}
			if sent.Already || sent.Resumed != 0 || sent.Size != b.Size || sent.SHA256 != b.SHA256 || sent.Blob == "" ||
				sent.Time.IsZero() || progress.Done.Load() != b.Size {
				t.Errorf("sent %+v, %d bytes done", sent, progress.Done.Load())
			}
			data, stored := Fetched(t, d, ReportID)
			if !bytes.Equal(data, Content(t, b)) {
				t.Errorf("%d bytes came back, and they are other ones", len(data))
			}
			if !s.Lists {
				return
			}
			if stored.ReportID != b.ReportID || stored.Size != b.Size || stored.SHA256 != b.SHA256 || stored.Tool != b.Tool ||
				stored.Time.IsZero() ||
				stored.From == nil || !stored.From.Equal(*b.From) || stored.To == nil || !stored.To.Equal(*b.To) {
				t.Errorf("what is known of it: %+v", stored)
			}
		})
	}
}

// What a file may be called, a bundle may be called.
func (s Suite) names(t *testing.T) {
	for _, name := range []string{"a b+c%20d.zip", "Zoë & Søn #1?.zip", "100%.zip.age", "it's [x]~$(y).zip"} {
		_, _, d := s.place(t)
		b := NewBundle(2, 1000)
		b.Name = name
		if _, err := d.Send(t.Context(), b, nil); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		data, stored := Fetched(t, d, ReportID)
		if !bytes.Equal(data, Content(t, b)) {
			t.Errorf("%s: came back as something else", name)
		}
		if s.Lists && !strings.HasSuffix(stored.Blob, ReportID+"/"+name) {
			t.Errorf("%s is listed as %s", name, stored.Blob)
		}
	}
}

// A bundle may be sent twice: it is there once.
func (s Suite) again(t *testing.T) {
	_, _, d := s.place(t)
	b := NewBundle(3, 3*Block)
	for i := range 2 {
		sent, err := d.Send(t.Context(), b, nil)
		if err != nil || s.Looks && sent.Already != (i == 1) {
			t.Fatalf("time %d: %+v, %v", i+1, sent, err)
		}
	}
	if data, _ := Fetched(t, d, ReportID); !bytes.Equal(data, Content(t, b)) {
		t.Error("something else came back")
	}
}

// What is there is never replaced.
func (s Suite) occupied(t *testing.T) {
	p, _, d := s.place(t)
	first := NewBundle(4, 2*Block)
	if _, err := d.Send(t.Context(), first, nil); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{2 * Block, 100} {
		_, err := d.Send(t.Context(), NewBundle(5, size), nil)
		checkError(t, p, err)
		if !strings.Contains(err.Error(), "another file is there already") {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if data, _ := Fetched(t, d, ReportID); !bytes.Equal(data, Content(t, first)) {
		t.Error("it was replaced")
	}
}

// Those who send the same bundle at once do not get into each other's way.
func (s Suite) twoAtOnce(t *testing.T) {
	p, o, d := s.place(t)
	b, other := NewBundle(6, 20*Block), NewBundle(7, 20*Block)
	other.ReportID = otherID
	all := []*upload.Bundle{b, b, b}
	if s.Lists {
		all = append(all, other)
	}
	var senders sync.WaitGroup
	for _, b := range all {
		senders.Go(func() {
			if _, err := Open(t, p, o).Send(t.Context(), b, nil); err != nil {
				t.Error(err)
			}
		})
	}
	senders.Wait()
	for _, b := range all[2:] {
		if data, _ := Fetched(t, d, b.ReportID); !bytes.Equal(data, Content(t, b)) {
			t.Errorf("%s is something else", b.ReportID)
		}
	}
}

// A list has the bundles, the oldest first, for one report ID or for all.
func (s Suite) list(t *testing.T) {
	p, _, d := s.place(t)
	if all, err := d.List(t.Context(), ""); err != nil || len(all) != 0 {
		t.Errorf("empty: %v, %v", all, err)
	}
	want := map[string]bool{}
	for i, id := range []string{ReportID, otherID, ReportID} {
		b := NewBundle(uint64(i), 1000+i)
		b.ReportID, b.Name = id, fmt.Sprintf("%d.zip", i)
		if _, err := d.Send(t.Context(), b, nil); err != nil {
			t.Fatal(err)
		}
		want[b.Blob()] = true
	}
	all, err := d.List(t.Context(), "")
	if err != nil || len(all) != 3 {
		t.Fatalf("%d bundles, %v", len(all), err)
	}
	for i, b := range all {
		if !want[b.Blob] || i > 0 && b.Time.Before(all[i-1].Time) {
			t.Errorf("%d: %+v", i, b)
		}
		delete(want, b.Blob)
	}
	for id, n := range map[string]int{ReportID: 2, strings.ToUpper(otherID): 1, "22222222-388f-4851-a808-a8a2191566e2": 0} {
		if some, err := d.List(t.Context(), id); err != nil || len(some) != n {
			t.Errorf("%s: %d bundles, %v, want %d", id, len(some), err, n)
		}
	}
	_, err = d.List(t.Context(), "../"+ReportID)
	checkError(t, p, err)
}

// What was interrupted is not there, not even a part of it, and goes on later.
func (s Suite) interrupted(t *testing.T) {
	_, o, d := s.place(t)
	o.Parallel = 1
	b := NewBundle(8, 100*Block)
	whole := b.Data
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b.Data = &tripwire{ReaderAt: whole, at: 60 * Block, trip: cancel, passes: s.passes(t)}
	if sent, err := d.Send(ctx, b, nil); err != context.Canceled {
		t.Fatalf("interrupted: %+v, %v", sent, err)
	}
	s.empty(t, d)
	b.Data = whole
	var progress upload.Progress
	sent, err := d.Send(t.Context(), b, &progress)
	if err != nil || sent.Already || s.Resumes && (sent.Resumed == 0 || progress.Resumed.Load() != sent.Resumed) {
		t.Fatalf("the second time: %+v, %v", sent, err)
	}
	if data, _ := Fetched(t, d, ReportID); !bytes.Equal(data, Content(t, b)) {
		t.Error("something else came back")
	}
}

// passes is how often a destination reads a bundle from its start before it sends any of it.
func (s Suite) passes(t *testing.T) int {
	t.Helper()
	_, _, d := s.place(t)
	b := NewBundle(9, Block)
	w := &tripwire{ReaderAt: b.Data, trip: func() {}}
	b.Data = w
	if _, err := d.Send(t.Context(), b, nil); err != nil {
		t.Fatal(err)
	}
	return max(0, w.seen-1)
}

// tripwire does something when a place is read, once it has been passed so many times.
type tripwire struct {
	io.ReaderAt
	at     int64
	trip   func()
	passes int

	mu   sync.Mutex
	seen int
}

func (w *tripwire) ReadAt(p []byte, at int64) (int, error) {
	w.mu.Lock()
	if at <= w.at && w.at < at+int64(len(p)) {
		if w.seen++; w.seen > w.passes {
			w.trip()
		}
	}
	w.mu.Unlock()
	return w.ReaderAt.ReadAt(p, at)
}

// A bundle that is not what its checksum says does not arrive.
func (s Suite) changed(t *testing.T) {
	p, _, d := s.place(t)
	data := Random(10, 5*Block)
	b := NewBundle(10, 5*Block)
	data[3*Block] ^= 1
	for name, at := range map[string]io.ReaderAt{"a bit": bytes.NewReader(data), "shorter": bytes.NewReader(data[:4*Block+7])} {
		b.Data = at
		_, err := d.Send(t.Context(), b, nil)
		checkError(t, p, err)
		if !strings.Contains(err.Error(), "was changed while it was being sent") {
			t.Errorf("%s: %v", name, err)
		}
		s.empty(t, d)
	}
	data[3*Block] ^= 1
	b.Data = bytes.NewReader(data)
	if _, err := d.Send(t.Context(), b, nil); err != nil {
		t.Fatal(err)
	}
	if got, _ := Fetched(t, d, ReportID); !bytes.Equal(got, data) {
		t.Error("what was wrong at first is there")
	}
}

// What cannot be a bundle is refused: its names become paths and URLs.
func (s Suite) noBundle(t *testing.T) {
	p, _, d := s.place(t)
	for name, spoil := range map[string]func(*upload.Bundle){
		"no report ID":      func(b *upload.Bundle) { b.ReportID = "" },
		"report ID a path":  func(b *upload.Bundle) { b.ReportID = "../" + b.ReportID },
		"no name":           func(b *upload.Bundle) { b.Name = "" },
		"name a path":       func(b *upload.Bundle) { b.Name = "../x.zip" },
		"name for Windows":  func(b *upload.Bundle) { b.Name = `..\x.zip` },
		"name with a break": func(b *upload.Bundle) { b.Name = "x\n.zip" },
		"name with dots":    func(b *upload.Bundle) { b.Name = ".." },
		"no checksum":       func(b *upload.Bundle) { b.SHA256 = "" },
		"no content":        func(b *upload.Bundle) { b.Data = nil },
		"negative size":     func(b *upload.Bundle) { b.Size = -1 },
		"size of a planet":  func(b *upload.Bundle) { b.Size = 1 << 60 },
	} {
		b := NewBundle(11, 100)
		spoil(b)
		_, err := d.Send(t.Context(), b, nil)
		if err == nil {
			t.Errorf("%s: was sent", name)
			continue
		}
		checkError(t, p, err)
	}
	s.empty(t, d)
}

// What comes back is never longer than it was listed, nor shorter.
func (s Suite) listedShort(t *testing.T) {
	p, _, d := s.place(t)
	b := NewBundle(12, 4*Block)
	if _, err := d.Send(t.Context(), b, nil); err != nil {
		t.Fatal(err)
	}
	_, stored := Fetched(t, d, ReportID)
	for _, size := range []int64{0, 1, b.Size - 1, upload.MaxSize + 1} {
		stored.Size = size
		w := sink{}
		_, err := d.Fetch(t.Context(), &stored, &w, nil)
		checkError(t, p, err)
		if int64(len(w.data)) > size {
			t.Errorf("%d bytes are listed, and %d were written", size, len(w.data))
		}
	}
	stored.Size = b.Size + 1
	_, err := d.Fetch(t.Context(), &stored, &sink{}, nil)
	checkError(t, p, err)
}

// An error of this machine is said as it is, and not tried again.
func (s Suite) noRoom(t *testing.T) {
	_, _, d := s.place(t)
	b := NewBundle(13, 4*Block)
	if _, err := d.Send(t.Context(), b, nil); err != nil {
		t.Fatal(err)
	}
	_, stored := Fetched(t, d, ReportID)
	_, err := d.Fetch(t.Context(), &stored, &sink{room: Block}, nil)
	var e *upload.Error
	if !errors.As(err, &e) || !errors.Is(err, errFull) || !strings.Contains(e.Text, errFull.Error()) {
		t.Errorf("%v", err)
	}
}

// When the context is over, its end is the error: the cause of a deadline, if it has one.
func (s Suite) over(t *testing.T) {
	_, _, d := s.place(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	mine := errors.New("my own reason")
	late, cancel := context.WithDeadlineCause(t.Context(), time.Now().Add(-time.Second), mine)
	defer cancel()
	for want, ctx := range map[error]context.Context{context.Canceled: cancelled, mine: late} {
		_, sendErr := d.Send(ctx, NewBundle(14, 100), nil)
		_, listErr := d.List(ctx, ReportID)
		_, fetchErr := d.Fetch(ctx, &upload.Stored{Blob: ReportID + "/x.zip", Size: 1}, &sink{}, nil)
		for name, err := range map[string]error{"send": sendErr, "list": listErr, "fetch": fetchErr} {
			if err != want {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
		}
	}
	s.empty(t, d)
}

// A place that is not there, or no longer, is said to be so.
func (s Suite) missing(t *testing.T) {
	p := s.Missing(t)
	d := Open(t, p, Options(p))
	_, err := d.Send(t.Context(), NewBundle(15, 1000), nil)
	checkError(t, p, err)
	if s.Lists {
		_, err = d.List(t.Context(), "")
		checkError(t, p, err)
	}
	p, _, d = s.place(t)
	if _, err := d.Send(t.Context(), NewBundle(15, 1000), nil); err != nil {
		t.Fatal(err)
	}
	_, stored := Fetched(t, d, ReportID)
	if s.Lists {
		stored.Blob += "x"
		_, err = d.Fetch(t.Context(), &stored, &sink{}, nil)
		checkError(t, p, err)
	}
}

// No text that a target has shows what is secret about it.
func (s Suite) shown(t *testing.T) {
	for _, p := range []Place{s.New(t), s.Missing(t)} {
		target, err := upload.ParseTarget(p.URL)
		if err != nil {
			t.Fatal(err)
		}
		checkHidden(t, p, fmt.Sprintf("%v %+v %#v %s %q %s", target, target, target, target, target, target.Host()))
	}
}
