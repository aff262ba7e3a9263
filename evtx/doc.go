// Package evtx reads Windows XML event logs (.evtx), the whole and the broken
// ones, fast, and writes them. Who logged on to this machine?
//
//	r, err := evtx.Open("Security.evtx")
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer r.Close()
//	for rec, err := range r.Records() {
//		if err != nil || rec.EventID() != 4624 {
//			continue
//		}
//		if user, ok := rec.Lookup("TargetUserName"); ok {
//			fmt.Println(rec.TimeCreated(), user)
//		}
//	}
//
// # Reading
//
// A [Reader] has one log: a file ([Open]), a file of a file system ([OpenFS]),
// anything that can be read at any place ([NewReader]) or only forward
// ([NewStreamReader]). Reader.Records gives one [Record] after the other in the
// order of the log; a [Scanner] reads on all cores and gives its results in that
// same order; a [Cursor] is for programs that read very many logs side by side.
//
// Of a record, the fields of System have methods (EventID, Computer,
// TimeCreated); Lookup and All give the data of the event by name, each a
// [Value] of its type; AppendJSON, AppendXML and AppendMessage render it. A record
// is valid until the loop goes on; [Record.Event] makes a copy that stays. A
// [Selection] picks events by time, id, level, names and text, on the binary values.
//
// # How it works
//
// A log is a sequence of 64 KiB chunks, each with records in binary XML. Most
// records are a template, defined once in the chunk, and a few values. The
// package compiles each template once a file, to constant text with holes;
// after that a record is a table of values. Fields and data of a Record are
// read from the table, a Filter decides on it, and rendering copies text and
// formats values. In the steady state nothing is allocated for a record, and
// what is not asked for is not computed.
//
// # Writing
//
// A [Writer] takes records, changed (Writer.Edit) or as they are, and events made
// in Go ([Event]), and writes a log with all its tables and checksums that Event
// Viewer opens. Nothing but what was written is in it.
//
// # Damage
//
// Logs come from machines that crashed, from copies of open files, and from
// strangers. Neither the file header nor what a chunk says of its content is
// relied upon: every 64 KiB slot is looked at, checksums are verified and a
// wrong one reported, and reading goes on at the next intact record. Damage is
// an error of type [*FormatError] in the sequence of records, and never its end.
// A record whose two sizes differ, torn by a crash in the middle of writing,
// is such an error too and does not pass for an event. What was deleted, or was
// there before the log was cleared, is no event either: Reader.Recover shows it,
// [Stats] counts it. [Check] finds everything about a log that is not as a Writer
// leaves it, bytes in unused space among it.
//
// # Hostile input
//
// No input makes the package panic, loop or take memory beyond a few chunks:
// depth, counts and the length of a rendered event are bounded, and no size
// found in a file is believed before it is checked. XML and JSON that it
// writes are well formed whatever a log holds. That is fuzzed for; a failure
// is a bug to report.
//
// # Values, units, encodings
//
// Values read as Windows renders them (MS-EVEN6 3.1.4.7.3): times in UTC with all
// seven digits, GUIDs in lower case and braces, an element whose optional value is
// NULL left out. Times are [time.Time] in UTC, exact to 100 ns; sizes and offsets
// are bytes; all text is UTF-8, what is no valid UTF-16 in a log U+FFFD. See
// AppendJSON for the shape of the JSON, which is that of the program evtx_dump.
//
// # Sources
//
// Section names in comments are those of "Windows XML Event Log (EVTX) format" by
// Joachim Metz (https://github.com/libyal/libevtx, documentation). MS-EVEN6 is
// Microsoft's "EventLog Remoting Protocol Version 6.0", MS-DTYP its "Windows Data
// Types". Where logs say something else than these, logs are right:
// testdata/deviations.md has what was found, with the logs that show it.
//
// # Compatibility
//
// The API follows Semantic Versioning together with the module: what is exported
// stays until a next major version, and changes are named in CHANGELOG.md.
// Structs may get fields, so write their literals with field names; new value
// types and kinds of damage may appear. What is rendered changes only where it was
// wrong, and that is named as well; the wording of errors is not promised.
//
// The package imports the standard library alone.
package evtx
