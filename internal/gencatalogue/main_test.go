package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestCurrent: what was generated is what would be generated now. Signatures that were changed since are found all the
// same, but read when the program starts.
func TestCurrent(t *testing.T) {
	t.Parallel()
	matcher := filepath.Join("..", "..", "matcher")
	names, err := filepath.Glob(filepath.Join(matcher, "signatures", "*.yml"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	want, err := source(names)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(matcher, "prepared_signatures.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("a signature was changed: go generate ./matcher")
	}
}
