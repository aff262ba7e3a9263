package eventlog

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	trace := make([]byte, 512)
	copy(trace[0x48:], "\x02\x00\x02\xc0")
	for _, c := range []struct{ name, start, want string }{
		{"x.evtx", "", "is empty"},
		{"x.evt", "0\x00\x00\x00LfLe\x01\x00", "old format"},
		{"x.etl", "\x00\x00\x01\x00", "trace"},
		{"x.evtx", string(trace), "trace"},
		{"x.evtx", "PK\x03\x04", "zip archive"},
		{"x.evtx", "\x1f\x8b\x08", "gzip"},
		{"x.evtx", "MZ\x90", "program"},
		{"x.png", "\x89PNG\r\n\x1a\n", "is a picture"},
		{"x.jpg", "\xff\xd8\xff\xe0\x00\x10JFIF", "is a picture"},
		{"x.txt", "BMW is no picture\r\n", "text file"},
		{"x.pdf", "%PDF-1.7\n", "is a PDF"},
		{"x.msg", "\xd0\xcf\x11\xe0\xa1\xb1", "Outlook"},
		{"x.xml", "\ufeff<?xml version", "XML"},
		{"x.xml", "\xff\xfe<\x00E\x00v\x00e\x00n\x00t\x00s\x00>\x00", "XML"},
		{"x.csv", "Level,Date and Time\r\n", "text file"},
		{"x.csv", "Niveau,Date\r\nété" + "\xc3", "text file"},
		{"x.evtx", strings.Repeat("\x00", 512), "zero bytes"},
		{"x.evtx", "\x01\x02\x03\x04\xff", "is not a Windows event log"},
		{"x.evtx", "caf\xe9 " + strings.Repeat("\x80", 40), "is not a Windows event log"},
	} {
		if what, _ := describe(c.name, []byte(c.start)); !strings.Contains(what, c.want) {
			t.Errorf("describe(%s, %.20q) = %q, want %q", c.name, c.start, what, c.want)
		}
	}
}

// What is no log is named in the error, by whatever way it came.
func TestOpenNoLog(t *testing.T) {
	t.Parallel()
	name := write(t, filepath.Join(t.TempDir(), "a.evtx"), []byte("hello\n"))
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, s := range []*Set{
		find(t, Options{}, name),
		find(t, Options{Stdin: f}, "-"),
		find(t, Options{Stdin: strings.NewReader("hello\n")}, "-"),
	} {
		_, _, err := s.Logs[0].start(context.Background())
		if err == nil || !strings.HasSuffix(err.Error(), ": is a text file, not an event log (.evtx)") {
			t.Errorf("%s: error %v", s.Logs[0].Name, err)
		}
	}
}
