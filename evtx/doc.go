// Package evtx reads Windows XML event logs (.evtx), the whole and the broken
// ones, fast, and writes them.
//
//	r, err := evtx.Open("System.evtx")
//	…
//	for rec, err := range r.Records() {
//		if err != nil {
//			log.Print(err) // damage; reading goes on
//			continue
//		}
//		line, _ = rec.AppendJSON(line[:0])
//	}
//
// A log is a sequence of 64 KiB chunks, each with records in binary XML. Most
// records are a template, defined once in the chunk, and a few values. The
// package compiles each template once a file, to constant text with holes;
// after that a record is a table of values. Fields and data of a Record are
// read from the table, a Filter decides on it, and rendering copies text and
// formats values. Nothing is allocated for a record, and what is not asked
// for is not computed.
//
// A Writer takes such records, changed or as they are, and events made in Go,
// and writes a log with all its tables and checksums.
//
// # Damage
//
// Logs come from machines that crashed, from copies of open files, and from
// strangers. Neither the file header nor what a chunk says of its content is
// relied upon: every 64 KiB slot is looked at, checksums are verified and a
// wrong one reported, and reading goes on at the next intact record. Damage is
// an error of type *FormatError in the sequence of records, and never its end.
// A record whose two sizes differ, torn by a crash in the middle of writing,
// is such an error too and does not pass for an event.
//
// # Hostile input
//
// No input makes the package panic, loop or take memory beyond a few chunks:
// depth, counts and the length of a rendered event are bounded, and no size
// found in a file is believed before it is checked. XML and JSON that it
// writes are well formed whatever a log holds. That is fuzzed for; a failure
// is a bug to report.
//
// # Values
//
// Values read as Windows renders them: times with all seven digits, GUIDs in
// braces, an element whose optional value is NULL left out. See AppendJSON for
// the shape of the JSON.
package evtx
