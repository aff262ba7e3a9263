package evtx

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// This file turns values into the text that Windows shows for them
// (MS-EVEN6 3.1.4.7.3). To add a value type: its spec in value.go, its text
// here.

// appendScalarText appends a single value as UTF-8, without escaping.
func appendScalarText(dst []byte, t ValueType, raw []byte, cp CodePage) []byte {
	switch t {
	case TypeString, TypeEvtXML:
		return appendUTF8(dst, trimString(raw))
	case TypeAnsiString:
		return cp.decode(dst, trimAnsi(raw))
	}
	return appendPlain(dst, t, raw)
}

// isText reports whether values of type t need escaping; all other types
// render to letters, digits and harmless punctuation.
func isText(t ValueType) bool {
	return t == TypeString || t == TypeAnsiString || t == TypeEvtXML
}

// isBare reports whether values of type t are numbers or booleans in JSON.
func isBare(t ValueType) bool {
	return t >= TypeInt8 && t <= TypeUint64 || t == TypeBool
}

// appendPlain appends a value of a type for which isText is false. An empty
// or impossible value appends nothing.
func appendPlain(dst []byte, t ValueType, raw []byte) []byte {
	if len(raw) == 0 {
		return dst
	}
	switch t {
	case TypeInt8, TypeInt16, TypeInt32, TypeInt64:
		n, _ := Value{Type: t, Raw: raw}.Uint()
		return strconv.AppendInt(dst, int64(n), 10)
	case TypeSizeT, TypeEvtHandle:
		return appendHex(dst, rawUint(raw))
	case TypeBool:
		return strconv.AppendBool(dst, rawUint(raw) != 0)
	case TypeBinary:
		return appendBinary(dst, raw)
	case TypeSysTime:
		return appendSysTime(dst, raw)
	case TypeFloat32:
		return appendFloat(dst, float64(math.Float32frombits(uint32(rawUint(raw)))), 32)
	case TypeFloat64:
		return appendFloat(dst, math.Float64frombits(rawUint(raw)), 64)
	}
	return appendFrequent(dst, t, raw)
}

// appendFrequent is appendPlain for the types that most values are of, of any other
// it appends nothing.
func appendFrequent(dst []byte, t ValueType, raw []byte) []byte {
	switch t {
	case TypeUint8, TypeUint16, TypeUint32, TypeUint64:
		if len(raw) > 0 {
			return appendUint(dst, rawUint(raw))
		}
	case TypeHexInt32, TypeHexInt64:
		if len(raw) > 0 {
			return appendHex(dst, rawUint(raw))
		}
	case TypeGUID:
		return appendGUID(dst, raw)
	case TypeFileTime:
		if len(raw) == 8 {
			return appendFileTime(dst, binary.LittleEndian.Uint64(raw))
		}
	case TypeSID:
		return appendSID(dst, raw)
	}
	return dst
}

const (
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
	// digitPairs is 00 to 99 in a row.
	digitPairs = "00010203040506070809" + "10111213141516171819" + "20212223242526272829" +
		"30313233343536373839" + "40414243444546474849" + "50515253545556575859" +
		"60616263646566676869" + "70717273747576777879" + "80818283848586878889" +
		"90919293949596979899"
)

// hexPairs is the two lower-case digits of each byte, the first in the low byte.
var hexPairs = func() (pairs [256]uint16) {
	for c := range pairs {
		pairs[c] = uint16(lowerHex[c>>4]) | uint16(lowerHex[c&15])<<8
	}
	return pairs
}()

// powersOf10 is 1, 10, 100 … up to the largest of 64 bits.
var powersOf10 = func() (powers [20]uint64) {
	p := uint64(1)
	for i := range powers {
		powers[i] = p
		p *= 10
	}
	return powers
}()

// appendUint is strconv.AppendUint for the small numbers that events hold.
func appendUint(dst []byte, n uint64) []byte {
	switch {
	case n < 10:
		return append(dst, '0'+byte(n))
	case n < 100:
		return append(dst, digitPairs[2*n], digitPairs[2*n+1])
	case n < 1000:
		r := 2 * (n % 100)
		return append(dst, '0'+byte(n/100), digitPairs[r], digitPairs[r+1])
	case n < 10000:
		q, r := 2*(n/100), 2*(n%100)
		return append(dst, digitPairs[q], digitPairs[q+1], digitPairs[r], digitPairs[r+1])
	}
	// 1233/4096 is a little less than the logarithm of 2: at most one digit is missing.
	digits := bits.Len64(n)*1233>>12 + 1
	if n < powersOf10[digits-1] {
		digits--
	}
	dst = slices.Grow(dst, digits)
	b := dst[len(dst) : len(dst)+digits]
	for len(b) >= 2 {
		q := n / 100
		r := 2 * (n - 100*q)
		b[len(b)-2], b[len(b)-1] = digitPairs[r], digitPairs[r+1]
		b = b[:len(b)-2]
		n = q
	}
	if len(b) > 0 {
		b[0] = '0' + byte(n)
	}
	return dst[:len(dst)+digits]
}

// appendHex appends n as 0x and lower-case digits without leading zeros.
func appendHex(dst []byte, n uint64) []byte {
	digits := (max(bits.Len64(n), 1) + 3) / 4
	var b [18]byte
	for i := range 8 {
		binary.LittleEndian.PutUint16(b[2+2*i:], hexPairs[byte(n>>(56-8*i))])
	}
	i := len(b) - 2 - digits
	b[i], b[i+1] = '0', 'x'
	return append(dst, b[i:]...)
}

func appendBinary(dst, raw []byte) []byte {
	for _, c := range raw {
		dst = append(dst, upperHex[c>>4], upperHex[c&15])
	}
	return dst
}

// appendGUID appends {01234567-89ab-cdef-0123-456789abcdef}; the first three
// fields are little-endian.
func appendGUID(dst, raw []byte) []byte {
	if len(raw) != 16 {
		return dst
	}
	dst = slices.Grow(dst, 38)
	b := (*[38]byte)(dst[len(dst) : len(dst)+38])
	b[0], b[9], b[14], b[19], b[24], b[37] = '{', '-', '-', '-', '-', '}'
	put := func(at int, c byte) { binary.LittleEndian.PutUint16(b[at:], hexPairs[c]) }
	put(1, raw[3])
	put(3, raw[2])
	put(5, raw[1])
	put(7, raw[0])
	put(10, raw[5])
	put(12, raw[4])
	put(15, raw[7])
	put(17, raw[6])
	put(20, raw[8])
	put(22, raw[9])
	put(25, raw[10])
	put(27, raw[11])
	put(29, raw[12])
	put(31, raw[13])
	put(33, raw[14])
	put(35, raw[15])
	return dst[:len(dst)+38]
}

func sidSize(raw []byte) int { return 8 + 4*int(raw[1]) }

// appendSID appends a SID in the form of MS-DTYP 2.4.2.1: the authority in
// decimal, or in hexadecimal from 2^32.
func appendSID(dst, raw []byte) []byte {
	if len(raw) < 8 || len(raw) < sidSize(raw) {
		return dst
	}
	dst = append(dst, 'S', '-')
	dst = appendUint(dst, uint64(raw[0]))
	dst = append(dst, '-')
	authority := uint64(binary.BigEndian.Uint32(raw[4:])) | uint64(binary.BigEndian.Uint16(raw[2:]))<<32
	if authority < 1<<32 {
		dst = appendUint(dst, authority)
	} else {
		dst = appendHex(dst, authority)
	}
	for sub := raw[8:sidSize(raw)]; len(sub) > 0; sub = sub[4:] {
		dst = append(dst, '-')
		dst = appendUint(dst, uint64(binary.LittleEndian.Uint32(sub)))
	}
	return dst
}

func appendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case math.IsInf(f, 1):
		return append(dst, "INF"...) // the lexical forms of xs:double
	case math.IsInf(f, -1):
		return append(dst, "-INF"...)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, bits)
}

// appendSysTime appends a SYSTEMTIME (section "Systemtime") field by field: a
// value that is no date is shown as it is.
func appendSysTime(dst, raw []byte) []byte {
	if len(raw) != 16 {
		return dst
	}
	field := func(o, width int, before byte) {
		if before != 0 {
			dst = append(dst, before)
		}
		n := u16(raw, o)
		for limit := 10; width > 1; width-- {
			if n < limit {
				dst = append(dst, '0')
			}
			limit *= 10
		}
		dst = appendUint(dst, uint64(n))
	}
	field(0, 4, 0)
	field(2, 2, '-')
	field(6, 2, '-')
	field(8, 2, 'T')
	field(10, 2, ':')
	field(12, 2, ':')
	field(14, 3, '.')
	return append(dst, 'Z')
}

// daysBefore is the number of days before each month of a year that is no
// leap year.
var daysBefore = [13]uint16{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

// civil returns the date of a day counted from 1601-01-01, the first day of a
// 400-year cycle, which keeps the arithmetic to divisions by constants.
func civil(day uint64) (year, month, dom uint64) {
	const cycle, century, olympiad = 146097, 36524, 1461
	year = 1601 + 400*(day/cycle)
	day %= cycle
	c := min(day/century, 3)
	year += 100 * c
	day -= c * century
	year += 4 * (day / olympiad)
	day %= olympiad
	y := min(day/365, 3)
	year += y
	day -= y * 365
	leap := uint64(0)
	if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		leap = 1
	}
	month = day/32 + 1 // never past the month, and at most one short of it
	for month < 12 {
		before := uint64(daysBefore[month])
		if month >= 2 {
			before += leap
		}
		if day < before {
			break
		}
		month++
	}
	before := uint64(daysBefore[month-1])
	if month > 2 {
		before += leap
	}
	return year, month, day - before + 1
}

// appendFileTime appends 2006-01-02T15:04:05.0000000Z.
func appendFileTime(dst []byte, ticks uint64) []byte {
	seconds := ticks / ticksPerSecond
	fraction := ticks % ticksPerSecond
	day := seconds / 86400
	seconds %= 86400
	year, month, dom := civil(day)
	if year > 9999 {
		dst = appendUint(dst, year/10000)
		year %= 10000
	}
	dst = slices.Grow(dst, 28)
	b := (*[28]byte)(dst[len(dst) : len(dst)+28])
	b[4], b[7], b[10], b[13], b[16], b[19], b[27] = '-', '-', 'T', ':', ':', '.', 'Z'
	pair := func(at int, n uint64) { b[at], b[at+1] = digitPairs[2*n], digitPairs[2*n+1] }
	pair(0, year/100)
	pair(2, year%100)
	pair(5, month)
	pair(8, dom)
	pair(11, seconds/3600)
	pair(14, seconds/60%60)
	pair(17, seconds%60)
	pair(20, fraction/100000)
	pair(22, fraction/1000%100)
	pair(24, fraction/10%100)
	b[26] = '0' + byte(fraction%10)
	return dst[:len(dst)+28]
}
