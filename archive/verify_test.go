package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

func TestVerify(t *testing.T) {
	s := newSample(t)
	s.seal()
	b := s.bytes(t)
	v, err := Verify(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Problems) > 0 {
		t.Errorf("problems:\n%s", strings.Join(v.Problems, "\n"))
	}
	size := 0
	for _, e := range s.entries {
		size += len(e.data)
	}
	if v.Manifest.ReportID != s.manifest.ReportID || v.Checked != len(s.entries) || v.Bytes != int64(size) || v.Records != 3 {
		t.Errorf("got %+v", v)
	}
}

// TestVerifyNoLimits: all that the logs have was asked for.
func TestVerifyNoLimits(t *testing.T) {
	s := newSample(t)
	s.seal()
	s.manifest.Window = Window{}
	b := s.bytes(t)
	v, err := Verify(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil || len(v.Problems) > 0 {
		t.Errorf("error %v, problems %q", err, v.Problems)
	}
}

// TestVerifyEmptyLog: a log without records says nothing, and its entry neither.
func TestVerifyEmptyLog(t *testing.T) {
	s := newSample(t)
	s.entry(sampleLog).data = newLog(t)
	*s.listed(sampleLog) = Entry{Path: sampleLog}
	s.seal()
	b := s.bytes(t)
	v, err := Verify(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil || len(v.Problems) > 0 {
		t.Errorf("error %v, problems %q", err, v.Problems)
	}
}

func TestVerifyManyProblems(t *testing.T) {
	s := newSample(t)
	s.seal()
	for i := range 1005 {
		s.zipOnly(fmt.Sprintf("%04d", i), nil)
	}
	b := s.bytes(t)
	v, err := Verify(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(v.Problems); n != 1001 || v.Problems[999] != "0999: is not in the manifest" || v.Problems[1000] != "… and 5 more" {
		t.Errorf("%d problems, the last %q", n, v.Problems[n-1])
	}
}

// A brokenReader fails, or ends the context, when an entry's data at the
// offset at are read.
type brokenReader struct {
	io.ReaderAt
	at   int64
	fail func() error
}

func (r brokenReader) ReadAt(p []byte, off int64) (int, error) {
	if off == r.at {
		if err := r.fail(); err != nil {
			return 0, err
		}
	}
	return r.ReaderAt.ReadAt(p, off)
}

func TestVerifyBrokenReader(t *testing.T) {
	s := newSample(t)
	s.seal()
	b := s.bytes(t)
	at := int64(localOf(t, b, sampleLog)) + 30 + int64(len(sampleLog))
	broken := errors.New("the disk is broken")
	r := brokenReader{bytes.NewReader(b), at, func() error { return broken }}
	if v, err := Verify(t.Context(), r, int64(len(b))); !errors.Is(err, broken) {
		t.Errorf("verdict %v, error %v", v, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r.fail = func() error { cancel(); return nil }
	if v, err := Verify(ctx, r, int64(len(b))); !errors.Is(err, context.Canceled) {
		t.Errorf("verdict %v, error %v", v, err)
	}
}

// TestVerifyMemory: 16 MiB of content are read with the memory of a few.
func TestVerifyMemory(t *testing.T) {
	s := newSample(t)
	s.add("files/zeros", make([]byte, 16<<20), Entry{})
	s.seal()
	b := s.bytes(t)
	s = nil
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	v, err := Verify(t.Context(), bytes.NewReader(b), int64(len(b)))
	runtime.ReadMemStats(&after)
	if err != nil || len(v.Problems) > 0 {
		t.Errorf("error %v, problems %q", err, v.Problems)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
		t.Errorf("%d bytes allocated", n)
	}
}

// TestOneLine: the last guard, whatever a line is made of.
func TestOneLine(t *testing.T) {
	if got := oneLine("a\x1b[2J\n\u202eb"); got != "a\ufffd[2J\ufffd\ufffdb" {
		t.Errorf("%q", got)
	}
	if got := oneLine(strings.Repeat("ö", maxLine+1)); got != strings.Repeat("ö", maxLine)+"…" {
		t.Errorf("%d bytes", len(got))
	}
}
