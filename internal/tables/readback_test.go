package tables

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// TestReadBack has pyarrow, polars and DuckDB read each table as rows and as Parquet: they find the same values.
func TestReadBack(t *testing.T) {
	t.Parallel()
	python, err := filepath.Abs(filepath.Join("..", "..", ".tools", "python-data", "bin", "python"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Skip("no .tools/python-data: .ci/install makes it")
	}
	for _, made := range samples(t) {
		t.Run(made.schema.Name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			schema, err := json.Marshal(made.schema)
			if err != nil {
				t.Fatal(err)
			}
			var args []string
			for name, data := range map[string][]byte{"rows.jsonl": made.rows, "table.parquet": made.parquet, "schema.json": schema} {
				if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for _, name := range []string{"rows.jsonl", "table.parquet", "schema.json"} {
				args = append(args, filepath.Join(dir, name))
			}
			out, err := exec.Command(python, append([]string{"-I", "testdata/readback.py"}, args...)...).CombinedOutput()
			want := strconv.Itoa(bytes.Count(made.rows, []byte("\n")))
			if err != nil || strings.TrimSpace(string(out)) != want {
				t.Errorf("%v\n%.2000s", err, out)
			}
		})
	}
}

// A sample is a table in both formats.
type sample struct {
	schema        Schema
	rows, parquet []byte
}

// samples are all tables, with something in every column.
func samples(t *testing.T) []sample {
	return []sample{sampleEvents(t)}
}

func sampleEvents(t *testing.T) sample {
	s := sample{schema: Events()}
	rows, packed := NewEventRows(), NewPackedEvents()
	var file bytes.Buffer
	out := NewParquet(&file, Events())
	var piece []byte
	for i, name := range []string{"gateway-en.evtx", "gateway-fr.evtx", "problems-en.evtx", "secrets.evtx", "short.evtx"} {
		for _, to := range []*EventRows{rows, packed} {
			to.From(Origin{Source: "логи/" + name, Bundle: []string{"", "b7d0a5f2-91c3-4e0b-a6f8-2c44d1e6730f"}[i%2]})
		}
		records(t, name, func(rec *evtx.Record) {
			var err error
			if s.rows, err = rows.Append(s.rows, rec); err == nil {
				piece, err = packed.Append(piece, rec)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
		if err := out.Add(piece); err != nil {
			t.Fatal(err)
		}
		piece = piece[:0]
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	s.parquet = file.Bytes()
	return s
}
