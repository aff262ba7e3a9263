package gentestdata

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// damagedFile is the name of the list of damaged logs.
const damagedFile = "damaged"

// A Damaged is a log that something happened to.
type Damaged struct {
	Name   string
	Source string // name of the log that it is made from
	What   []Damage
	// Intact is how many records are whole: no byte of them was changed.
	Intact int
	// Recovered is how many whole records lie in unused space.
	Recovered int
	// Silent says that the log is right as it stands: no damage is reported.
	Silent bool
}

// A Damage is one thing that happened. Chunks and records of a chunk count
// from 0, At from the start of the file or, where Chunk is given, of the chunk.
type Damage struct {
	Kind          string
	Chunk, Record int
	At, Length    int
	Value         uint32
	With          int
	Seed          uint64
}

// LoadDamaged returns the list of damaged logs in dir.
func LoadDamaged(dir string) ([]Damaged, error) {
	var list []Damaged
	if err := decode(dir, damagedFile, &list); err != nil {
		return nil, err
	}
	return list, nil
}

// file returns the name of the damaged log below testdata, with slashes.
func (d *Damaged) file() string { return "damaged/" + d.Name + ".evtx" }

// truth is what is known of a damaged log: the file beside it, which
// interop/compare reads too. EventRecordIDs, and not those of the headers.
type truth struct {
	File   string `json:"file"`
	Source string `json:"source"`
	First  uint64 `json:"first_record_id,omitempty"`
	Last   uint64 `json:"last_record_id,omitempty"`
	Damage struct {
		Written   int      `json:"records_written"`
		Intact    int      `json:"intact_records"`
		Recovered int      `json:"stale_records"`
		Lost      []uint64 `json:"damaged_or_lost_record_ids"`
		Silent    bool     `json:"nothing_to_report"`
	} `json:"damage"`
}

// Make returns the damaged log, made from its source, and the truth about it.
// It is an error if Intact is not what the damage leaves. The EventRecordIDs
// of the source count from first.
func (d *Damaged) Make(source []byte, first uint64) (log, expected []byte, err error) {
	l, err := layOut(source)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Source, err)
	}
	b := bytes.Clone(source)
	var touched []span
	for _, w := range d.What {
		apply, ok := damages()[w.Kind]
		if !ok {
			return nil, nil, fmt.Errorf("%s: no damage is called %q", d.Name, w.Kind)
		}
		var t []span
		if b, t, err = apply(b, l, w); err != nil {
			return nil, nil, fmt.Errorf("%s: %s: %w", d.Name, w.Kind, err)
		}
		touched = append(touched, t...)
	}
	if err := l.orphans(touched); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	know := d.truth(l, touched, first)
	if know.Damage.Intact != d.Intact {
		return nil, nil, fmt.Errorf("%s: %d records are left intact, and the specification says %d", d.Name, know.Damage.Intact, d.Intact)
	}
	expected, err = json.MarshalIndent(know, "", " ")
	return b, append(expected, '\n'), err
}

// truth tells the records that are intact, all bytes of them, from the others.
func (d *Damaged) truth(l *layout, touched []span, first uint64) *truth {
	know := &truth{File: d.Name + ".evtx", Source: d.Source + ".evtx"}
	know.Damage.Recovered, know.Damage.Silent = d.Recovered, d.Silent
	know.Damage.Lost = []uint64{}
	for _, c := range l.chunks {
		for _, r := range c.records {
			id := first + r.id - 1
			know.Damage.Written++
			if r.hit(touched) {
				know.Damage.Lost = append(know.Damage.Lost, id)
				continue
			}
			know.Damage.Intact++
			if know.First == 0 {
				know.First = id
			}
			know.Last = id
		}
	}
	return know
}
