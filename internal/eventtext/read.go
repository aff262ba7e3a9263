package eventtext

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// MaxSize is how many bytes of text are read, before and after decoding.
const MaxSize = 64 << 20

// maxEvents bounds what is made of one text.
const maxEvents = 1_000_000

var (
	// ErrTooLarge is the error for a text of more than MaxSize bytes.
	ErrTooLarge = errors.New("is larger than 64 MiB, too large for a text")

	// ErrNotText is the error for an input that is no text in any encoding known here.
	ErrNotText = errors.New("is no text")

	// ErrEmpty is the error for a text without a single word.
	ErrEmpty = errors.New("is empty")
)

// A Kind is what a text was recognised as.
type Kind string

// The kinds of text.
const (
	Plain Kind = "text"       // one error or several, of any shape
	Lines Kind = "log"        // lines that begin with a time, such as a trace log
	MSI   Kind = "MSI log"    // of Windows Installer
	XML   Kind = "XML export" // of Event Viewer or wevtutil
	CSV   Kind = "CSV export" // of Event Viewer, Export-Csv, or Log Analytics
	JSON  Kind = "JSON"       // events, or the output of an activity or pipeline run
	None  Kind = ""           // no text at all
)

// Read recognises the text of r and calls yield for each event that is in it, in the order of the text. An event of which no
// channel is known is taken for one of the gateway's, as are its provider; level and time are left zero where the text has none.
// An error of yield ends it, and is returned.
func Read(r io.Reader, yield func(*evtx.Event) error) (Kind, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return None, err
	}
	if len(data) > MaxSize {
		return None, ErrTooLarge
	}
	return Parse(data, yield)
}

// Parse is Read of what is in memory.
func Parse(data []byte, yield func(*evtx.Event) error) (Kind, error) {
	text, err := decode(data)
	if err != nil {
		return None, err
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return None, ErrEmpty
	}
	out := &events{yield: yield}
	for _, form := range []struct {
		kind  Kind
		parse func(text []byte, out *events) bool
	}{
		{XML, parseXML}, {JSON, parseJSON}, {CSV, parseCSV}, {MSI, parseMSI}, {Lines, parseLines},
	} {
		if form.parse(text, out) || out.err != nil {
			return form.kind, out.err
		}
	}
	parsePlain(text, out)
	return Plain, out.err
}

// IsText reports whether the first bytes of a file, a few hundred, may be those of a text.
func IsText(start []byte) bool {
	if bom(start) {
		return true
	}
	if bytes.HasPrefix(start, []byte("%PDF-")) {
		return false // words inside of it are compressed
	}
	if utf16Order(start) != nil {
		return true
	}
	return len(start) > 0 && !isBinary(start)
}

// events hands out what is found, until somebody has enough of it.
type events struct {
	yield func(*evtx.Event) error
	count int
	err   error
}

// add hands out an event; it reports whether there may be more.
func (o *events) add(e *evtx.Event) bool {
	if o.err != nil || o.count >= maxEvents {
		return false
	}
	complete(e)
	for _, part := range split(e) {
		o.count++
		if o.err = o.yield(part); o.err != nil {
			return false
		}
	}
	return true
}

// maxText is how much text an event holds, in bytes: as UTF-16 it must have room in a chunk of a log (64 KiB), and Windows itself
// ends the text of an event at 31,839 characters.
const maxText = 28 << 10

// split cuts what one event has no room for into several.
func split(e *evtx.Event) []*evtx.Event {
	size := 0
	for _, s := range e.Strings {
		size += len(s) + 2
	}
	for _, d := range e.Data {
		size += len(d.Name) + len(d.Value.Raw)/2 + 32
	}
	if size <= maxText {
		return []*evtx.Event{e}
	}
	if len(e.Data) > 0 { // names are worth less than the text
		for _, d := range e.Data {
			e.Strings = append(e.Strings, d.Value.String())
		}
		e.Data = nil
	}
	var parts []*evtx.Event
	for text := strings.Join(e.Strings, "\n"); len(text) > 0; {
		n := cut(text, maxText)
		part := *e
		part.Strings = []string{text[:n]}
		parts, text = append(parts, &part), text[n:]
	}
	return parts
}

// text hands out an event that is nothing but a text.
func (o *events) text(text string, level evtx.Level) bool {
	return o.add(&evtx.Event{Level: level, Strings: []string{clean(text)}})
}
