package main

import (
	"bytes"
	"os"
	"testing"
)

// The Python package knows the tables as they are.
func TestPythonKnowsTheTables(t *testing.T) {
	t.Parallel()
	want, err := described()
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../../python/src/gwlogs/tables.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("python/src/gwlogs/tables.json is not what the tables are: go generate ./internal/tables")
	}
}
