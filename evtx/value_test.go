package evtx

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"
)

func le(v any) []byte {
	b, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		panic(err)
	}
	return b
}

// TestValueText holds every type against Windows' own rendering (MS-EVEN6
// 3.1.4.7.3, and exports quoted in the trackers of other parsers).
func TestValueText(t *testing.T) {
	guid := []byte{0x25, 0x96, 0x84, 0x54, 0x78, 0x54, 0x94, 0x49, 0xa5, 0xba, 0x3e, 0x3b, 0x03, 0x28, 0xc3, 0x0d}
	sid := append([]byte{1, 2, 0, 0, 0, 0, 0, 5}, le([]uint32{32, 544})...)
	array := func(t ValueType) ValueType { return t | TypeArray }
	for _, tt := range []struct {
		typ  ValueType
		raw  []byte
		want string
	}{
		{TypeNull, nil, ""},
		{TypeNull, []byte{1, 2, 3}, ""}, // live logs keep bytes behind a NULL
		{TypeString, utf16le("gr\u00fc\u00df \U0001f600"), "gr\u00fc\u00df \U0001f600"},
		{TypeString, append(utf16le("a"), 0, 0), "a"},
		{TypeString, []byte{'a', 0, 'b'}, "a"},
		{TypeString, []byte{0x00, 0xd8}, "\ufffd"},
		{TypeAnsiString, []byte("caf\xe9 \x80\x00"), "caf\u00e9 \u20ac"},
		{TypeInt8, le(int8(-5)), "-5"},
		{TypeUint8, le(uint8(200)), "200"},
		{TypeInt16, le(int16(-300)), "-300"},
		{TypeUint16, le(uint16(65535)), "65535"},
		{TypeInt32, le(int32(math.MinInt32)), "-2147483648"},
		{TypeUint32, le(uint32(1000000)), "1000000"},
		{TypeInt64, le(int64(math.MinInt64)), "-9223372036854775808"},
		{TypeUint64, le(uint64(math.MaxUint64)), "18446744073709551615"},
		{TypeFloat32, le(float32(1.5)), "1.5"},
		{TypeFloat64, le(3199.234), "3199.234"},
		{TypeFloat64, le(math.Inf(-1)), "-INF"},
		{TypeFloat64, le(math.NaN()), "NaN"},
		{TypeBool, le(uint32(0)), "false"},
		{TypeBool, le(uint32(0xffffffff)), "true"},
		{TypeBinary, []byte{0xd9, 0x06, 0}, "D90600"},
		{TypeGUID, guid, "{54849625-5478-4994-a5ba-3e3b0328c30d}"},
		{TypeSizeT, le(uint32(0x7eec)), "0x7eec"},
		{TypeSizeT, le(uint64(1) << 40), "0x10000000000"},
		{TypeFileTime, le(uint64(133393447931802522)), "2023-09-16T13:33:13.1802522Z"},
		{TypeFileTime, le(uint64(0)), "1601-01-01T00:00:00.0000000Z"},
		{TypeFileTime, le(uint64(131277888000000000)), "2017-01-02T00:00:00.0000000Z"},
		{TypeFileTime, le(uint64(math.MaxUint64)), "60056-05-28T05:36:10.9551615Z"},
		{TypeSysTime, le([]uint16{2017, 5, 4, 4, 9, 12, 33, 7}), "2017-05-04T09:12:33.007Z"},
		{TypeSID, sid, "S-1-5-32-544"},
		{TypeSID, []byte{1, 0, 0xff, 0, 0, 0, 0, 1}, "S-1-0xff0000000001"},
		{TypeHexInt32, le(uint32(0)), "0x0"},
		{TypeHexInt64, le(uint64(0x8000000000000000)), "0x8000000000000000"},
		{TypeEvtHandle, le(uint32(31)), "0x1f"},
		{TypeEvtXML, utf16le("<a/>"), "<a/>"},
		{array(TypeString), append(append(utf16le("a"), 0, 0, 0, 0), utf16le("b")...), "a,,b"},
		{array(TypeAnsiString), []byte("a\x00b\x00"), "a,b"},
		{array(TypeUint16), le([]uint16{1, 2}), "1,2"},
		{array(TypeBool), le([]uint32{1, 0}), "true,false"},
		{array(TypeGUID), append(slices.Clone(guid), guid...), "{54849625-5478-4994-a5ba-3e3b0328c30d},{54849625-5478-4994-a5ba-3e3b0328c30d}"},
		{array(TypeSID), append(slices.Clone(sid), sid...), "S-1-5-32-544,S-1-5-32-544"},
		{array(TypeFileTime), le([]uint64{0}), "1601-01-01T00:00:00.0000000Z"},
		{array(TypeHexInt32), le([]uint32{10, 11}), "0xa,0xb"},
		{array(TypeSizeT), le([]uint32{1, 2, 3}), "0x1,0x2,0x3"},
		{array(TypeFloat32), le([]float32{0.5, -1}), "0.5,-1"},
	} {
		if got := (Value{Type: tt.typ, Raw: tt.raw}).String(); got != tt.want {
			t.Errorf("type 0x%02x % x: %q, want %q", tt.typ, tt.raw, got, tt.want)
		}
	}
}

// TestEveryTypeHasASpec fails for a type that is named but not specified.
func TestEveryTypeHasASpec(t *testing.T) {
	for typ := TypeNull; typ <= TypeHexInt64; typ++ {
		if typeSpecs[typ].class == 0 {
			t.Errorf("type 0x%02x has no spec", uint8(typ))
		}
	}
}

// TestFileTimeText compares our own calendar with package time's.
func TestFileTimeText(t *testing.T) {
	for day := range uint64(400*366 + 700) {
		ticks := day*864_000_000_000 + day%86400*ticksPerSecond + day%ticksPerSecond
		got := string(appendFileTime(nil, ticks))
		if want := fileTime(ticks).Format("2006-01-02T15:04:05.0000000Z"); got != want {
			t.Fatalf("%d: %s, want %s", ticks, got, want)
		}
	}
}

func TestValueNumbersAndTimes(t *testing.T) {
	for _, tt := range []struct {
		v    Value
		want uint64
		ok   bool
	}{
		{Value{Type: TypeUint16, Raw: le(uint16(401))}, 401, true},
		{Value{Type: TypeInt8, Raw: le(int8(-1))}, math.MaxUint64, true},
		{Value{Type: TypeString, Raw: utf16le("4625")}, 4625, true},
		{Value{Type: TypeString, Raw: utf16le("0x80000000000000")}, 0x80000000000000, true},
		{Value{Type: TypeString, Raw: utf16le("many")}, 0, false},
		{Value{}, 0, false},
	} {
		if got, ok := tt.v.Uint(); got != tt.want || ok != tt.ok {
			t.Errorf("%v: %d, %v", tt.v, got, ok)
		}
	}
	want := time.Date(2021, 11, 19, 16, 52, 33, 833733500, time.UTC)
	for _, v := range []Value{
		{Type: TypeFileTime, Raw: le(toFileTime(want))},
		{Type: TypeString, Raw: utf16le("2021-11-19T16:52:33.833733500Z")},
	} {
		if got, ok := v.Time(); !ok || !got.Equal(want) {
			t.Errorf("%v: %v", v, got)
		}
	}
}

// TestTranscoding compares the stepwise transcoders with one character at a
// time, for texts that break off the fast path at every place of a word.
func TestTranscoding(t *testing.T) {
	for _, odd := range []string{"\"", "\\", "\n", "\x00", "\x1f", "\x7f", "\u0080", "\u07ff", "\u0800", "\uffff", "\U0001f600",
		"&", "<", ">", "'", "\r"} {
		for before := range 10 {
			for after := range 10 {
				s := "0123456789"[:before] + odd + "abcdefghij"[:after]
				raw := utf16le(s)
				if got := string(appendUTF8(nil, raw)); got != s {
					t.Fatalf("UTF-8 of %q: %q", s, got)
				}
				for _, e := range []*escaping{&jsonEscaping, &xmlEscaping, &attrEscaping} {
					want := string(e.appendUTF8(nil, []byte(s)))
					if got := string(e.appendUTF16(nil, raw)); got != want {
						t.Fatalf("escaping %q: %q, want %q", s, got, want)
					}
				}
			}
		}
	}
}
