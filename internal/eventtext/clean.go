package eventtext

import (
	"html"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
)

// maxUnescape is how many layers of escapes are taken off: a portal puts JSON into JSON into HTML.
const maxUnescape = 5

// clean takes off what a text was wrapped in on its way: HTML, the escapes of JSON strings, the marks of quotations, the colours
// of terminals. What it cannot decide stays.
func clean(text string) string {
	text = ansi().ReplaceAllString(text, "")
	for range maxUnescape {
		before := text
		if strings.Contains(text, "&") {
			text = html.UnescapeString(text)
		}
		if escaped(text) {
			text = unescape(text)
		}
		if text == before {
			break
		}
	}
	if strings.Contains(text, "<") {
		text = tags().ReplaceAllStringFunc(text, func(tag string) string {
			if breaks().MatchString(tag) {
				return "\n"
			}
			return ""
		})
	}
	return strings.TrimSpace(unquote(text))
}

var (
	ansi   = lazily(`\x1b\[[0-9;]*[A-Za-z]`)
	tags   = lazily(`(?i)</?(?:p|div|br|span|b|i|em|strong|code|pre|a|ul|ol|li|td|tr|th|table|tbody|thead|html|body|h[1-6]|font)\b[^<>]{0,200}/?>`)
	breaks = lazily(`(?i)^</?(?:p|div|br|li|tr|pre|h[1-6])\b`)
)

// escaped reports whether a text is what stands in a JSON string: something in it is an escape for sure, and no backslash
// contradicts. A path as Windows writes it does.
func escaped(text string) bool {
	if !strings.Contains(text, `\`) || rawPath().MatchString(text) {
		return false
	}
	sure := lineEnd().MatchString(text)
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		i++
		switch text[i] {
		case '"':
			sure = true
		case 'u':
			_, n := UnicodeEscape(text[i+1:])
			sure = sure || n > 0
		case '\\', '/', 'b', 'f', 'n', 'r', 't', '\'':
		default:
			return false
		}
	}
	return sure
}

// lineEnd is an escaped line end behind a sentence, or in front of what goes on, and the line end of Windows.
var lineEnd = lazily(`[.:;)'"]\\n|\\r\\n|\\n(?:\s+at |\\n)`)

// rawPath is a path in which no backslash is doubled but those of a share.
var rawPath = lazily(`(?:^|[^A-Za-z0-9\\])[A-Za-z]:\\(?:[^\\"rn]|[rn][^\\\s])|(?:^|[\s'"(=:])\\\\[\w.$-]+\\[^\\"]`)

// unescape resolves the escapes of one layer.
func unescape(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		i++
		switch c := text[i]; c {
		case '"', '\\', '/', '\'':
			out.WriteByte(c)
		case 'n':
			out.WriteByte('\n')
		case 'r':
			out.WriteByte('\r')
		case 't':
			out.WriteByte('\t')
		case 'u':
			r, n := UnicodeEscape(text[i+1:])
			if n == 0 {
				out.WriteString(`\u`)
				continue
			}
			out.WriteRune(r)
			i += n
		default:
			out.WriteByte('\\')
			out.WriteByte(c)
		}
	}
	return out.String()
}

// unquote takes off the marks that mail and chat put in front of every line, and the frame of a table.
func unquote(text string) string {
	lines := strings.Split(text, "\n")
	for _, mark := range []string{">", "|", "#", "//"} {
		marked := 0
		for _, line := range lines {
			if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, mark) {
				marked++
			}
		}
		if marked < len(lines) {
			continue
		}
		for i, line := range lines {
			line = strings.TrimSpace(line)
			for strings.HasPrefix(line, mark) {
				line = strings.TrimSpace(line[len(mark):])
			}
			lines[i] = strings.TrimSuffix(line, "|")
		}
	}
	return strings.Join(lines, "\n")
}

// complete gives an event the provider and channel that follow from what is known of it.
func complete(e *evtx.Event) {
	if e.Channel == "" {
		e.Channel = channelOf(e.Provider)
	}
	if e.Provider == "" {
		e.Provider = e.Channel
	}
}

// gatewayChannel is where events of unknown origin are said to be from: who asks has a gateway.
const gatewayChannel = "Integration Runtime"

// channelOf is the channel that a provider writes to: the columns of Event Viewer have the provider alone.
func channelOf(provider string) string {
	switch strings.ToLower(provider) {
	case "":
		return gatewayChannel
	case "service control manager", "schannel", "microsoft-windows-service control manager", "eventlog":
		return "System"
	case "msiinstaller", ".net runtime", "application error", "windows error reporting":
		return "Application"
	}
	return provider // the gateway's providers are called like its channels; others are nobody's here
}
