package sigma

import (
	"bytes"
	"net/netip"
	"time"
)

// Values of events are mostly not of the kind that a comparison asks for. The
// functions of the standard library would allocate an error for each of them;
// so what cannot be a number, an address or a time is told by its characters.

// readNumber reads the number that a value is.
func readNumber(text []byte) (float64, bool) {
	if !looksLikeNumber(text) {
		return 0, false
	}
	return parseNumber(string(text))
}

// looksLikeNumber reports whether text is a number as parseNumber takes them,
// but for its size.
func looksLikeNumber(text []byte) bool {
	if len(text) > 2 && text[0] == '0' && text[1]|0x20 == 'x' {
		return digits(text[2:], isHex) == len(text)-2
	}
	text = afterSign(text)
	n := digits(text, isDigit)
	text = text[n:]
	if len(text) > 0 && text[0] == '.' {
		fraction := digits(text[1:], isDigit)
		n += fraction
		text = text[1+fraction:]
	}
	if n == 0 {
		return false
	}
	if len(text) > 0 && text[0]|0x20 == 'e' {
		text = afterSign(text[1:])
		return len(text) > 0 && digits(text, isDigit) == len(text)
	}
	return len(text) == 0
}

func afterSign(text []byte) []byte {
	if len(text) > 0 && (text[0] == '+' || text[0] == '-') {
		return text[1:]
	}
	return text
}

// digits returns how many of the first bytes are digits.
func digits(text []byte, is func(byte) bool) int {
	for i, b := range text {
		if !is(b) {
			return i
		}
	}
	return len(text)
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isHex(b byte) bool { return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'f' }

const (
	maxAddr  = 45   // characters of an address, without its zone
	maxAddrs = 1000 // that a Matcher remembers: a log has few, again and again
)

// addr reads the address that a value is, without its zone, and IPv4 in IPv6
// as IPv4; not valid if it is none.
func (m *Matcher) addr(text []byte) netip.Addr {
	text, zone, zoned := bytes.Cut(text, []byte("%"))
	if zoned && (len(zone) == 0 || !bytes.Contains(text, []byte(":"))) {
		return netip.Addr{}
	}
	if len(text) < 2 || len(text) > maxAddr || digits(text, isAddr) < len(text) {
		return netip.Addr{}
	}
	if addr, ok := m.addrs[string(text)]; ok {
		return addr
	}
	if m.addrs == nil {
		m.addrs = make(map[string]netip.Addr)
	}
	if len(m.addrs) >= maxAddrs {
		clear(m.addrs)
	}
	key := string(text)
	addr, err := netip.ParseAddr(key)
	if err != nil {
		addr = netip.Addr{}
	}
	m.addrs[key] = addr.Unmap()
	return m.addrs[key]
}

func isAddr(b byte) bool { return isHex(b) || b == ':' || b == '.' }

// readTime reads the time that a value is, as Windows and RFC 3339 write it:
// 2017-05-04, and behind "T" or a space 09:12:33, a fraction, and Z or an
// offset such as +02:00. UTC if it does not say otherwise.
func readTime(text []byte) (time.Time, bool) {
	text = bytes.TrimSpace(text)
	var date, clock [3]int
	rest, ok := readParts(text, "dddd-dd-dd", &date)
	if !ok {
		return time.Time{}, false
	}
	offset := 0
	if len(rest) > 0 {
		if rest, ok = readParts(rest[1:], "dd:dd:dd", &clock); !ok || text[10] != 'T' && text[10] != ' ' {
			return time.Time{}, false
		}
		if offset, ok = readZone(afterFraction(rest)); !ok {
			return time.Time{}, false
		}
	}
	t := time.Date(date[0], time.Month(date[1]), date[2], clock[0], clock[1], clock[2], 0, time.UTC)
	if int(t.Month()) != date[1] || t.Day() != date[2] || clock[0] > 23 || clock[1] > 59 || clock[2] > 59 {
		return time.Time{}, false
	}
	return t.Add(-time.Duration(offset) * time.Minute), true
}

// readParts reads numbers in the places of a layout's "d"s; what stands between
// them is as in the layout.
func readParts(text []byte, layout string, parts *[3]int) (rest []byte, ok bool) {
	if len(text) < len(layout) {
		return nil, false
	}
	part := 0
	for i, want := range []byte(layout) {
		switch b := text[i]; {
		case want == 'd' && isDigit(b):
			parts[part] = parts[part]*10 + int(b-'0')
		case want != 'd' && want == b:
			part++
		default:
			return nil, false
		}
	}
	return text[len(layout):], true
}

func afterFraction(text []byte) []byte {
	if len(text) > 1 && text[0] == '.' && isDigit(text[1]) {
		return text[1+digits(text[1:], isDigit):]
	}
	return text
}

// readZone reads the minutes that a time is ahead of UTC.
func readZone(text []byte) (minutes int, ok bool) {
	if len(text) == 0 || string(text) == "Z" {
		return 0, true
	}
	var parts [3]int
	rest, ok := readParts(text[1:], "dd:dd", &parts)
	if !ok || len(rest) > 0 || parts[0] > 23 || parts[1] > 59 {
		return 0, false
	}
	minutes = parts[0]*60 + parts[1]
	switch text[0] {
	case '+':
		return minutes, true
	case '-':
		return -minutes, true
	}
	return 0, false
}
