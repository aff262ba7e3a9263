package eventlog

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
)

func TestStdin(t *testing.T) {
	t.Parallel()
	log := read(t, sample)
	stream := find(t, Options{Stdin: iotest.HalfReader(bytes.NewReader(log))}, "-")
	if l := stream.Logs[0]; !l.once || stream.Size() != -1 || events(t, l) != sampleEvents {
		t.Errorf("a stream: once %v, size %d", l.once, stream.Size())
	}
	f, err := os.Open(write(t, filepath.Join(t.TempDir(), "x"), append([]byte("skip"), log...)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Seek(4, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	file := find(t, Options{Stdin: f}, "-")
	for range 2 {
		if l := file.Logs[0]; l.once || file.Size() != int64(len(log)) || events(t, l) != sampleEvents {
			t.Errorf("a file: once %v, size %d", l.once, file.Size())
		}
	}
	if s := find(t, Options{StdinTerminal: true}, "-"); len(s.Failed) != 1 || s.Failed[0].Hint == "" {
		t.Errorf("a keyboard: %v", s.Failed)
	}
}

func TestKeep(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	s := Find([]string{"-"}, Options{Stdin: bytes.NewReader(read(t, sample))})
	s.Logs[0].keep(context.Background())
	for range 2 {
		if n := events(t, s.Logs[0]); n != sampleEvents {
			t.Errorf("%d events, want %d", n, sampleEvents)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// hangingReader says when it hangs.
type hangingReader struct {
	hangs chan struct{}
	end   chan struct{}
}

func (h *hangingReader) Read([]byte) (int, error) {
	close(h.hangs)
	<-h.end
	return 0, io.EOF
}

// A read that hangs ends with the context.
func TestContextReader(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	hanging := &hangingReader{make(chan struct{}), make(chan struct{})}
	defer close(hanging.end)
	r := newContextReader(ctx, io.MultiReader(bytes.NewReader([]byte("hello")), hanging))
	go func() {
		<-hanging.hangs
		cancel()
	}()
	got, err := io.ReadAll(r)
	if string(got) != "hello" || !errors.Is(err, context.Canceled) {
		t.Errorf("read %q, %v", got, err)
	}
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("after that: %v", err)
	}
}

func TestContextReaderReads(t *testing.T) {
	t.Parallel()
	want := bytes.Repeat([]byte("0123456789"), 100_000)
	for _, source := range []io.Reader{
		bytes.NewReader(want),
		iotest.DataErrReader(iotest.OneByteReader(bytes.NewReader(want[:1000]))),
	} {
		got, err := io.ReadAll(newContextReader(context.Background(), source))
		if err != nil || !bytes.HasPrefix(want, got) || len(got) < 1000 {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
	broken := errors.New("broken")
	if _, err := io.ReadAll(newContextReader(context.Background(), iotest.ErrReader(broken))); err != broken {
		t.Errorf("error %v", err)
	}
}
