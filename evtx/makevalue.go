package evtx

import (
	"encoding/binary"
	"math"
	"strings"
	"time"
)

// The functions below make Values, for events to write and for Writer.Edit. For
// a type that none of them makes, set Type and Raw: Value{Type: TypeUint16, Raw: …}.

// StringValue returns s as a Value of TypeString. What is no UTF-8 in it becomes
// U+FFFD.
func StringValue(s string) Value { return Value{Type: TypeString, Raw: encodeUTF16(nil, s)} }

// StringsValue returns an array of strings, which an event shows as one element
// for each. A NUL ends an item in the file: in s it becomes U+FFFD. No string at
// all makes NULL.
func StringsValue(s ...string) Value {
	if len(s) == 0 {
		return Value{}
	}
	v := Value{Type: TypeString | TypeArray}
	for _, item := range s {
		v.Raw = append(encodeUTF16(v.Raw, strings.ReplaceAll(item, "\x00", "\ufffd")), 0, 0)
	}
	return v
}

// IntValue returns n as a Value of TypeInt64.
func IntValue(n int64) Value {
	return Value{Type: TypeInt64, Raw: binary.LittleEndian.AppendUint64(nil, uint64(n))}
}

// UintValue returns n as a Value of TypeUint64.
func UintValue(n uint64) Value {
	return Value{Type: TypeUint64, Raw: binary.LittleEndian.AppendUint64(nil, n)}
}

// HexValue returns n as a Value of TypeHexInt64, which reads as 0x1f.
func HexValue(n uint64) Value {
	return Value{Type: TypeHexInt64, Raw: binary.LittleEndian.AppendUint64(nil, n)}
}

// FloatValue returns f as a Value of TypeFloat64.
func FloatValue(f float64) Value {
	return Value{Type: TypeFloat64, Raw: binary.LittleEndian.AppendUint64(nil, math.Float64bits(f))}
}

// BoolValue returns b as a Value of TypeBool.
func BoolValue(b bool) Value {
	v := Value{Type: TypeBool, Raw: make([]byte, 4)}
	if b {
		v.Raw[0] = 1
	}
	return v
}

// TimeValue returns t as a Value of TypeFileTime, to 100 ns. A time before 1601
// becomes the start of that year.
func TimeValue(t time.Time) Value {
	return Value{Type: TypeFileTime, Raw: binary.LittleEndian.AppendUint64(nil, toFileTime(t))}
}

// GUIDValue returns g as a Value of TypeGUID.
func GUIDValue(g GUID) Value { return Value{Type: TypeGUID, Raw: g[:]} }

// SIDValue returns a SID in its text form (S-1-5-18) as a Value of TypeSID; ok is
// false for what is none.
func SIDValue(s string) (v Value, ok bool) {
	raw, err := parseSID(s)
	return Value{Type: TypeSID, Raw: raw}, err == nil
}

// BytesValue returns b, which is kept, as a Value of TypeBinary. Nothing at all
// makes NULL.
func BytesValue(b []byte) Value {
	if len(b) == 0 {
		return Value{}
	}
	return Value{Type: TypeBinary, Raw: b}
}
