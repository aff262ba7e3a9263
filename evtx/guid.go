package evtx

import "fmt"

// A GUID is a GUID in the 16 bytes that a log stores (MS-DTYP 2.3.4): its first
// three parts little-endian. The zero GUID stands for none.
type GUID [16]byte

// String returns the GUID as Windows renders it: lower case, in braces.
func (g GUID) String() string { return string(appendGUID(nil, g[:])) }

// MarshalText returns what String does.
func (g GUID) MarshalText() ([]byte, error) { return appendGUID(nil, g[:]), nil }

// UnmarshalText reads what ParseGUID does.
func (g *GUID) UnmarshalText(text []byte) (err error) {
	*g, err = ParseGUID(string(text))
	return err
}

// ParseGUID reads a GUID in either case, with or without braces.
func ParseGUID(s string) (GUID, error) {
	g, ok := readGUID([]byte(s))
	if !ok {
		return GUID{}, fmt.Errorf("evtx: %q is no GUID", s)
	}
	return g, nil
}

// guidOrder is the order in which a GUID's bytes are written: its first three
// fields are little-endian.
var guidOrder = [16]uint8{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}

// readGUID is the inverse of appendGUID.
func readGUID(text []byte) (g GUID, ok bool) {
	if len(text) == 38 && text[0] == '{' && text[37] == '}' {
		text = text[1:37]
	}
	if len(text) != 36 {
		return GUID{}, false
	}
	at := 0
	for i, to := range guidOrder {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			if text[at] != '-' {
				return GUID{}, false
			}
			at++
		}
		high, ok1 := hexDigit(text[at])
		low, ok2 := hexDigit(text[at+1])
		if !ok1 || !ok2 {
			return GUID{}, false
		}
		g[to] = high<<4 | low
		at += 2
	}
	return g, true
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}
