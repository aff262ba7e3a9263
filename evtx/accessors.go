package evtx

import (
	"bytes"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"time"
)

// The accessors below say what a value is to a program. Each is true for the
// types that hold such a thing, and for a text that says it: records without a
// template have everything as text. None of them allocates, but for those that
// return texts.

// integer returns a number of an integer type in 64 bits, and whether it is
// less than 0.
func (v Value) integer() (n uint64, negative, ok bool) {
	size := int(typeSpecs[v.Type].size)
	switch v.Type {
	case TypeSizeT, TypeEvtHandle:
		size = len(v.Raw)
		if size != 4 && size != 8 {
			return 0, false, false
		}
	case TypeInt8, TypeInt16, TypeInt32, TypeInt64,
		TypeUint8, TypeUint16, TypeUint32, TypeUint64, TypeBool, TypeHexInt32, TypeHexInt64, TypeFileTime:
	default:
		return 0, false, false
	}
	if len(v.Raw) != size {
		return 0, false, false
	}
	n = rawUint(v.Raw)
	switch v.Type {
	case TypeInt8:
		n = uint64(int8(n))
	case TypeInt16:
		n = uint64(int16(n))
	case TypeInt32:
		n = uint64(int32(n))
	case TypeInt64:
	default:
		return n, false, true
	}
	return n, int64(n) < 0, true
}

// text puts a short text into buf; ok is false for what is no text, or a longer
// one: none of what the accessors read is.
func (v Value) text(buf []byte) (text []byte, ok bool) {
	switch {
	case len(v.Raw) > 2*maxShort:
		return nil, false
	case v.Type == TypeString:
		return appendUTF8(buf, trimString(v.Raw)), true
	case v.Type == TypeAnsiString:
		return v.AppendText(nil), true
	}
	return nil, false
}

// maxShort is how many characters a short text has.
const maxShort = 64

// Int returns the value as a whole number: of an integer type whose number fits,
// of a boolean (0 or 1), or of a text that reads as decimal or 0x hexadecimal.
func (v Value) Int() (int64, bool) {
	if n, negative, ok := v.integer(); ok {
		return int64(n), negative || n <= math.MaxInt64
	}
	var buf [3 * maxShort]byte
	text, ok := v.text(buf[:0])
	if !ok {
		return 0, false
	}
	digits, negative := bytes.CutPrefix(text, []byte("-"))
	n, ok := readUint(digits)
	if negative {
		return -int64(n), ok && n <= 1<<63
	}
	return int64(n), ok && n <= math.MaxInt64
}

// Uint returns the value as a number without a sign, of the same types as Int;
// of a negative number its 64 bits.
func (v Value) Uint() (uint64, bool) {
	if n, _, ok := v.integer(); ok {
		return n, true
	}
	var buf [3 * maxShort]byte
	text, ok := v.text(buf[:0])
	if !ok {
		return 0, false
	}
	return readUint(text)
}

// readUint reads a number, decimal or hexadecimal with 0x in front.
func readUint(text []byte) (n uint64, ok bool) {
	if len(text) > 2 && text[0] == '0' && text[1]|0x20 == 'x' {
		for _, c := range text[2:] {
			digit, ok := hexDigit(c)
			if !ok || n >= 1<<60 {
				return 0, false
			}
			n = n<<4 | uint64(digit)
		}
		return n, true
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		high, low := bits.Mul64(n, 10)
		next := low + uint64(c-'0')
		if high != 0 || next < low {
			return 0, false
		}
		n = next
	}
	return n, len(text) > 0
}

// Float returns the value as a floating-point number: of both floating-point
// types, of an integer type (rounded beyond 2^53), or of a text.
func (v Value) Float() (float64, bool) {
	switch {
	case v.Type == TypeFloat32 && len(v.Raw) == 4:
		return float64(math.Float32frombits(uint32(rawUint(v.Raw)))), true
	case v.Type == TypeFloat64 && len(v.Raw) == 8:
		return math.Float64frombits(rawUint(v.Raw)), true
	}
	if n, negative, ok := v.integer(); ok {
		if negative {
			return float64(int64(n)), true
		}
		return float64(n), true
	}
	var buf [3 * maxShort]byte
	text, ok := v.text(buf[:0])
	if !ok || len(text) == 0 || text[0] > '9' { // an error of ParseFloat costs memory
		return 0, false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	return f, err == nil
}

// Bool returns the value as a boolean: of the boolean type (all that is not 0 is
// true), or of a text that is "true" or "false".
func (v Value) Bool() (value, ok bool) {
	if v.Type == TypeBool && len(v.Raw) == 4 {
		return rawUint(v.Raw) != 0, true
	}
	var buf [3 * maxShort]byte
	text, ok := v.text(buf[:0])
	switch string(text) {
	case "true":
		return true, ok
	case "false":
		return false, ok
	}
	return false, false
}

// Time returns the value as a time in UTC: of FILETIME (exact to 100 ns),
// SYSTEMTIME (1 ms), or a text in RFC 3339.
func (v Value) Time() (time.Time, bool) {
	switch {
	case v.Type == TypeFileTime && len(v.Raw) == 8:
		return fileTime(rawUint(v.Raw)), true
	case v.Type == TypeSysTime && len(v.Raw) == 16:
		f := func(i int) int { return u16(v.Raw, i) }
		return time.Date(f(0), time.Month(f(2)), f(6), f(8), f(10), f(12), f(14)*int(time.Millisecond), time.UTC), true
	}
	var buf [3 * maxShort]byte
	text, ok := v.text(buf[:0])
	if !ok {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, string(text))
	return t.UTC(), err == nil
}

// GUID returns the value as a GUID: of the type GUID, or of a text that is one,
// with or without braces.
func (v Value) GUID() (GUID, bool) {
	if v.Type == TypeGUID && len(v.Raw) == 16 {
		return GUID(v.Raw), true
	}
	var buf [3 * maxShort]byte
	text, ok := v.text(buf[:0])
	if !ok {
		return GUID{}, false
	}
	return readGUID(text)
}

// SID returns the value as a security identifier in its text form, S-1-5-18
// (MS-DTYP 2.4.2.1): of the type SID, or of a text that is one.
func (v Value) SID() (string, bool) {
	switch v.Type {
	case TypeSID:
		s := string(appendSID(nil, v.Raw))
		return s, s != ""
	case TypeString, TypeAnsiString:
		s := v.String()
		_, err := parseSID(s)
		return s, err == nil
	}
	return "", false
}

// Bytes returns the bytes of a binary value, in its memory.
func (v Value) Bytes() ([]byte, bool) { return v.Raw, v.Type == TypeBinary }

// Strings returns the items of an array, each as String does; of another value
// its one text, and of NULL nothing.
func (v Value) Strings() []string {
	switch {
	case v.IsNull():
		return nil
	case v.Type&TypeArray == 0:
		return []string{v.String()}
	}
	var all []string
	for item := range arrayItems(v.Type, v.Raw) {
		all = append(all, Value{v.Type.Base(), item, v.cp}.String())
	}
	return all
}

// Clone returns a copy of v that outlives its Record.
func (v Value) Clone() Value {
	v.Raw = slices.Clone(v.Raw)
	return v
}
