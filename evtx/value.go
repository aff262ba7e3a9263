package evtx

import (
	"encoding/binary"
	"math"
	"time"
)

// A ValueType is the type of a value in binary XML (section "Value types";
// MS-EVEN6 2.2.12, rule ValueType).
type ValueType uint8

// The value types. TypeArray is a flag on top of a type.
const (
	TypeNull       ValueType = 0x00
	TypeString     ValueType = 0x01 // UTF-16LE
	TypeAnsiString ValueType = 0x02 // in the code page of the machine that wrote it
	TypeInt8       ValueType = 0x03
	TypeUint8      ValueType = 0x04
	TypeInt16      ValueType = 0x05
	TypeUint16     ValueType = 0x06
	TypeInt32      ValueType = 0x07
	TypeUint32     ValueType = 0x08
	TypeInt64      ValueType = 0x09
	TypeUint64     ValueType = 0x0a
	TypeFloat32    ValueType = 0x0b // called Real32Type
	TypeFloat64    ValueType = 0x0c // called Real64Type
	TypeBool       ValueType = 0x0d // 32 bits; MS-EVEN6 says 8, logs hold 32
	TypeBinary     ValueType = 0x0e
	TypeGUID       ValueType = 0x0f
	TypeSizeT      ValueType = 0x10 // 32 or 64 bits, rendered in hexadecimal
	TypeFileTime   ValueType = 0x11 // 100 ns since 1601-01-01 UTC
	TypeSysTime    ValueType = 0x12 // SYSTEMTIME
	TypeSID        ValueType = 0x13
	TypeHexInt32   ValueType = 0x14
	TypeHexInt64   ValueType = 0x15
	TypeEvtHandle  ValueType = 0x20
	TypeBinXML     ValueType = 0x21
	TypeEvtXML     ValueType = 0x23 // XML as text, UTF-16LE
	TypeArray      ValueType = 0x80
)

// Base returns the type of an array's items, or t itself.
func (t ValueType) Base() ValueType { return t &^ TypeArray }

// A class is how a value takes part in rendering.
type class uint8

const (
	classNull   class = 1 << iota // nothing there
	classScalar                   // one value
	classArray                    // repeats the element around it
	classXML                      // nested binary XML
)

// A typeSpec holds what the format fixes for a type.
type typeSpec struct {
	class class
	item  int8  // of an array: bytes an item, 0 if delimited or self-described
	size  int16 // in bytes, or one of the rules below
}

const (
	sizeAny     = -1
	sizeWord    = -2
	sizeOfSID   = -3
	sizeNested  = -4 // any, but NULL if it is 0
	sizeItems   = -5 // a multiple of the item's
	sizeUnknown = -6
)

var typeSpecs = func() (specs [256]typeSpec) {
	for t := range specs {
		specs[t].size = sizeUnknown
	}
	for t, size := range map[ValueType]int16{
		TypeString: sizeAny, TypeAnsiString: sizeAny, TypeBinary: sizeAny, TypeEvtXML: sizeAny,
		TypeInt8: 1, TypeUint8: 1, TypeInt16: 2, TypeUint16: 2, TypeInt32: 4, TypeUint32: 4,
		TypeInt64: 8, TypeUint64: 8, TypeFloat32: 4, TypeFloat64: 8, TypeBool: 4, TypeGUID: 16,
		TypeSizeT: sizeWord, TypeEvtHandle: sizeWord, TypeFileTime: 8, TypeSysTime: 16,
		TypeSID: sizeOfSID, TypeHexInt32: 4, TypeHexInt64: 8,
	} {
		specs[t] = typeSpec{class: classScalar, size: size}
		switch {
		case t == TypeBinary || t == TypeEvtHandle || t == TypeEvtXML:
			// MS-EVEN6 3.1.4.7.5: these have no arrays.
		case size > 0:
			specs[t|TypeArray] = typeSpec{class: classArray, size: sizeItems, item: int8(size)}
		case size == sizeWord:
			specs[t|TypeArray] = typeSpec{class: classArray, size: sizeItems, item: 4}
		default:
			specs[t|TypeArray] = typeSpec{class: classArray, size: sizeAny}
		}
	}
	specs[TypeNull] = typeSpec{class: classNull, size: sizeAny}
	specs[TypeBinXML] = typeSpec{class: classXML, size: sizeNested}
	return specs
}()

// A value is a window into the chunk: where a value lies, and its type. It is
// packed into a word, as reading a record is mostly writing these: offset in
// 32 bits, size in 16, type in 8; and of a BinXml value in 8 bits the index
// into decoder.instances of what it holds, 0 if that is not known.
type value uint64

func newValue(off, size int, t ValueType) value {
	return value(off) | value(size)<<32 | value(t)<<48
}

func (v value) off() int            { return int(uint32(v)) }
func (v value) size() int           { return int(uint16(v >> 32)) }
func (v value) end() int            { return v.off() + v.size() }
func (v value) typ() ValueType      { return ValueType(v >> 48) }
func (v value) nested() int         { return int(v >> 56) }
func (v value) nesting(i int) value { return v&^(0xff<<56) | value(i)<<56 }

// maxNested is the highest index that fits.
const maxNested = 255

// class returns how v takes part in rendering; an empty BinXml value is NULL.
func (v value) class() class {
	if v.typ() == TypeBinXML && v.size() == 0 {
		return classNull
	}
	return typeSpecs[v.typ()].class
}

// A Value is one value of an event. It is valid as long as its Record.
type Value struct {
	Type ValueType
	Raw  []byte // little-endian, as stored
	cp   CodePage
}

// IsNull reports whether there is no value: an absent field, or NULL.
func (v Value) IsNull() bool { return v.Type == TypeNull }

// String returns the value as Windows renders it.
func (v Value) String() string { return string(v.AppendText(nil)) }

// AppendText appends the value as Windows renders it, in UTF-8: numbers in
// decimal, HexInt and SizeT as 0x1f, GUIDs in lower case and braces, times in
// UTC with seven decimals (three for SYSTEMTIME), binary in upper-case hex,
// SIDs as S-1-5-18. The items of an array are separated by commas.
func (v Value) AppendText(dst []byte) []byte {
	if v.Type&TypeArray == 0 {
		return appendScalarText(dst, v.Type, v.Raw, v.cp)
	}
	first := true
	for item := range arrayItems(v.Type, v.Raw) {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = appendScalarText(dst, v.Type.Base(), item, v.cp)
	}
	return dst
}

const (
	ticksPerSecond = 10_000_000
	// epochSeconds lie between 1601-01-01, where FILETIME counts from, and 1970-01-01.
	epochSeconds = 11_644_473_600
)

func fileTime(ticks uint64) time.Time {
	return time.Unix(int64(ticks/ticksPerSecond)-epochSeconds, int64(ticks%ticksPerSecond)*100).UTC()
}

// toFileTime is the inverse of fileTime; times before 1601 give 0, and times
// beyond its range the largest.
func toFileTime(t time.Time) uint64 {
	s := t.Unix() + epochSeconds
	if s < 0 {
		return 0
	}
	if uint64(s) > math.MaxUint64/ticksPerSecond-1 {
		return math.MaxUint64
	}
	return uint64(s)*ticksPerSecond + uint64(t.Nanosecond()/100)
}

// rawUint reads a little-endian integer of up to eight bytes.
func rawUint(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(b))
	case 4:
		return uint64(binary.LittleEndian.Uint32(b))
	case 8:
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}
