package gentestdata

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gwlogs/gwlogs/evtx"
)

// TestDamagedRead: of a damaged log all that is intact is read, as it was,
// nothing else, and damage is reported.
func TestDamagedRead(t *testing.T) {
	list, err := LoadDamaged(specs)
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string]map[uint64]string{} // records of the sources, as JSON
	for _, d := range list {
		t.Run(d.Name, func(t *testing.T) {
			if whole[d.Source] == nil {
				records, errs := records(t, d.Source+".evtx", false)
				if len(errs) > 0 {
					t.Fatal(errs)
				}
				whole[d.Source] = records
			}
			got, errs := records(t, d.file(), false)
			if len(got) != d.Intact {
				t.Errorf("%d records are read, and %d are intact", len(got), d.Intact)
			}
			for id, text := range got {
				if text != whole[d.Source][id] {
					t.Errorf("record %d is not what it was: %s", id, text)
				}
			}
			for _, id := range lost(t, d) {
				if got[id] != "" {
					t.Errorf("record %d is damaged, and read", id)
				}
			}
			if (len(errs) == 0) != d.Silent {
				t.Errorf("reported: %q", errs)
			}
			all, _ := records(t, d.file(), true)
			if n := len(all) - len(got); n != d.Recovered {
				t.Errorf("%d records are recovered, want %d", n, d.Recovered)
			}
		})
	}
}

// lost returns the records that are not intact, from the file beside the log.
func lost(t *testing.T, d Damaged) []uint64 {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(testdata, strings.TrimSuffix(d.file(), ".evtx")+".expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var know truth
	if err := json.Unmarshal(b, &know); err != nil {
		t.Fatal(err)
	}
	if know.Damage.Written != d.Intact+len(know.Damage.Lost) {
		t.Errorf("%d records were written, %d are intact and %d lost", know.Damage.Written, d.Intact, len(know.Damage.Lost))
	}
	return know.Damage.Lost
}

// records returns the records of a log of testdata, and the damage reported.
func records(t *testing.T, name string, recovered bool) (map[uint64]string, []string) {
	t.Helper()
	r, err := evtx.Open(filepath.Join(testdata, name))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.Recover = recovered
	found := map[uint64]string{}
	var errs []string
	for rec, err := range r.Records() {
		if damage := (*evtx.FormatError)(nil); errors.As(err, &damage) {
			errs = append(errs, err.Error())
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := rec.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		if found[rec.EventRecordID()] != "" {
			t.Errorf("%s: record %d comes twice", name, rec.EventRecordID())
		}
		found[rec.EventRecordID()] = string(text)
	}
	return found, errs
}

// TestMakeRefuses: a list that is wrong about a log is an error, not a file.
func TestMakeRefuses(t *testing.T) {
	short, err := os.ReadFile(filepath.Join(testdata, "short.evtx"))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		d    Damaged
		want string
	}{
		"count":      {Damaged{What: []Damage{{Kind: "file-header-crc"}}, Intact: 1}, "243 records are left intact"},
		"kind":       {Damaged{What: []Damage{{Kind: "fire"}}}, `no damage is called "fire"`},
		"chunk":      {Damaged{What: []Damage{{Kind: "chunk-zero", Chunk: 9}}}, "no chunk 9"},
		"record":     {Damaged{What: []Damage{{Kind: "record-size", Record: 999}}}, "no record 999 in chunk 0"},
		"range":      {Damaged{What: []Damage{{Kind: "garbage", At: 65000, Length: 1000}}}, "no 1000 bytes"},
		"definition": {Damaged{What: []Damage{{Kind: "garbage", At: 600, Length: 20}}}, "do the damage elsewhere"},
	} {
		_, _, err := tt.d.Make(bytes.Clone(short), 4001)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}
