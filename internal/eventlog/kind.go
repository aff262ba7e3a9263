package eventlog

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

const (
	exportAgain = "in Event Viewer, use Save All Events As… with the type .evtx"
	notALog     = "is not a Windows event log (.evtx)"
	copyText    = "copy the text out of it, or type it, and give that: gwlogs explain 'TEXT'"
	takesTexts  = "it takes text, JSON, CSV, XML, logs of the installer, and event logs (.evtx, or .zip with such)"
)

// A kind is something that people take for an event log.
type kind struct {
	is         func(name string, start []byte) bool
	what, hint string
}

func starts(magic string) func(string, []byte) bool {
	return func(_ string, start []byte) bool { return bytes.HasPrefix(start, []byte(magic)) }
}

// kinds come from the surest sign to the weakest.
func kinds() []kind {
	const unpack = "unpack it, and give the .evtx in it"
	return []kind{
		{isEmpty, "is empty", "copy or export it again"},
		{isOldLog, "is an event log of the old format (.evt, before Windows Vista)",
			"on Windows, convert it: wevtutil export-log OLD.evt NEW.evtx /lf:true"},
		{starts("PK\x03\x04"), "is a zip archive", "give it by its file name"},
		{starts("PK\x05\x06"), "is a zip archive with nothing in it", ""},
		{starts("\x1f\x8b"), "is a gzip archive", unpack},
		{starts("\xfd7zXZ\x00"), "is compressed with xz, which is not read", "unpack it: unxz FILE.xz; .gz and .zst are read as they are"},
		{starts("BZh"), "is compressed with bzip2, which is not read", "unpack it: bunzip2 FILE.bz2; .gz and .zst are read as they are"},
		{starts("7z\xbc\xaf\x27\x1c"), "is a 7z archive", unpack},
		{starts("Rar!"), "is a rar archive", unpack},
		{starts("MSCF"), "is a cabinet archive (.cab)", unpack},
		{starts("MZ"), "is a program, not an event log", ""},
		{isPicture, "is a picture, not an event log and not a text", copyText},
		{starts("%PDF-"), "is a PDF, not an event log and not a text", copyText},
		{starts("\xd0\xcf\x11\xe0"), "is a document of Office or a message of Outlook, not an event log and not a text", copyText},
		{starts("SQLite format 3"), "is a database, not an event log", ""},
		{isTrace, "is a trace (.etl), not an event log", "on Windows, convert it: tracerpt TRACE.etl -of EVTX -o NEW.evtx"},
		{isZeros, "starts with zero bytes alone, and has no event in it", "copy or export it again"},
		{isXML, "is an XML file, not an event log (.evtx)", exportAgain},
		{isText, "is a text file, not an event log (.evtx)", exportAgain},
	}
}

// isRaw reports whether an input may be the image of a disk or of memory: nothing else that is known.
func isRaw(name string, start []byte) bool {
	for _, k := range kinds() {
		if k.is(name, start) {
			return len(start) > 0 && isZeros(name, start)
		}
	}
	return true
}

// describe says what an input is that is no event log.
func describe(name string, start []byte) (what, hint string) {
	for _, k := range kinds() {
		if k.is(name, start) {
			return k.what, k.hint
		}
	}
	return notALog, exportAgain
}

func isPicture(_ string, start []byte) bool {
	for _, magic := range []string{"\x89PNG\r\n", "\xff\xd8\xff", "GIF8", "BM", "II*\x00", "MM\x00*"} {
		if bytes.HasPrefix(start, []byte(magic)) && !isText("", start) {
			return true
		}
	}
	return len(start) >= 12 && string(start[:4]) == "RIFF" && string(start[8:12]) == "WEBP"
}

func isEmpty(_ string, start []byte) bool { return len(start) == 0 }

func isOldLog(_ string, start []byte) bool {
	return len(start) >= 8 && string(start[4:8]) == "LfLe"
}

// isTrace knows the record that every trace starts with, behind its 72 byte buffer header.
func isTrace(name string, start []byte) bool {
	if hasExt(name, ".etl") {
		return true
	}
	return len(start) >= 0x4c && start[0x48] == 2 && start[0x49] == 0 && (start[0x4a] == 1 || start[0x4a] == 2) && start[0x4b] == 0xc0
}

func isZeros(_ string, start []byte) bool {
	return len(bytes.Trim(start, "\x00")) == 0
}

func isXML(_ string, start []byte) bool {
	s := strings.TrimLeft(plainText(start), "\ufeff \t\r\n")
	return strings.HasPrefix(s, "<?xml") || strings.HasPrefix(s, "<Event")
}

// isText: hardly any byte that text does not have.
func isText(_ string, start []byte) bool {
	s := plainText(start)
	odd := 0
	for i, r := range s {
		if r < ' ' && !strings.ContainsRune("\t\r\n\f\x1b", r) || r == utf8.RuneError && i < len(s)-utf8.UTFMax {
			odd++
		}
	}
	return len(s) > 0 && odd == 0
}

// plainText drops the zero bytes of UTF-16 text that has a byte order mark; good enough to judge by.
func plainText(start []byte) string {
	if bytes.HasPrefix(start, []byte{0xff, 0xfe}) || bytes.HasPrefix(start, []byte{0xfe, 0xff}) {
		return string(bytes.ReplaceAll(start[2:], []byte{0}, nil))
	}
	return string(start)
}
