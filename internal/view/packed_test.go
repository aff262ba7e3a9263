//go:build !js

package view

import (
	"archive/zip"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// packed is a log in a zip archive, in one inside of another, and compressed by gzip.
func packed(t *testing.T, log string) []string {
	t.Helper()
	dir := t.TempDir()
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, fill func(w io.Writer) error) string {
		name = filepath.Join(dir, name)
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := fill(f); err != nil {
			t.Fatal(err)
		}
		return name
	}
	archive := func(entry string, data []byte) func(w io.Writer) error {
		return func(w io.Writer) error {
			z := zip.NewWriter(w)
			e, err := z.Create(entry)
			if err != nil {
				return err
			}
			if _, err := e.Write(data); err != nil {
				return err
			}
			return z.Close()
		}
	}
	inner := write("inner.zip", archive("logs/gateway.evtx", data))
	innerData, err := os.ReadFile(inner)
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		inner,
		write("outer.zip", archive("inner.zip", innerData)),
		write("gateway.evtx.gz", func(w io.Writer) error {
			z := gzip.NewWriter(w)
			if _, err := z.Write(data); err != nil {
				return err
			}
			return z.Close()
		}),
	}
}
