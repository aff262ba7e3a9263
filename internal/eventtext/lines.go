package eventtext

import (
	"bytes"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// stamp is a time at the start of a line of a log, behind a bracket, a level or a process at most.
var stamp = lazily(`^\s*[\[(]?(?:\w{1,12}[:\]]\s*[\[(]?)?((?:\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{1,2}:\d{2}:\d{2}|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4},?\s+\d{1,2}:\d{2}:\d{2}(?:\s*[AP]M)?)(?:[.,]\d{1,7})?(?:Z|[+-]\d{2}:?\d{2})?)`)

// levelWord is the level that a line of a log names near its start.
var levelWord = lazily(`(?i)\b(critical|fatal|error|err|warning|warn|information|info|verbose|debug|trace)\b`)

// maxBlock is how long one entry of a log may be; what is longer is cut into several.
const maxBlock = maxText

// parseLines reads a log whose entries begin with a time: at least two lines do, and the first one. The lines between belong to
// the entry above.
func parseLines(text []byte, out *events) bool {
	stamps, first := 0, true
	var sample []string
	for line := range bytes.Lines(text) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if m := stamp().FindSubmatch(line); m != nil {
			if stamps++; len(sample) < 200 {
				sample = append(sample, string(m[1]))
			}
			if stamps >= 2 && len(sample) == 200 {
				break
			}
		} else if first {
			return false
		}
		first = false
	}
	if stamps < 2 {
		return false
	}
	c := newTimes(sample, true)
	var block bytes.Buffer
	flush := func() bool {
		defer block.Reset()
		return len(bytes.TrimSpace(block.Bytes())) == 0 || out.add(entry(block.String(), c))
	}
	for line := range bytes.Lines(text) {
		if block.Len() > 0 && (stamp().Match(line) || block.Len()+len(line) > maxBlock) && !flush() {
			return true
		}
		block.Write(line)
	}
	flush()
	return true
}

// entry is the event of one entry of a log.
func entry(text string, t *times) *evtx.Event {
	e := &evtx.Event{Level: 4, Strings: []string{clean(text)}}
	head, _, _ := strings.Cut(text, "\n")
	if m := stamp().FindStringSubmatchIndex(head); m != nil {
		e.TimeCreated = t.parse(strings.TrimSpace(head[m[2]:m[3]]))
		head = head[:m[2]] + head[m[3]:]
	}
	switch m := levelWord().FindString(head[:min(len(head), 120)]); {
	case m != "":
		e.Level = logLevel(m)
	case looksFailed(text):
		e.Level = 2
	}
	return e
}

func logLevel(word string) evtx.Level {
	switch strings.ToLower(word) {
	case "critical", "fatal":
		return 1
	case "error", "err":
		return 2
	case "warning", "warn":
		return 3
	case "verbose", "debug", "trace":
		return 5
	}
	return 4
}

// failedWords are what the texts of errors have in them: words of codes and types that are the same in every language, and a few
// of those that are not.
var failedWords = lazily(`Exception\b|ErrorCode|(?i:\berrors?\b|\bfail(?:ed|ure|s)?\b|\bcannot\b|\bcan't\b|\bcould not\b|\bunable to\b|\bdenied\b|\brefused\b|\btimed out\b|\binvalid\b|\bfehler\b|\berreur\b|\béchou|\bechec|\bimpossible\b|\bnicht\b|\bno se pu|\bimpossibile\b|\bnão\b|\bniet\b|ошибк|błąd|失败|エラー|오류|0x8[0-9a-f]{7})`)

func looksFailed(text string) bool { return failedWords().MatchString(text) }

// parseMSI reads a log of Windows Installer: what its custom actions and dialogs say is among thousands of lines of its own. The
// lines of errors and results become errors of MsiInstaller, everything else is only looked through.
func parseMSI(text []byte, out *events) bool {
	head := text[:min(len(text), 4096)]
	if !bytes.HasPrefix(bytes.TrimSpace(head), []byte("=== Verbose logging started:")) && !msiLine().Match(head) {
		return false
	}
	var block bytes.Buffer
	telling := false
	flush := func() bool {
		defer block.Reset()
		if !telling || len(bytes.TrimSpace(block.Bytes())) == 0 {
			return true
		}
		message := msiPrefix().ReplaceAllString(block.String(), "")
		e := &evtx.Event{Provider: "MsiInstaller", EventID: msiEvent(message), Level: 2, Strings: []string{clean(message)}}
		if !strings.Contains(message, "Product") {
			e.Channel = gatewayChannel // of the setup that is asked about; a line that names a product speaks for itself
		}
		return out.add(e)
	}
	for line := range bytes.Lines(text) {
		starts := msiLine().Match(line) || bytes.HasPrefix(line, []byte("Action ")) || bytes.HasPrefix(line, []byte("Property("))
		if (starts || block.Len() > maxBlock) && !flush() {
			return true
		}
		if starts || block.Len() == 0 {
			telling = msiTelling().Match(line)
		} else {
			telling = telling || msiTelling().Match(line)
		}
		block.Write(line)
	}
	flush()
	if out.count == 0 && out.err == nil {
		out.text(string(text[:min(len(text), maxBlock)]), 0)
	}
	return true
}

var (
	msiLine    = lazily(`(?m)^MSI \([sc]\) \([0-9A-Fa-f]{2}[:!][0-9A-Fa-f]{2}\) \[\d`)
	msiPrefix  = lazily(`(?m)^MSI \([sc]\) \([0-9A-Fa-f]{2}[:!][0-9A-Fa-f]{2}\) \[[\d:.]+\]:\s*`)
	msiTelling = lazily(`Error \d{4}\.|: Error \d{4}|Return value 3|-- (?:Installation|Configuration|Removal|Error)|returning 1(?:6\d\d|7\d\d)|error status: [1-9]|(?i:exception|access is denied|CustomAction .{1,80} returned actual error)|returned 1(?:6|7)\d\d|1: (?:1603|1612|1714|1720|1722|1723|1935)\b`)
)

// msiEvent is the number that MsiInstaller gives an event with such a text: 11714 for Error 1714, 1033 for a result.
func msiEvent(message string) uint16 {
	if i := strings.Index(message, "Error "); i >= 0 && len(message) >= i+10 {
		if n := number(message[i+6 : i+10]); n >= 1000 {
			return uint16(10000 + n)
		}
	}
	if strings.Contains(message, "-- Installation failed") {
		return 11708
	}
	return 1033
}
